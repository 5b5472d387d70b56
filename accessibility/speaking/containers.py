"""Puts sound into the forms that phones play; without it LINE, Telegram and browsers could not be given a voice."""

from __future__ import annotations

import io
import wave
from typing import Final

import av
import numpy as np

from .voice import RATE, Container, Pcm, Recording

PAGE_US: Final = 200_000  # a page of OGG every fifth of a second, so that listening can begin early
MOST_NOTE_BITS: Final = 7_500_000  # Telegram takes a voice note for a mere file from 1 MB on; some of it is the container's
FORMATS: Final = {"m4a": ("ipod", "aac", 48_000), "ogg": ("ogg", "libopus", 24_000)}  # container, codec, bits a second


def recorded(sound: Pcm, container: Container) -> Recording:
    """`sound` (24 kHz mono) as a file. AAC in m4a is what LINE plays, Opus in OGG what Telegram does."""
    content = _wav(sound) if container == "wav" else _encoded(sound, *_form(sound, container))
    return Recording(content, round(sound.size * 1000 / RATE), container)


def _form(sound: Pcm, container: Container) -> tuple[str, str, int]:
    """Format, codec and bits a second; a note of five minutes and more is written with fewer bits, so that it stays a voice note."""
    form, codec, bits = FORMATS[container]
    return form, codec, min(bits, MOST_NOTE_BITS * RATE // max(sound.size, 1)) if container == "ogg" else bits


def ogg_duration_ms(content: bytes) -> int:
    """The length by the last page's clock (48,000 a second, RFC 7845); at most a frame more than the sound itself."""
    last = content.rfind(b"OggS")
    return int.from_bytes(content[last + 6 : last + 14], "little") * 1000 // 48_000 if last >= 0 else 0


class GrowingOgg:
    """OGG/Opus that can be listened to while it is made: each `add` gives the bytes that are ready."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._out = av.open(self._sink, "w", format="ogg", options={"page_duration": str(PAGE_US)})
        _, codec, bit_rate = FORMATS["ogg"]
        stream = self._out.add_stream(codec, rate=RATE, layout="mono", bit_rate=bit_rate)
        assert isinstance(stream, av.AudioStream)  # noqa: S101  # the codec is audio
        stream.codec_context.open()
        self._stream, self._samples = stream, 0
        self._resampler = av.AudioResampler(stream.codec_context.format, "mono", RATE, stream.codec_context.frame_size)

    @property
    def duration_ms(self) -> int:
        return round(self._samples * 1000 / RATE)

    def add(self, sound: Pcm) -> bytes:
        frame = _frame(sound)
        frame.pts = self._samples
        self._samples += sound.size
        for part in self._resampler.resample(frame):
            self._out.mux(self._stream.encode(part))
        return self._sink.taken()

    def end(self) -> bytes:
        for part in (*self._resampler.resample(None), None):
            self._out.mux(self._stream.encode(part))
        self._out.close()
        return self._sink.taken()


class _Sink:
    """Where the container is written to: only forwards."""

    def __init__(self) -> None:
        self._ready = bytearray()

    def write(self, piece: bytes) -> int:
        self._ready += piece
        return len(piece)

    def taken(self) -> bytes:
        taken, self._ready = bytes(self._ready), bytearray()
        return taken


def _frame(sound: Pcm) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.frombuffer(_samples(sound), dtype="<i2").reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = RATE
    return frame


def _samples(sound: Pcm) -> bytes:
    return (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


def _wav(sound: Pcm) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(_samples(sound))
    return file.getvalue()


def _encoded(sound: Pcm, form: str, codec: str, bit_rate: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=form) as out:
        stream = out.add_stream(codec, rate=RATE, layout="mono", bit_rate=bit_rate)
        assert isinstance(stream, av.AudioStream)  # noqa: S101  # both codecs are audio
        frame = _frame(sound)
        frame.pts = 0
        for piece in _pieces(frame, stream):
            out.mux(piece)
    return file.getvalue()


def _pieces(frame: av.AudioFrame, stream: av.AudioStream) -> list[av.Packet[av.AudioStream]]:
    """The encoder takes frames of its own size and sample form."""
    stream.codec_context.open()
    resampler = av.AudioResampler(stream.codec_context.format, "mono", RATE, stream.codec_context.frame_size)
    packets: list[av.Packet[av.AudioStream]] = []
    for part in (*resampler.resample(frame), *resampler.resample(None), None):
        packets += stream.encode(part)
    return packets
