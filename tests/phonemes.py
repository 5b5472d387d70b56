"""Finds a spoken phrase inside a longer recording by its sounds; without it "the answer contains the fee" would rest on a recogniser.

The phrase is spoken alone by the same voice; the place in the recording where it fits best is looked for with dynamic time warping
over log-mel frames. The cost tells how well it fits: another phrase costs clearly more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FRAME, HOP, BANDS = 512, 240, 24

Sound = NDArray[np.float32]


def cost_of(phrase: Sound, recording: Sound, rate: int) -> float:
    """How badly `phrase` fits the place of `recording` where it fits best; 0 for the very same sound."""
    sought, heard = _frames(phrase, rate), _frames(recording, rate)
    apart = np.linalg.norm(sought[:, None, :] - heard[None, :, :], axis=2)
    costs = apart[0].copy()  # it may begin anywhere
    for row in apart[1:]:
        fresh = np.empty_like(costs)
        fresh[0] = costs[0] + row[0]
        step = np.minimum(costs[1:], costs[:-1])
        for at in range(1, len(costs)):
            fresh[at] = row[at] + min(step[at - 1], fresh[at - 1])
        costs = fresh
    return float(costs.min() / len(sought))


def _frames(sound: Sound, rate: int) -> NDArray[np.float64]:
    """Log-mel bands of each frame that is not silent, levelled."""
    count = max((sound.size - FRAME) // HOP, 1)
    pieces = np.stack([sound[at * HOP : at * HOP + FRAME] for at in range(count)]) * np.hanning(FRAME)
    power = np.abs(np.fft.rfft(pieces)) ** 2
    bands = np.log(power @ _filters(rate).T + 1e-6)
    return bands - bands.mean(axis=1, keepdims=True)


def _filters(rate: int) -> NDArray[np.float64]:
    mel = np.linspace(2595 * np.log10(1 + 100 / 700), 2595 * np.log10(1 + 7000 / 700), BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    at = np.fft.rfftfreq(FRAME, 1 / rate)
    rising = (at[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - at[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.clip(np.minimum(rising, falling), 0, None)
