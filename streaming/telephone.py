"""A talk with the program itself: one person's voice comes in as sound, the program's goes out; without it WebRTC would only carry people.

The two directions are two rooms of the house, so everything else (one port, address changes, tickets) is as for everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from numpy.typing import NDArray

from .answers import Medium
from .house import House
from .matching import SOUND
from .packets import Arrived, Outgoing
from .reports import Kind, SenderReport
from .room import Room

Samples = NDArray[np.float32]
OUT_RATE: Final = 48_000
IN_RATE: Final = 16_000
FRAME: Final = OUT_RATE // 50
FRAME_S: Final = 0.02
SILENCE: Final = b"\xf8\xff\xfe"  # Opus: 20 ms of nothing (RFC 6716, the shortest whole packet of that length)
LONGEST_GAP_S: Final = 0.2
CATCH_UP_FRAMES: Final = 10


class Mouth:
    """The source of a room, speaking what it is given; between words it sends silence, so that the line stays open."""

    def __init__(self, house: House, room_name: str) -> None:
        self._house, self.live = house, True
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self._encoder: Any = None
        self._number, self._began = 0, house.clock()
        self._room: Room = house.play(room_name, self, {"audio": Medium(SOUND)})

    @property
    def speaking(self) -> bool:
        return self._waiting.size > 0

    @property
    def heard_by_somebody(self) -> bool:
        return any(peer.keys is not None for peer in self._room.viewers)

    def say(self, sound: Samples, rate: int) -> None:
        """Mono, -1 to 1; said after what is being said."""
        if OUT_RATE % rate:
            raise ValueError(f"Sound of {rate} samples a second cannot be brought to {OUT_RATE} evenly.")
        times = OUT_RATE // rate
        places = np.arange(sound.size * times) / times
        finer = np.interp(places, np.arange(sound.size), sound).astype(np.float32)
        self._waiting = np.concatenate([self._waiting, finer])

    def hush(self) -> None:
        """Somebody began to speak: stop in the middle of the word."""
        self._waiting = np.zeros(0, dtype=np.float32)

    async def run(self) -> None:
        while self.live:
            self.step()
            await asyncio.sleep(FRAME_S / 2)

    def step(self) -> None:
        """Send every frame that is due. After a long pause of the whole process the lost time is left out, not rushed through."""
        due = int((self._house.clock() - self._began) / FRAME_S)
        if due - self._number > CATCH_UP_FRAMES:
            self._began += (due - self._number - 1) * FRAME_S
            due = self._number + 1
        while self._number < due:
            number = self._number
            arrived = Arrived(number & 0xFFFF, number * FRAME & 0xFFFFFFFF, 0, self._frame())
            self._room.pass_on("audio", arrived, self._house.clock())
            self._number += 1
        self._room.flush(self._house.clock())

    def ask_picture(self, now: float, layer: int = 0) -> None:
        """A voice has no picture."""

    def ask_missing(self, now: float) -> None:
        """Nothing gets lost inside the program."""

    def report(self, now: float) -> None:
        """Nobody to report to."""

    def clock_of(self, kind: Kind, layer: int = 0) -> tuple[SenderReport, float] | None:
        return None

    def close(self) -> None:
        if self.live:
            self.live = False
            self._room.leave_stage(self, self._house.clock())

    def _frame(self) -> bytes:
        """The next 20 ms as Opus. Each stretch of words has an encoder of its own: one that holds the last would begin with its end."""
        if not self.speaking:
            self._encoder = None
            return SILENCE
        self._encoder = self._encoder or _encoder()
        frame = av.AudioFrame.from_ndarray(self._next_samples()[None, :], format="flt", layout="mono")
        frame.sample_rate = OUT_RATE
        return b"".join(bytes(packet) for packet in self._encoder.encode(frame)) or SILENCE

    def _next_samples(self) -> Samples:
        """Filled up with silence where the words end within it."""
        taken, self._waiting = self._waiting[:FRAME], self._waiting[FRAME:]
        return np.pad(taken, (0, FRAME - taken.size))


class Hearing:
    """What one person says into a room, as 16 kHz mono. `take` is a room's listener; what comes too late is left out."""

    def __init__(self, on_sound: Callable[[Samples], None]) -> None:
        self._on_sound = on_sound
        self._decoder = AudioCodecContext.create("libopus", "r")
        self._decoder.sample_rate, self._decoder.layout = OUT_RATE, "mono"
        self._resampler = av.AudioResampler("flt", "mono", IN_RATE)
        self._next: int | None = None

    def take(self, kind: Kind, packet: Outgoing) -> None:
        if kind != "audio" or (self._next is not None and packet.index < self._next):
            return
        lost = 0 if self._next is None else packet.index - self._next
        self._next = packet.index + 1
        if lost:
            self._on_sound(np.zeros(int(min(lost * FRAME_S, LONGEST_GAP_S) * IN_RATE), dtype=np.float32))
        for samples in self._decoded(packet.payload):
            self._on_sound(samples)

    def _decoded(self, payload: bytes) -> Iterator[Samples]:
        """Nothing where it is no Opus."""
        try:
            frames = self._decoder.decode(av.Packet(payload))
        except av.FFmpegError:
            return
        for frame in frames:
            frame.pts = None
            for part in self._resampler.resample(frame):
                yield part.to_ndarray()[0].astype(np.float32)


def _encoder() -> Any:
    encoder = AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = OUT_RATE, "mono", "flt", 32_000
    encoder.options = {"application": "voip", "frame_duration": "20"}
    return encoder
