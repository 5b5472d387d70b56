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

from .following import Numbers
from .grammar import Grammar, Taken, bare_sounds
from .sounds import kana_of
from .spelling import code_said

BLANK: Final = 0
DEVOICED: Final = {"A": "a", "I": "i", "U": "u", "E": "e", "O": "o"}
SILENT: Final = "pau"
FEWEST_SOUNDS_A_SECOND: Final = 2.0
MISFIT_WEIGHS: Final = 1.5  # these four were chosen on a development set: 90 known and 90 unknown things
WORST_WEIGHS: Final = 0.15
UNKNOWN_WEIGHS: Final = 0.6
CLEAR_LEAD: Final = 4.0  # a rival dearer by this is a third as likely
RIVALS: Final = 2
SURELY_NONE: Final = 0.98


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
        self.names = tuple(one for one in head.phonemes if one not in DEVOICED and one != SILENT)
        self._grammar = Grammar(words, phrases, self.names)
        # Column of the head -> column of the grammar: devoiced vowels are vowels, a pause is no sound.
        self._folded = np.zeros((1 + len(head.phonemes), 1 + len(self.names)), dtype=np.float32)
        self._folded[BLANK, BLANK] = 1
        for place, phoneme in enumerate(head.phonemes, 1):
            name = DEVOICED.get(phoneme, phoneme)
            self._folded[place, BLANK if phoneme == SILENT else 1 + self.names.index(name)] = 1

    def ways(self, encoded: NDArray[np.float32], speech_s: float) -> list[Way]:
        moments = self.moments(encoded)
        count = sum(sound is not None for sound in bare_sounds(moments))
        if count < max(FEWEST_SOUNDS_A_SECOND * speech_s, 2):
            return []
        best = self._grammar.take(moments)
        if not best.text:  # consonants only
            return []
        if digits := code_said(best.kana):
            best = replace(best, text=digits, unknown=0.0)
        rivals, banned = list[Taken](), frozenset[int]()
        while best.words and len(rivals) < RIVALS:
            banned |= best.words if not rivals else rivals[-1].words
            rivals.append(self._grammar.take(moments, banned))
        return _weighed(best, rivals)

    def bare(self, encoded: NDArray[np.float32]) -> str:
        """The kana of the sounds alone, without the town's words."""
        return kana_of(self.names[sound] for sound in bare_sounds(self.moments(encoded)) if sound is not None)

    def moments(self, encoded: NDArray[np.float32]) -> Numbers:
        """The chances of none and of each phoneme, 50 times a second; of moments in a row that hold surely none, only one."""
        logits = encoded @ self._head.weights.T + self._head.bias
        chances = np.exp(logits - logits.max(1, keepdims=True))
        found: Numbers = (chances / chances.sum(1, keepdims=True)) @ self._folded
        surely_none = found[:, BLANK] > SURELY_NONE
        return found[~(surely_none & np.roll(surely_none, 1) & (np.arange(len(found)) > 0))]


def _weighed(best: Taken, rivals: Sequence[Taken]) -> list[Way]:
    """Less sure where the sounds fit badly and where much is unknown; a rival is the less likely, the dearer it is."""
    misfit = MISFIT_WEIGHS * max(best.misfit, 0.0) + WORST_WEIGHS * max(best.worst, 0.0)
    sure = math.exp(-misfit) * (1 - UNKNOWN_WEIGHS * best.unknown)
    ways = {best.text: Way(best.text, best.kana, round(sure, 3))}
    for rival in (one for one in rivals if one.text):
        other = sure * math.exp(-max(rival.cost - best.cost, 0.0) / CLEAR_LEAD)
        ways.setdefault(rival.text, Way(rival.text, rival.kana, round(other, 3)))
    return list(ways.values())
