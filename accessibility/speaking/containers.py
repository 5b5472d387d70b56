"""Puts sound into the forms that phones play; without it LINE, Telegram and browsers could not be given a voice."""

from __future__ import annotations

import io
import wave
from typing import Final

import av
import numpy as np

from .voice import RATE, Container, Pcm, Recording

FORMATS: Final = {"m4a": ("ipod", "aac", 48_000), "ogg": ("ogg", "libopus", 24_000)}  # container, codec, bits a second


def recorded(sound: Pcm, container: Container) -> Recording:
    """`sound` (24 kHz mono) as a file. AAC in m4a is what LINE plays, Opus in OGG what Telegram does."""
    content = _wav(sound) if container == "wav" else _encoded(sound, *FORMATS[container])
    return Recording(content, round(sound.size * 1000 / RATE), container)


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
        samples = np.frombuffer(_samples(sound), dtype="<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = RATE
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
