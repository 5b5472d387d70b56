"""A small network of fully joined layers in numpy; without it what was learnt could not be told from what was only counted.

Trained by Adam on the cross entropy of softmax with smoothed labels, with dropout before every layer (Srivastava et al. 2014; Szegedy et
al. 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
BATCH: Final = 512
DROPPED: Final = 0.3
SMOOTHED: Final = 0.05
FASTEST: Final = 3e-3
DECAY: Final = 1e-4
COMMON: Final = 0.35
FIRST, SECOND, TINY = 0.9, 0.999, 1e-8  # Adam's own constants (Kingma and Ba 2015)


@dataclass(frozen=True, slots=True)
class Layer:
    """`weights` of shape (in, out) and a `bias` of shape (out,)."""

    weights: Numbers
    bias: Numbers

    def of(self, rows: Numbers) -> Numbers:
        return np.asarray(rows @ self.weights + self.bias, dtype=np.float32)


def active(rows: Numbers) -> Numbers:
    """What passes from one layer to the next."""
    return np.maximum(rows, 0)


def shares(scores: Numbers) -> Numbers:
    """Scores of shape (n, labels) as shares that sum to 1 in each row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def trained(rows: NDArray[np.floating], owners: NDArray[np.int64], sizes: Sequence[int], epochs: int, seed: int = 0) -> tuple[Layer, ...]:
    """Layers of these sizes (in, ..., labels) that give each row its owner. The same rows and seed give the same layers.

    Rare labels weigh more, though not so much that every label weighs the same (`COMMON`).
    """
    dice = np.random.default_rng(seed)
    values = [value for wide, out in pairwise(sizes) for value in _begun(wide, out, dice)]
    moments = [(np.zeros_like(value), np.zeros_like(value)) for value in values]
    weight = np.bincount(owners, minlength=sizes[-1])[owners] ** -COMMON
    weight = (weight / weight.mean()).astype(np.float32)
    steps, step = epochs * -(-len(rows) // BATCH), 0
    for _ in range(epochs):
        order = dice.permutation(len(rows))
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            slopes = _slopes(values, rows[some].astype(np.float32), owners[some], weight[some], dice)
            step += 1
            _move(values, moments, slopes, step, FASTEST * _pace(step / steps))
    return tuple(Layer(weights, bias) for weights, bias in zip(values[::2], values[1::2], strict=True))


def _begun(wide: int, out: int, dice: np.random.Generator) -> tuple[Numbers, Numbers]:
    edge = 1 / np.sqrt(wide)
    return dice.uniform(-edge, edge, (wide, out)).astype(np.float32), np.zeros(out, dtype=np.float32)


def _slopes(values: list[Numbers], rows: Numbers, owners: NDArray[np.int64], weight: Numbers, dice: np.random.Generator) -> list[Numbers]:
    """How the loss changes with every value, for one batch."""
    seen, kept = [], []
    for depth in range(0, len(values), 2):
        keep = (dice.random(rows.shape, dtype=np.float32) >= DROPPED).astype(np.float32) / np.float32(1 - DROPPED)
        rows = rows * keep
        seen.append(rows)
        kept.append(keep)
        rows = rows @ values[depth] + values[depth + 1]
        rows = active(rows) if depth + 2 < len(values) else rows
    wanted = np.full(rows.shape, SMOOTHED / rows.shape[1], dtype=np.float32)
    wanted[np.arange(len(owners)), owners] += 1 - SMOOTHED
    slope = (shares(rows) - wanted) * (weight / np.float32(len(owners)))[:, None]
    found: list[Numbers] = []
    for depth in range(len(values) - 2, -1, -2):
        found[:0] = [np.asarray(seen[depth // 2].T @ slope, dtype=np.float32), np.asarray(slope.sum(axis=0), dtype=np.float32)]
        if depth:
            slope = slope @ values[depth].T * kept[depth // 2] * (seen[depth // 2] > 0)
    return found


def _move(values: list[Numbers], moments: list[tuple[Numbers, Numbers]], slopes: list[Numbers], step: int, pace: float) -> None:
    for value, (first, second), slope in zip(values, moments, slopes, strict=True):
        first += (1 - FIRST) * (slope - first)
        second += (1 - SECOND) * (slope * slope - second)
        value -= pace * DECAY * value
        value -= pace * (first / (1 - FIRST**step)) / (np.sqrt(second / (1 - SECOND**step)) + TINY)


def _pace(done: float) -> float:
    """Rises over the first third and falls to nothing (one cycle, Smith 2018)."""
    return done * 3 if done < 1 / 3 else float(0.5 * (1 + np.cos(np.pi * (done - 1 / 3) * 1.5)))
