"""What ears promise; without these names each channel would take an engine's guess for what was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from .errors import NothingRecorded

Sound = NDArray[np.float32]
RATE = 16_000


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way of hearing it. `confidence` is 0 to 1, and a guess: what was heard is always shown and said back.

    `kana` is what was heard before it was spelled, where the engine hears kana; "" otherwise.
    """

    text: str
    confidence: float
    start_s: float
    end_s: float
    kana: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recording may have said, the likeliest first, never empty. `speech_s` is how long somebody spoke.

    `drowned`: it was so loud around the voice that these words may not have been said.
    """

    hypotheses: tuple[Hypothesis, ...]
    language: str
    speech_s: float
    drowned: bool = False

    @property
    def text(self) -> str:
        return self.hypotheses[0].text

    @property
    def confidence(self) -> float:
        return self.hypotheses[0].confidence

    @classmethod
    def of(cls, text: str, confidence: float = 1.0, language: str = "ja", seconds: float = 1.0) -> Self:
        """A single certain hypothesis, for tests and for scripted ears."""
        return cls((Hypothesis(text, confidence, 0.0, seconds),), language, seconds)


class Ears(Protocol):
    """Hears. The real one is hearing.Listener, in a process of its own; hearing.ScriptedEars is an honest fake."""

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        """What `recording` (any common container) says; `hints` are words it may contain, the likeliest first. Raises HearingError."""
        ...

    def stop(self) -> None:
        """Let the engine go."""
        ...


@dataclass
class ScriptedEars:
    """Ears that always hear the same and say what they were given; they refuse an empty recording like the real ones."""

    heard: Heard

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        if not recording:
            raise NothingRecorded()
        return self.heard

    def stop(self) -> None:
        """Nothing runs."""
