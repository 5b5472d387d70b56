"""Writes down what is said in a room and shows it large; without it who hears badly would be left out of the festival.

The ears are those of the whole platform, in a process of their own: a slow one makes captions late, never the picture. Ears that know a
closed vocabulary only are not let near free speech: they would write nonsense with confidence.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from accessibility.hearing import Heard, HearingError
from streaming import CaptionLog
from streaming.telegraph import Sound
from streaming.utterances import Cutter, Utterance

MOST_WAITING: Final = 4  # utterances behind the ears; older ones are dropped: captions a minute late help nobody
LEAST_SURE: Final = 0.5


class WritesDown(Protocol):
    """What captions need of `accessibility.hearing.Ears`."""

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard: ...


@dataclass(frozen=True, slots=True)
class CaptionState:
    """`on`: lines will come. `trial`: they come from ears that know few words, and the page says so."""

    on: bool = False
    trial: bool = False


class Captioner:
    """One room's. `take` is called with the sound as it comes; `run` writes until cancelled."""

    def __init__(self, ears: WritesDown, lines: CaptionLog) -> None:
        self.lines = lines
        self._ears, self._cutter = ears, Cutter()
        self._waiting: asyncio.Queue[Utterance] = asyncio.Queue(MOST_WAITING)
        self.dropped = 0

    def take(self, sound: Sound) -> None:
        for utterance in self._cutter.add(sound):
            if self._waiting.full():
                self._waiting.get_nowait()
                self.dropped += 1
            self._waiting.put_nowait(utterance)

    async def run(self) -> None:
        while True:
            utterance = await self._waiting.get()
            with suppress(HearingError):  # music, a cough, ears that are away: no line
                heard = await asyncio.to_thread(self._ears.hear, utterance.as_wav())
                if heard.text and heard.confidence >= LEAST_SURE:
                    self.lines.add(utterance.start, utterance.end, heard.text)
