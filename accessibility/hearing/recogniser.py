"""What every engine gives back; without one shape for it each engine's guesses would need doubts of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from .ears import RATE, Sound

LANGUAGES: Final = {"zh-Hans": "zh"}
SIGNS_A_SECOND: Final = 12
SIGNS_AT_LEAST: Final = 16
MOST_HINT_SIGNS: Final = 223  # half of Whisper's window, less the sign that opens the prompt


@dataclass(frozen=True, slots=True)
class Guess:
    """One hypothesis as the engine sees it. `logprob` is the mean over its signs, `no_speech` Whisper's own doubt that anybody spoke."""

    text: str
    logprob: float
    no_speech: float
    compression: float


class Recogniser(Protocol):
    """An engine for published weights, which write as people do."""

    def recognise(self, sound: Sound, language: str, hints: tuple[str, ...]) -> list[Guess]:
        """Hypotheses, the likeliest first. `sound` is 16 kHz, cut to what was spoken."""
        ...


class Encoder(Protocol):
    """An engine for the town's own ears, of which only the encoder is asked."""

    def encode(self, sound: Sound) -> NDArray[np.float32]:
        """What the encoder makes of the sound: a row for every fiftieth of a second."""
        ...


def prompt_of(hints: Sequence[str], language: str, signs: Callable[[str], Sequence[int]]) -> list[int]:
    """As many of `hints` (the likeliest first) as Whisper reads; the likeliest stand last, next to what is to be heard."""
    between = "、" if language in ("ja", "zh") else ", "
    kept: list[str] = []
    found: list[int] = []
    for hint in hints:
        kept = [hint, *kept]
        longer = list(signs(" " + between.join(kept)))
        if len(longer) > MOST_HINT_SIGNS:
            break
        found = longer
    return found


def most_signs(sound: Sound, limit: int) -> int:
    """How many signs can have been said in this time: an engine that goes round in circles is stopped there."""
    return min(limit, SIGNS_AT_LEAST + int(SIGNS_A_SECOND * sound.size / RATE))
