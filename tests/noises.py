"""A hundred and more sounds that are no voice, each different, the same ones every time: what must never be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from accessibility.hearing import RATE
from accessibility.hearing.ears import Sound

Wave = Any  # sound of any precision
SECONDS: Final = 4.0
Dice = np.random.Generator


def noises(many: int = 120, seed: int = 77) -> Iterator[tuple[str, Sound]]:
    """(name, sound) at 16 kHz, in turn of every kind, at levels from hardly heard to loud."""
    dice = np.random.default_rng(seed)
    for number in range(many):
        name, make = KINDS[number % len(KINDS)]
        sound = make(dice)
        loudest = max(float(np.abs(sound).max(initial=0.0)), 1e-9)
        yield f"{name} {number}", (sound / loudest * 10 ** (dice.uniform(-50, -2) / 20)).astype(np.float32)


def _at() -> Wave:
    return np.arange(int(SECONDS * RATE), dtype=np.float32) / RATE


def _coloured(dice: Dice, slope: float = 0.0) -> Wave:
    spectrum = np.fft.rfft(dice.standard_normal(_at().size))
    return np.fft.irfft(spectrum / np.maximum(np.arange(spectrum.size), 1.0) ** slope, _at().size).astype(np.float32)


def _silence(dice: Dice) -> Wave:
    return dice.normal(0, 1e-4, _at().size).astype(np.float32)


def _hiss(dice: Dice) -> Wave:
    return _coloured(dice, dice.uniform(0, 0.3))


def _rumble(dice: Dice) -> Wave:
    return _coloured(dice, dice.uniform(0.6, 1.2))


def _street(dice: Dice) -> Wave:
    """Cars that come and go."""
    swell = 1 + 0.9 * np.sin(2 * np.pi * dice.uniform(0.1, 0.7) * _at() + dice.uniform(0, 6))
    return _coloured(dice, 0.7) * swell


def _hum(dice: Dice) -> Wave:
    pitch = dice.choice((50.0, 60.0, 100.0, 120.0)) * dice.uniform(0.99, 1.01)
    return sum(np.sin(2 * np.pi * pitch * part * _at()) * dice.uniform(0, 1) / part for part in range(1, 6))


def _tune(dice: Dice) -> Wave:
    notes = 220 * 2 ** (dice.integers(0, 24, 32) / 12)
    pace = dice.uniform(1.5, 6)
    pitch = notes[(_at() * pace).astype(int) % 32]
    faded = np.exp(-dice.uniform(1, 5) * (_at() % (1 / pace)))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    return sum(np.sin(phase * part) / part ** dice.uniform(1, 2) for part in (1, 2, 3, 4)) * faded


def _chord(dice: Dice) -> Wave:
    root = dice.uniform(130, 400)
    tones = [np.sin(2 * np.pi * root * ratio * _at() + dice.uniform(0, 6)) for ratio in (1, 1.25, 1.5, 2)]
    return sum(tones) * np.exp(-_at() * dice.uniform(0, 2))


def _dog(dice: Dice) -> Wave:
    sound = np.zeros(_at().size, dtype=np.float32)
    high, size = dice.uniform(350, 900), int(dice.uniform(0.12, 0.3) * RATE)
    inside = np.arange(size) / RATE
    pitch = 2 * np.pi * np.cumsum(high * (1 - 0.5 * inside / inside[-1])) / RATE
    bark = (sum(np.sin(part * pitch) / part for part in range(1, 9)) + dice.normal(0, 0.8, size)) * np.sin(np.pi * inside / inside[-1])
    for begin in np.arange(dice.uniform(0, 0.5), SECONDS - 0.4, dice.uniform(0.4, 1.2)):
        sound[int(begin * RATE) : int(begin * RATE) + size] += bark
    return sound


def _clicks(dice: Dice) -> Wave:
    """Dishes, keys, a pen."""
    sound = np.zeros(_at().size, dtype=np.float32)
    for place in dice.integers(0, sound.size - 2000, dice.integers(2, 30)):
        ring = np.arange(2000) / RATE
        sound[place : place + 2000] += np.sin(2 * np.pi * dice.uniform(800, 6000) * ring) * np.exp(-ring * dice.uniform(20, 200))
    return sound


def _siren(dice: Dice) -> Wave:
    pitch = dice.uniform(500, 900) * (1 + 0.3 * np.sin(2 * np.pi * dice.uniform(0.2, 2) * _at()))
    return np.sin(2 * np.pi * np.cumsum(pitch) / RATE)


def _bell(dice: Dice) -> Wave:
    first, second = dice.uniform(500, 900), dice.uniform(400, 700)
    return np.where(_at() % 2 < 1, np.sin(2 * np.pi * first * _at()), np.sin(2 * np.pi * second * _at())) * np.exp(-3 * (_at() % 1))


def _fan(dice: Dice) -> Wave:
    return _coloured(dice, 0.4) * (1 + 0.5 * np.sin(2 * np.pi * dice.uniform(5, 40) * _at()))


def _water(dice: Dice) -> Wave:
    bursts = np.repeat(dice.uniform(0.2, 1.0, 400), _at().size // 400)
    return _coloured(dice, 0.1) * np.resize(bursts, _at().size)


KINDS: Final[tuple[tuple[str, Callable[[Dice], Wave]], ...]] = (
    ("silence", _silence),
    ("hiss", _hiss),
    ("rumble", _rumble),
    ("street", _street),
    ("hum", _hum),
    ("tune", _tune),
    ("chord", _chord),
    ("dog", _dog),
    ("clicks", _clicks),
    ("siren", _siren),
    ("bell", _bell),
    ("fan", _fan),
    ("water", _water),
)
