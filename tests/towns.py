"""The demo town and what understands it, read once for all stories of a worker that only look at them: each reading takes a second."""

from __future__ import annotations

from functools import cache

from inclusion.municipalities import Town, load_town
from inclusion.understanding import Understanding


@cache
def demo_town() -> Town:
    return load_town("chiyoda")


@cache
def town_understood() -> Understanding:
    """Keeps nothing of what it is asked; who teaches it gets another (`learnt` returns a new one)."""
    return Understanding.of(demo_town())
