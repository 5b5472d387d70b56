"""The small network in numpy: it learns what a straight line cannot tell apart, and its slopes are the loss's."""

from __future__ import annotations

import numpy as np

from inclusion.understanding.layers import active, shares, trained


def test_it_tells_apart_what_no_line_can() -> None:
    dice = np.random.default_rng(1)
    points = dice.uniform(-1, 1, (4000, 2)).astype(np.float32)
    owners = (points[:, 0] * points[:, 1] > 0).astype(np.int64)
    hidden, out = trained(points * 3, owners, (2, 64, 2), epochs=60)
    (line,) = trained(points * 3, owners, (2, 2), epochs=60)
    bent = shares(out.of(active(hidden.of(points * 3)))).argmax(axis=1)
    straight = shares(line.of(points * 3)).argmax(axis=1)
    assert (bent == owners).mean() > 0.93
    assert (straight == owners).mean() < 0.7  # the control: without a layer between it stays a guess


def test_shares_sum_to_one_however_large_the_scores() -> None:
    scores = np.array([[1000.0, 0.0, -1000.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    assert np.allclose(shares(scores).sum(axis=1), 1) and shares(scores)[0, 0] == 1


def test_the_same_rows_and_seed_give_the_same_layers() -> None:
    rows, owners = np.eye(6, dtype=np.float32), np.arange(6)
    first, second = (trained(rows, owners, (6, 4, 6), epochs=3) for _ in range(2))
    assert all((one.weights == other.weights).all() for one, other in zip(first, second, strict=True))
