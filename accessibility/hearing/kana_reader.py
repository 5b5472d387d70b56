"""Makes the town's words out of what the town's own ears hear; Whisper's decoder alone would say the sentence it knows best instead.

The ears' encoder was taught with a helper that tells the sounds apart, 50 times a second. The helper comes with the ears: its sounds are
matched with the town's words (hearing.Grammar), and how badly they match is how little we believe.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .grammar import Grammar, Numbers, Taken
from .spelling import code_said

BLANK: Final = 0
DEVOICED: Final = {"A": "a", "I": "i", "U": "u", "E": "e", "O": "o"}
SILENT: Final = "pau"
FEWEST_SOUNDS_A_SECOND: Final = 2.0
MISFIT_WEIGHS: Final = 1.5  # chosen on a development set: 0.15 a sound is where understanding begins to ask back
UNKNOWN_WEIGHS: Final = 0.6
CLEAR_LEAD: Final = 6.0  # a rival dearer by this is a third as likely
RIVALS: Final = 2


@dataclass(frozen=True, slots=True)
class Head:
    """The helper: numbers that turn what the encoder gives into chances of `phonemes` (after a first column for none)."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    phonemes: tuple[str, ...]

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> Head:
        return cls(held["weights"].astype(np.float32), held["bias"].astype(np.float32), tuple(held["phonemes"].tolist()))


@dataclass(frozen=True, slots=True)
class Way:
    """One way of hearing it."""

    text: str
    kana: str
    confidence: float


class KanaReader:
    """Encoder's output in, ways of hearing it out, the likeliest first; none where no sounds were made out."""

    def __init__(self, head: Head, words: Sequence[tuple[str, str]], phrases: Sequence[tuple[str, str]]) -> None:
        self._head = head
        self._names = tuple(one for one in head.phonemes if one not in DEVOICED and one != SILENT)
        self._grammar = Grammar(words, phrases, self._names)
        # Column of the head -> column of the grammar: devoiced vowels are vowels.
        self._folded = np.zeros((len(head.phonemes), len(self._names)), dtype=np.float32)
        for place, phoneme in enumerate(head.phonemes):
            if phoneme != SILENT:
                self._folded[place, self._names.index(DEVOICED.get(phoneme, phoneme))] = 1

    def ways(self, encoded: NDArray[np.float32], speech_s: float) -> list[Way]:
        chances = self.sounds(encoded)
        if len(chances) < max(FEWEST_SOUNDS_A_SECOND * speech_s, 2):
            return []
        best = self._grammar.take(chances)
        if digits := code_said(best.kana):
            best = replace(best, text=digits, unknown=0.0)
        rivals, banned = list[Taken](), frozenset[int]()
        while best.words and len(rivals) < RIVALS:
            banned |= best.words if not rivals else rivals[-1].words
            rivals.append(self._grammar.take(chances, banned))
        return _weighed(best, rivals, len(chances))

    def sounds(self, encoded: NDArray[np.float32]) -> Numbers:
        """A row for every sound that was made out: the chances of all phonemes there."""
        logits = encoded @ self._head.weights.T + self._head.bias
        chances = np.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        loudest = chances.argmax(1)
        begins = np.flatnonzero(np.diff(loudest, prepend=-1))
        rows = [
            chances[begin:end, 1:].mean(0) @ self._folded
            for begin, end in zip(begins, [*begins[1:], len(loudest)], strict=True)
            if loudest[begin] != BLANK and self._head.phonemes[loudest[begin] - 1] != SILENT
        ]
        if not rows:
            return np.zeros((0, len(self._names)), dtype=np.float32)
        found = np.stack(rows)
        even: Numbers = (found / np.maximum(found.sum(1, keepdims=True), 1e-6)).astype(np.float32)
        return even


def _weighed(best: Taken, rivals: Sequence[Taken], count: int) -> list[Way]:
    """Less sure where the sounds fit badly and where much is unknown; a rival is the less likely, the dearer it is."""
    sure = math.exp(-MISFIT_WEIGHS * max(best.misfit, 0.0)) * (1 - UNKNOWN_WEIGHS * best.unknown)
    ways = {best.text: Way(best.text, best.kana, round(sure, 3))}
    for rival in rivals:
        other = sure * math.exp(-max((rival.misfit - best.misfit) * count, 0.0) / CLEAR_LEAD)
        ways.setdefault(rival.text, Way(rival.text, rival.kana, round(other, 3)))
    return list(ways.values())
