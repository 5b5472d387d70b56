"""Writes pictures and sounds into a container; without it HLS and recordings would each mux in their own way.

H264 is copied as it came. VP8, which telephones cannot play from a file, is turned into H264: here, beside the room, it delays nobody.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

import av
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from .assembling import Unit

SOUND_RATE: Final = 48_000
PICTURE_CLOCK: Final = Fraction(1, 90_000)
AAC_FRAME: Final = 1024
WHOLE_EVERY_S: Final = 1.0  # by time: counted in pictures, a slow camera's files became six seconds long


class Container:
    """One output. Nothing is written before the first whole picture (or before sound alone has played for a while)."""

    def __init__(self, path: str, form: str, options: Mapping[str, str], codecs: Mapping[str, str]) -> None:
        self._output = av.open(path, "w", format=form, options=dict(options))
        self._codecs = codecs
        self._picture: Copied | Redrawn | None = None
        self._sound = AacSound(self._output) if "audio" in codecs else None
        self._early: list[tuple[Unit, float]] = []
        self.begun = "video" not in codecs

    def take(self, unit: Unit, at: float) -> None:
        """`at` counts seconds from the beginning of the output."""
        if unit.kind == "video" and self._picture is None:
            if not unit.whole:
                return
            self._picture = Copied(self._output, unit.data) if self._codecs["video"] == "h264" else Redrawn(self._output, unit.data)
            self.begun = True
        if not self.begun:
            return
        if unit.kind == "video" and self._picture is not None:
            self._mux(self._picture.packets(unit, at))
        elif unit.kind == "audio" and self._sound is not None:
            self._mux(self._sound.packets(unit, at))

    def close(self) -> None:
        if self.begun:
            self._mux(self._picture.rest() if self._picture else iter(()))
            self._mux(self._sound.rest() if self._sound else iter(()))
        try:
            self._output.close()
        except av.FFmpegError:  # nothing was ever written
            return

    def _mux(self, packets: Iterator[av.Packet[Any]]) -> None:
        for packet in packets:
            self._output.mux(packet)


class Copied:
    """H264 as it came."""

    def __init__(self, output: av.container.OutputContainer, first: bytes) -> None:
        with av.open(io.BytesIO(first), format="h264") as seen:
            self._stream = output.add_stream_from_template(seen.streams.video[0])
        self._stream.time_base = PICTURE_CLOCK
        self._last = -1

    def packets(self, unit: Unit, at: float) -> Iterator[av.Packet[Any]]:
        ticks = max(round(at * 90_000), self._last + 1)  # a container's clock never stands still
        self._last = ticks
        packet = av.Packet(unit.data)
        packet.stream, packet.time_base = self._stream, PICTURE_CLOCK
        packet.pts = packet.dts = ticks
        packet.is_keyframe = unit.whole
        yield packet

    def rest(self) -> Iterator[av.Packet[Any]]:
        return iter(())


class Redrawn:
    """VP8 turned into H264."""

    def __init__(self, output: av.container.OutputContainer, first: bytes) -> None:
        self._decoder = VideoCodecContext.create("libvpx", "r")
        frame = self._decoder.decode(av.Packet(first))[0]
        options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "600", "crf": "26", "forced-idr": "1"}
        self._stream = output.add_stream("libx264", rate=30, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = frame.width // 2 * 2, frame.height // 2 * 2, "yuv420p"
        self._stream.codec_context.time_base = PICTURE_CLOCK
        self._last, self._whole_due = -1, 0.0

    def packets(self, unit: Unit, at: float) -> Iterator[av.Packet[Any]]:
        for frame in self._decoder.decode(av.Packet(unit.data)):
            fitting = frame.reformat(self._stream.width, self._stream.height, "yuv420p")
            fitting.pts, fitting.time_base = max(round(at * 90_000), self._last + 1), PICTURE_CLOCK
            self._last = fitting.pts
            fitting.pict_type = PictureType.I if at >= self._whole_due else PictureType.NONE
            self._whole_due = at + WHOLE_EVERY_S if at >= self._whole_due else self._whole_due
            yield from self._stream.encode(fitting)

    def rest(self) -> Iterator[av.Packet[Any]]:
        yield from self._stream.encode(None)


class AacSound:
    """Opus turned into AAC, which older telephones need. A hole in the sound is filled with silence, so that lips stay together."""

    def __init__(self, output: av.container.OutputContainer) -> None:
        self._decoder = AudioCodecContext.create("libopus", "r")
        self._decoder.sample_rate, self._decoder.layout = SOUND_RATE, "mono"
        self._stream = output.add_stream("aac", rate=SOUND_RATE, options={"b": "96000"})
        self._stream.layout = "mono"
        self._even = av.AudioResampler("fltp", "mono", SOUND_RATE)
        self._fifo = av.AudioFifo()
        self._written: int | None = None

    def packets(self, unit: Unit, at: float) -> Iterator[av.Packet[Any]]:
        try:
            frames = self._decoder.decode(av.Packet(unit.data))
        except av.FFmpegError:  # a broken sound packet is twenty milliseconds of silence
            return
        for frame in frames:
            frame.pts = None
            for part in self._even.resample(frame):
                self._fit(part, round(at * SOUND_RATE))
        yield from self._full_frames()

    def rest(self) -> Iterator[av.Packet[Any]]:
        if self._written is not None:
            yield from self._stream.encode(None)

    def _fit(self, part: av.AudioFrame, due: int) -> None:
        if self._written is None:
            self._written = max(due, 0)
        hole = due - self._written
        if SOUND_RATE // 5 < hole < SOUND_RATE * 60:
            self._write(_silence(hole))
        self._write(part)

    def _write(self, part: av.AudioFrame) -> None:
        part.pts = None
        self._fifo.write(part)
        self._written = (self._written or 0) + part.samples

    def _full_frames(self) -> Iterator[av.Packet[Any]]:
        while self._written is not None and (frame := self._fifo.read(AAC_FRAME)) is not None:
            frame.pts, frame.time_base = self._written - self._fifo.samples - AAC_FRAME, Fraction(1, SOUND_RATE)
            frame.sample_rate = SOUND_RATE
            yield from self._stream.encode(frame)


def _silence(samples: int) -> av.AudioFrame:
    frame = av.AudioFrame("fltp", "mono", samples)
    frame.sample_rate = SOUND_RATE
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame
