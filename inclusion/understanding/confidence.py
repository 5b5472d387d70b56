"""How sure we may be of an answer, learnt from answers that were right and wrong; without it we would be as sure of a guess as of a fact.

`words/confidence.csv` holds one logistic model for each kind of answer (`thing`, `rule`, `faq`) and each channel (`typed`, `spoken`) as
plain numbers: a weight for each sign of evidence, and how sure is sure enough to answer. `python -m tests.calibrating` makes it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, Self

from .evidence import Evidence

Channel = Literal["typed", "spoken"]
BASE: Final = "(base)"
ENOUGH: Final = "(enough)"
CHANNELS: Final[tuple[Channel, ...]] = ("typed", "spoken")
FILE: Final = "confidence.csv"


@dataclass(frozen=True, slots=True)
class Confidence:
    """`weights` by what is answered and channel, then by sign; `enough` by what is answered and channel."""

    weights: Mapping[tuple[str, str], Mapping[str, float]]
    enough: Mapping[tuple[str, str], float]

    @classmethod
    def bundled(cls) -> Self:
        """The weights that come with the platform."""
        weights: dict[tuple[str, str], dict[str, float]] = {}
        enough: dict[tuple[str, str], float] = {}
        for about, channel, sign, value in _rows():
            if sign == ENOUGH:
                enough[about, channel] = value
            else:
                weights.setdefault((about, channel), {})[sign] = value
        return cls(weights, enough)

    def of(self, evidence: Evidence, channel: Channel = "typed") -> float:
        """How likely the answer is right, 0 to 1."""
        weights = self.weights.get((evidence.about, channel), {})
        total = weights.get(BASE, 0.0) + sum(weights.get(sign, 0.0) * value for sign, value in evidence.values.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def suffices(self, evidence: Evidence, sure: float, channel: Channel) -> bool:
        """Whether being this sure is enough to answer without asking back."""
        return sure >= self.enough.get((evidence.about, channel), 0.0)


@cache
def _rows() -> tuple[tuple[str, str, str, float], ...]:
    text = (files(__package__) / "words" / FILE).read_text(encoding="utf-8-sig")
    return tuple((row["about"], row["channel"], row["sign"], float(row["value"])) for row in csv.DictReader(text.splitlines()))
