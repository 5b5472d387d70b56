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
from .grammar import Grammar, Pair, Taken, bare_sounds
from .sounds import kana_of
from .spelling import code_said

BLANK: Final = 0
DEVOICED: Final = {"A": "a", "I": "i", "U": "u", "E": "e", "O": "o"}
SILENT: Final = "pau"
FEWEST_SOUNDS_A_SECOND: Final = 2.0
# How sure we are of a thing (logistic regression): chosen on a development set of 350 known and 350 unknown things, a third of them in
# sentences nobody was taught.
CERTAIN: Final = -3.1
LEAD_WEIGHS: Final = 0.67  # how much dearer the next way is that does without the thing
MOST_LEAD: Final = 6.0
MISFIT_WEIGHS: Final = -8.5
WORST_WEIGHS: Final = -2.45
UNKNOWN_WEIGHS: Final = -1.9
LENGTH_WEIGHS: Final = 1.27  # short things are found in any word by chance
MOST_LENGTH: Final = 6
ANOTHER_THING: Final = 1.3  # two things next to each other may be one that we do not know
DOUBTED: Final = 0.89  # what is no more than likely is never surer than this
# Whatever names no thing is as likely as it fits.
FITS: Final = 1.5
SHORT_FITS: Final = 3.0  # はい and ええ are found in music too
SHORTEST_SURE: Final = 3  # kana
EXPLAINED: Final = 0.6
EVERYDAY_WEIGHS: Final = 0.6  # words of every day can be found in any speech, also in English
CLEAR_MISFIT: Final = 0.04
CLEAR_EVERYDAY: Final = 0.35
CLEAR_UNKNOWN: Final = 0.06  # a thing may be the tail of a longer word that we do not know
GARBLED: Final = 0.1  # from here on the words around a thing are not relied on
LONGEST_QUESTION: Final = 50  # kana
CLEAR_LEAD: Final = 4.0  # a rival dearer by this is a third as likely
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

    def __init__(
        self, head: Head, words: Sequence[Pair], phrases: Sequence[Pair], everyday: Sequence[Pair] = (), endings: Sequence[Pair] = ()
    ) -> None:
        self._head = head
        self.names = tuple(one for one in head.phonemes if one not in DEVOICED and one != SILENT)
        self._grammar = Grammar(words, phrases, self.names, everyday, endings)
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
        if not best.words:
            return _weighed(best, None)
        return _weighed(best, self._grammar.take(moments, frozenset((best.weakest,))))

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


def _weighed(best: Taken, rival: Taken | None) -> list[Way]:
    """`rival` is the best way that does without the weakest thing: the dearer it is, the surer that thing was said."""
    dearer = MOST_LEAD if rival is None else max(rival.cost - best.cost, 0.0)
    sure = _sure(best, dearer)
    ways = [Way(best.text, best.kana, round(sure, 3))]
    garbled = best.misfit > GARBLED and len(best.kana) <= LONGEST_QUESTION
    if best.words and sure <= DOUBTED and garbled and best.strongest != best.text:
        ways.insert(0, Way(best.strongest, best.kana, round(sure, 3)))
    if rival is not None and rival.text not in ("", best.text):
        ways.append(Way(rival.text, rival.kana, round(sure * math.exp(-dearer / CLEAR_LEAD), 3)))
    return ways


def _sure(best: Taken, lead: float) -> float:
    """0 to 1. A thing is believed by its own fit, not by that of the words around it: those may be ones we do not know."""
    misfit = max(best.misfit, 0.0)
    fits = FITS if len(best.kana) > SHORTEST_SURE else SHORT_FITS
    likely = math.exp(-fits * misfit - EVERYDAY_WEIGHS * best.everyday) * (1 - EXPLAINED * best.unknown)
    if not best.words:
        clear = misfit <= CLEAR_MISFIT and best.everyday <= CLEAR_EVERYDAY
        return likely if clear else min(likely, DOUBTED)
    score = CERTAIN + LEAD_WEIGHS * min(lead, MOST_LEAD) + LENGTH_WEIGHS * min(best.shortest, MOST_LENGTH)
    score -= ANOTHER_THING * (len(best.words) - 1)
    score += MISFIT_WEIGHS * misfit + WORST_WEIGHS * max(best.worst, 0.0) + UNKNOWN_WEIGHS * best.unknown
    certain = 1 / (1 + math.exp(-score))
    if best.unknown > CLEAR_UNKNOWN:
        certain = min(certain, DOUBTED)
    return certain if certain > DOUBTED else max(min(likely, DOUBTED), certain)
