"""Cuts a stream of sound where people pause; without it a recogniser would get half words, or wait for the end of the festival."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from .telegraph import Sound

RATE: Final = 16_000
HOP: Final = RATE // 50
LOUD: Final = 300.0  # RMS of 16-bit samples; softer is the room's own noise
PAUSE_S: Final = 0.5
LONGEST_S: Final = 12.0
SHORTEST_S: Final = 0.4
BEFORE_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said between two pauses, on the day's clock, as 16 kHz mono."""

    start: float
    end: float
    samples: bytes

    def as_wav(self) -> bytes:
        file = io.BytesIO()
        with wave.open(file, "wb") as written:
            written.setnchannels(1)
            written.setsampwidth(2)
            written.setframerate(RATE)
            written.writeframes(self.samples)
        return file.getvalue()


class Cutter:
    """Sound in as it comes, utterances out at each pause; a very long one is cut where it is."""

    def __init__(self) -> None:
        self._rest = b""
        self._kept = bytearray()
        self._loud_hops, self._quiet_hops = 0, 0
        self._end = 0.0

    def add(self, sound: Sound) -> Iterator[Utterance]:
        self._end = sound.at
        pending = self._rest + sound.samples
        size = 2 * HOP
        whole = len(pending) // size * size
        self._rest = pending[whole:]
        for at in range(0, whole, size):
            yield from self._hop(pending[at : at + size])

    def _hop(self, hop: bytes) -> Iterator[Utterance]:
        level = float(np.sqrt(np.mean(np.frombuffer(hop, dtype="<i2").astype(np.float64) ** 2)))
        self._kept += hop
        if level > LOUD:
            self._loud_hops, self._quiet_hops = self._loud_hops + 1, 0
        else:
            self._quiet_hops += 1
        if not self._loud_hops:
            del self._kept[: -int(2 * RATE * BEFORE_S)]
        elif self._quiet_hops * HOP >= PAUSE_S * RATE or len(self._kept) >= 2 * RATE * LONGEST_S:
            yield from self._cut()

    def _cut(self) -> Iterator[Utterance]:
        samples, spoken = bytes(self._kept), self._loud_hops * HOP / RATE
        self._kept.clear()
        self._loud_hops = self._quiet_hops = 0
        if spoken >= SHORTEST_S:
            yield Utterance(self._end - len(samples) / 2 / RATE, self._end, samples)
