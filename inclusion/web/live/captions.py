"""Writes down what is said in a room and shows it large; without it who hears badly would be left out of the festival.

The ears are a process for captions alone: a slow or stuck one costs lines, never a packet and never the answer to somebody's question.
Ears that know a closed vocabulary only are not let near free speech: they would write nonsense with confidence.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import numpy as np

from accessibility.caption_desk import CaptionDesk, TimedCaption
from streaming import CaptionLog
from streaming.telegraph import Sound


@dataclass(frozen=True, slots=True)
class CaptionState:
    """`on`: lines will come. `trial`: they come from ears that know few words, and the page says so."""

    on: bool = False
    trial: bool = False


class RoomCaptions:
    """One room's. `take` is called with the sound as it comes, on the event loop, and returns at once."""

    def __init__(self, desk: CaptionDesk, lines: CaptionLog) -> None:
        self.lines = lines
        self._loop = asyncio.get_running_loop()
        self._feed = desk.open(self._heard)

    def take(self, sound: Sound) -> None:
        self._feed.give(sound.at, np.frombuffer(sound.samples, dtype="<i2").astype(np.float32) / np.float32(32768))

    def close(self) -> None:
        self._feed.close()

    def _heard(self, caption: TimedCaption) -> None:
        """In the desk's thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._write, caption)

    def _write(self, caption: TimedCaption) -> None:
        if caption.done:
            self.lines.add(caption.start, caption.end, caption.text)
        else:
            self.lines.coming_is(caption.start, caption.end, caption.text)
