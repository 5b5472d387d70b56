"""What the live part is told once, at its start; without it the stage would read settings itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from accessibility.caption_desk import CaptionDesk
from accessibility.speaking import Voice
from streaming import Relays

KIOSK: Final = "kiosk-"


@dataclass(frozen=True, slots=True)
class LivePlan:
    """What the settings say about the live part. No hosts: this machine's own addresses. `folder` is for files made while it runs.

    `captions` writes down what is said; `free_speech`: its ears know words nobody foresaw, so any room may be captioned; otherwise only
    the sample is, as a trial.
    """

    port: int = 0
    hosts: Sequence[str] = ()
    relays: Relays = field(default_factory=Relays)
    sample: bool = True
    folder: Path = Path("var/live")
    voice: Voice | None = None
    captions: CaptionDesk | None = None
    free_speech: bool = False
    workers: int = 0


def in_the_open(room: str) -> bool:
    """Whether many may watch a room: not one for a single speaker (with a dot), nor one in which the program talks with one person."""
    return "." not in room and not room.startswith(KIOSK)
