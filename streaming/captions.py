"""What was said, as timed lines that pages follow and films carry; without it who hears badly would see lips move.

Lines are numbered, so that a page that lost its connection is given what it missed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .gathering import Bell

REMEMBERED: Final = 400


@dataclass(frozen=True, slots=True)
class Caption:
    """One line, in seconds on the day's clock. Not `final`: more words may follow; those that are there stay."""

    number: int
    start: float
    end: float
    text: str
    final: bool = True


class CaptionLog:
    """A room's lines, the newest last. `coming` is the line that is being said."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.coming: Caption | None = None
        self._lines: deque[Caption] = deque(maxlen=REMEMBERED)
        self._count = 0

    def add(self, start: float, end: float, text: str) -> Caption:
        self._count += 1
        line = Caption(self._count, start, end, text)
        self._lines.append(line)
        self.coming = None
        self.bell.ring()
        return line

    def coming_is(self, start: float, end: float, text: str) -> None:
        """So much of the next line is settled already."""
        self.coming = Caption(self._count + 1, start, end, text, final=False)
        self.bell.ring()

    def since(self, number: int) -> Sequence[Caption]:
        """Lines after this number. A number from before a restart gets everything there is."""
        return [line for line in self._lines if line.number > (number if number <= self._count else 0)]

    @property
    def newest(self) -> int:
        return self._count


def as_webvtt(lines: Iterable[Caption], zero: float) -> str:
    """WebVTT with times counted from `zero`; what was said before it is left out."""
    cues = [f"{_time(line.start - zero)} --> {_time(line.end - zero)}\n{_safe(line.text)}\n" for line in lines if line.end > zero]
    return "\n".join(["WEBVTT\n", *cues])


def _time(seconds: float) -> str:
    whole = max(round(seconds * 1000), 0)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def _safe(text: str) -> str:
    return " ".join(text.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "→").split())
