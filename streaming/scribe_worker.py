"""The process beside a room: writes HLS and recordings and hands on the sound; without it all that work would delay packets.

Started by scribe.py as `python -m streaming.scribe_worker`; it ends when its input does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import av
from av.audio.codeccontext import AudioCodecContext

from . import hls, recording, telegraph
from .assembling import Assembler, Unit
from .muxing import Container
from .reports import Kind
from .telegraph import Passed

RATES: Final[Mapping[Kind, int]] = {"video": 90_000, "audio": 48_000}
HEARD_RATE: Final = 16_000


class Clock:
    """A stream's timestamps in seconds since the first packet of all came."""

    def __init__(self) -> None:
        self._zero: float | None = None
        self._offsets: dict[Kind, float] = {}

    def seconds(self, unit: Unit, at: float) -> float:
        if self._zero is None:
            self._zero = at
        own = unit.ticks / RATES[unit.kind]
        return own + self._offsets.setdefault(unit.kind, at - self._zero - own)

    @property
    def began(self) -> float:
        return self._zero or 0.0


class Listening:
    """Opus as 16 kHz for the ears."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._decoder = AudioCodecContext.create("libopus", "r")
        self._decoder.sample_rate, self._decoder.layout = 48_000, "mono"
        self._even = av.AudioResampler("s16", "mono", HEARD_RATE)

    def take(self, unit: Unit, at: float) -> None:
        try:
            frames = self._decoder.decode(av.Packet(unit.data))
        except av.FFmpegError:
            return
        for frame in frames:
            frame.pts = None
            for part in self._even.resample(frame):
                self._out.write(telegraph.of_sound(at, bytes(part.planes[0])[: 2 * part.samples]))
        self._out.flush()


class Worker:
    """What one scribe does, as its orders come: HLS, a recording, listening."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._codecs: Mapping[str, str] = {}
        self._assemblers: dict[Kind, Assembler] = {}
        self._clock = Clock()
        self._outputs: dict[str, tuple[Container, float | None]] = {}
        self._listening: Listening | None = None

    def obey(self, order: Mapping[str, Any]) -> None:
        if "codecs" in order:
            self._codecs = order["codecs"]
            self._assemblers = {kind: Assembler(kind, self._codecs[kind]) for kind in RATES if kind in self._codecs}
        if "hls" in order:
            self._outputs["hls"] = hls.open_playlist(Path(order["hls"]), order["secret"], self._codecs), None
        if "record" in order:
            self._outputs["record"] = recording.open_recording(Path(order["record"]), self._codecs), None
        if "stop" in order:
            self._end(order["stop"])
        if order.get("listen"):
            self._listening = Listening(self._out)

    def take(self, passed: Passed) -> None:
        assembler = self._assemblers.get(passed.kind)
        for unit in assembler.add(passed.packet) if assembler else ():
            self._write(unit, self._clock.seconds(unit, passed.at))
            if unit.kind == "audio" and self._listening is not None:
                self._listening.take(unit, passed.at)

    def close(self) -> None:
        for name in list(self._outputs):
            self._end(name)

    def _write(self, unit: Unit, seconds: float) -> None:
        for name, (container, began) in list(self._outputs.items()):
            if began is None:
                if unit.kind == "video" and not unit.whole:
                    continue
                if unit.kind == "audio" and not container.begun:
                    continue
                began = seconds
                self._outputs[name] = container, began
            container.take(unit, max(seconds - began, 0.0))

    def _end(self, name: str) -> None:
        ended = self._outputs.pop(name, None)
        if ended is not None:
            ended[0].close()
            self._out.write(telegraph.of_words({"ended": name}))
            self._out.flush()


def main() -> None:
    os.nice(5)  # packets first
    av.logging.set_level(av.logging.PANIC)
    worker = Worker(sys.stdout.buffer)
    for said in _said(sys.stdin.buffer):
        if isinstance(said, Passed):
            worker.take(said)
        elif isinstance(said, Mapping):
            worker.obey(said)
    worker.close()


def _said(pipe: IO[bytes]) -> Iterator[object]:
    while (said := telegraph.read(pipe)) is not None:
        yield said


if __name__ == "__main__":
    main()
