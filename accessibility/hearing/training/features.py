"""Sound as Whisper sees it, before its last step; without keeping that form no noise or room could be laid over speech cheaply."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accessibility.hearing.ears import Sound

WINDOW: Final = 400
HOP: Final = 160
BANDS: Final = 80
QUIETEST: Final = -10.0

Spectrum = NDArray[np.float16]


def log_mel(sound: Sound) -> Spectrum:
    """(80, frames) of log10 power, 100 frames a second, as openai-whisper computes it before it sets the scale."""
    padded = np.pad(sound, WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * _hann(), axis=1)[:-1]) ** 2
    mel: Spectrum = np.log10(np.maximum(_filters() @ power.T, 1e-10)).astype(np.float16)
    return mel


@cache
def _hann() -> NDArray[np.float32]:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


@cache
def _filters() -> NDArray[np.float32]:
    """Whisper's own file of filters."""
    spec = find_spec("whisper")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Teaching the ears needs the package 'openai-whisper'.")
    with np.load(Path(spec.origin).parent / "assets" / "mel_filters.npz", allow_pickle=False) as file:
        return np.asarray(file[f"mel_{BANDS}"], dtype=np.float32)
