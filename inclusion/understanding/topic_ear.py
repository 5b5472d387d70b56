"""Hears the town's own names in what was misheard; without it 重民票 and 神田際 would mean nothing."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from accessibility import Readings, Word
from inclusion.municipalities import Town

from .normalising import fold_kana
from .overhearing import noun_runs
from .sentence import Sentence, read
from .sounds import folded_sound, sign_by_sign

SHORTEST = 4  # kana; shorter names sound like too much else
SURELY_ALIKE = 0.86
HAN = re.compile(r"[一-鿿]{2}")
LONGEST_RUN = 5
WAYS_OF_A_NAME = 40


class TopicEar:
    """Compares runs of nouns with the names that the town's FAQ are known by."""

    def __init__(self, town: Town, readings: Readings) -> None:
        names = {word for faq in town.faqs.values() for word in faq.keywords if HAN.search(word)}
        self._readings = readings
        self._names: dict[str, str] = {}
        for name in sorted(names):
            for kana in self._ways(list(read(name, readings).words))[:WAYS_OF_A_NAME]:
                if len(kana) >= SHORTEST:
                    self._names.setdefault(folded_sound(fold_kana(kana)), name)
        self._written = frozenset(names)
        self._kana = list(self._names)

    def corrected(self, sentence: Sentence) -> str | None:
        """The sentence with one misheard name put right; None when nothing in it sounds like a name of ours."""
        if sentence.language != "ja":
            return None
        for run in noun_runs(sentence.words):
            start, end = run[0].start, run[-1].end
            said = sentence.text[start:end]
            if len(run) > LONGEST_RUN or said in self._written or (len(run) == 1 and run[0].known):
                continue
            if name := self._heard(tuple(map(folded_sound, self._ways(run)))):
                return sentence.text[:start] + name + sentence.text[end:]
        return None

    def _ways(self, run: list[Word]) -> tuple[str, ...]:
        """How the run is read, and how its kanji could be read one by one."""
        usual = "".join(word.reading for word in run)
        signs = "".join(word.surface for word in run)
        others = sign_by_sign(signs, self._readings)
        return tuple(dict.fromkeys((usual, *others)))

    def _heard(self, ways: tuple[str, ...]) -> str | None:
        for kana in ways:
            if kana in self._names:
                return self._names[kana]
        alike = [
            process.extractOne(kana, self._kana, scorer=Levenshtein.normalized_similarity, score_cutoff=SURELY_ALIKE)
            for kana in ways
            if len(kana) > SHORTEST
        ]
        best = max((one for one in alike if one), key=lambda one: one[1], default=None)
        return self._names[best[0]] if best else None
