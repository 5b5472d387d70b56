"""Rooms, telephones and codecs between a mouth and us; ears taught in a studio would fail in a kitchen."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from typing import Any, Final

import av
import numpy as np

from accessibility.hearing.decoding import decode
from accessibility.hearing.ears import RATE, Sound

CODECS: Final = (("ogg", "libopus", 48_000), ("webm", "libopus", 48_000), ("ipod", "aac", 24_000), ("mp3", "libmp3lame", 24_000))
DELAYING: Final = (2, 3)  # AAC and MP3 put silence in front
BITS_A_SECOND: Final = (12_000, 16_000, 24_000, 32_000)


@dataclass(frozen=True, slots=True)
class Place:
    """How a voice comes to us. `echo_s` is the time an echo takes to fade by 60 dB, `noise_db` how far noise lies below the voice."""

    echo_s: float = 0.0
    noise_db: float = 60.0
    telephone: bool = False
    codec: int | None = None
    bits: int = 24_000


def taught_place(dice: random.Random) -> Place:
    """A third of the training set comes through a codec; noise and most echo are laid on later, anew in every round."""
    codec = dice.randrange(len(CODECS)) if dice.random() < 0.3 else None
    echo = dice.uniform(0.15, 0.7) if dice.random() < 0.25 else 0.0
    return Place(echo, dice.uniform(15, 50), dice.random() < 0.1, codec, dice.choice(BITS_A_SECOND))


def heard_at(place: Place, sound: Sound, dice: random.Random) -> Sound:
    numbers = np.random.default_rng(dice.getrandbits(32))
    if place.echo_s:
        sound = _echoing(sound, place.echo_s, numbers)
    if place.noise_db < 60:
        sound = with_noise(sound, place.noise_db, numbers)
    if place.telephone:
        sound = telephone_band(sound)
    return sound if place.codec is None else coded(sound, place.codec, place.bits)


def with_noise(sound: Sound, below_db: float, numbers: np.random.Generator) -> Sound:
    """Noise of a random colour, from hiss to rumble."""
    spectrum = np.fft.rfft(numbers.standard_normal(sound.size))
    spectrum /= np.maximum(np.arange(spectrum.size), 1.0) ** numbers.uniform(0.0, 1.0)
    noise = np.fft.irfft(spectrum, sound.size)
    loud = float(np.sqrt((sound.astype(np.float64) ** 2).mean()))
    return np.asarray(sound + noise * loud * 10 ** (-below_db / 20) / max(float(noise.std()), 1e-12), dtype=np.float32)


def telephone_band(sound: Sound) -> Sound:
    spectrum = np.fft.rfft(sound)
    hertz = np.arange(spectrum.size) * RATE / max(sound.size, 1)
    spectrum[(hertz < 300) | (hertz > 3400)] *= 0.003
    return np.fft.irfft(spectrum, sound.size).astype(np.float32)


def coded(sound: Sound, codec: int, bits: int) -> Sound:
    """Through an encoder and our own decoder, as a voice message comes."""
    return decode(encoded(sound, codec, bits))


def encoded(sound: Sound, codec: int, bits: int) -> bytes:
    kind, name, rate = CODECS[codec]
    file = io.BytesIO()
    with av.open(file, "w", format=kind) as out:
        stream: Any = out.add_stream(name, rate=rate, layout="mono")
        stream.bit_rate = bits
        frame = av.AudioFrame.from_ndarray((np.clip(sound, -1, 1) * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(stream.format.name, "mono", rate, frame_size=stream.frame_size or None)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            part.pts = None
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()


def _echoing(sound: Sound, echo_s: float, numbers: np.random.Generator) -> Sound:
    """A random room: noise that fades, behind a direct sound that is louder."""
    size = int(echo_s * RATE)
    tail = numbers.standard_normal(size) * 10 ** (-3 * np.arange(size) / size)
    tail[0] = 0
    room = tail * numbers.uniform(0.3, 1.0) / np.sqrt((tail**2).sum())
    room[0] = 1.0
    length = sound.size + size
    wet = np.fft.irfft(np.fft.rfft(sound, length) * np.fft.rfft(room, length), length)
    return (wet * (0.5 / max(float(np.abs(wet).max()), 1e-6))).astype(np.float32)
