"""Makes raw sound comfortable; without it sentences would run together, and one voice would shout where the next whispers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import gcd
from typing import Final

import numpy as np

from .voice import RATE, Pcm

LEVEL_DB: Final = -19.0  # RMS over the spoken parts; about -16 LUFS for speech
LOUD_DB: Final = -14.0
PEAK: Final = 10 ** (-1.0 / 20)
SILENT: Final = 0.004
EDGE_S: Final = 0.04
PAUSE_S: Final = 0.65
BREATH_S: Final = 0.25
FRAME_S: Final = 0.02


def comfortable(raw: Pcm, rate: int, loud: bool = False) -> Pcm:
    """One sentence at 24 kHz: edges trimmed to a breath, levelled, never clipped."""
    return levelled(trimmed(resampled(raw, rate)), LOUD_DB if loud else LEVEL_DB)


def resampled(raw: Pcm, rate: int) -> Pcm:
    """To 24 kHz through a band limit in the frequency domain; sentences are short enough for one transform."""
    if rate == RATE or raw.size == 0:
        return raw.astype(np.float32)
    units = _quick_size(raw.size * gcd(rate, RATE) // rate + 1)
    before, after = units * (rate // gcd(rate, RATE)), units * (RATE // gcd(rate, RATE))
    spectrum = np.fft.rfft(raw, before)
    bins = after // 2 + 1
    cut = spectrum[:bins] if bins <= spectrum.size else np.pad(spectrum, (0, bins - spectrum.size))
    whole = np.fft.irfft(cut, after) * (after / before)
    return np.asarray(whole[: round(raw.size * RATE / rate)], dtype=np.float32)


def _quick_size(least: int) -> int:
    """The next size whose transform is quick: a power of two, or three quarters of one."""
    power = 1 << max(least - 1, 1).bit_length()
    return power * 3 // 4 if power >= 4 and power * 3 // 4 >= least else power


def trimmed(sound: Pcm) -> Pcm:
    loud = np.flatnonzero(np.abs(sound) > SILENT)
    if loud.size == 0:
        return sound[:0]
    edge = int(EDGE_S * RATE)
    return sound[max(int(loud[0]) - edge, 0) : int(loud[-1]) + edge]


def levelled(sound: Pcm, level_db: float = LEVEL_DB) -> Pcm:
    """To `level_db` over the frames that are spoken; peaks above -1 dBFS are bent down softly rather than cut."""
    spoken = spoken_rms(sound)
    if spoken == 0:
        return sound
    gained = sound * (10 ** (level_db / 20) / spoken)
    knee = PEAK * 0.8
    over = np.abs(gained) > knee
    bent = np.sign(gained) * (knee + (PEAK - knee) * np.tanh((np.abs(gained) - knee) / (PEAK - knee)))
    return np.where(over, bent, gained).astype(np.float32)


def spoken_rms(sound: Pcm) -> float:
    """The level of the frames that hold speech, pauses left out; 0 for silence."""
    size = int(FRAME_S * RATE)
    frames = sound[: sound.size // size * size].reshape(-1, size)
    levels = np.sqrt((frames.astype(np.float64) ** 2).mean(axis=1))
    loud = levels[levels > SILENT]
    return float(np.sqrt((loud**2).mean())) if loud.size else 0.0


def spaced(parts: Iterable[tuple[str, Pcm]]) -> Iterator[Pcm]:
    """The sounds of these texts, each after our own pause: a long one between sentences, a short one behind a comma."""
    before = ""
    for said, sound in parts:
        pause_s = 0.0 if not before else BREATH_S if before.endswith("、") else PAUSE_S
        yield np.concatenate([np.zeros(int(pause_s * RATE), dtype=np.float32), sound])
        before = said


def joined(sounds: Iterable[Pcm]) -> Pcm:
    return np.concatenate([np.zeros(0, dtype=np.float32), *sounds])
