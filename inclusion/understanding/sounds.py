"""Recognises a thing by its sound when it was misspelt or misheard; without it 走時期 would not be a 掃除機."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from accessibility import Readings, Word

from .lexicon import Entry, Lexicon
from .normalising import fold_kana
from .sentence import Sentence

VOICED = "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゔ"
VOICELESS = "かきくけこさしすせそたちつてとはひふへほはひふへほう"
SMALL = "ぁぃぅぇぉっゃゅょゎ"
LARGE = "あいうえおつやゆよわ"
FOLDED = str.maketrans(VOICED + SMALL + "をぢづ", VOICELESS + LARGE + "おしす")
POLITE_END = re.compile(r"(?:です|ます|でしょう|か|ね|よ|の|ん|けど|が|ください|おしえて|[、。?!\s])+$")
KANJI = re.compile(r"[一-鿿].*[一-鿿]")
SHORTEST_HEARD = 4
SHORTEST_READ = 3
ALIKE = 0.8
NEARLY = 0.45
LONG_WORD = 5
MANY_VARIANTS = 8
MANY_READINGS = 8
MOST_WAYS = 400
HAN_SIGN = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True)
class Heard:
    """A lexicon entry recognised by sound: `how` is read, folded or heard, `score` how alike (1.0 the same)."""

    entry: Entry
    how: str
    score: float


class Ear:
    """Compares kana with everything the town has a word for."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._by_kana = lexicon.readings
        self._by_fold: dict[str, Entry] = {}
        for kana, entry in lexicon.readings.items():
            self._by_fold.setdefault(folded_sound(kana), entry)
        self._written = {word: entry for word, entry in lexicon.entries.items() if len(word) >= SHORTEST_READ and KANJI.search(word)}
        self._in_signs = {entry.reading: word for word, entry in reversed(lexicon.entries.items()) if HAN_SIGN.search(word)}
        self._by_shape: dict[tuple[int, str], list[str]] = {}
        for word in self._written:
            self._by_shape.setdefault((len(word), word[-1]), []).append(word)
        self._kana = list(lexicon.readings)
        self._folds = {kana: folded_sound(kana) for kana in self._kana}

    def hear(self, variants: Iterable[str], shortest: int = SHORTEST_READ) -> Heard | None:
        """The thing these kana (several readings of one writing) spell, exactly or nearly; None when nothing is near enough."""
        spellings = [kana for kana in variants if kana]
        if spelled := self.spells(spellings, shortest):
            return spelled
        alike = [heard for kana in spellings if len(kana) >= SHORTEST_HEARD for heard in self._alike(kana, ALIKE, 4)]
        return max(alike, key=lambda heard: heard.score, default=None)

    def spells(self, variants: Sequence[str], shortest: int = SHORTEST_READ) -> Heard | None:
        """The thing that one of these kana spells, exactly or but for voicing and long vowels."""
        for kana in variants:
            if len(kana) >= shortest and kana in self._by_kana:
                return Heard(self._by_kana[kana], "read", 1.0)
        for kana in variants:
            fold = folded_sound(kana)
            if len(kana) >= SHORTEST_HEARD and fold in self._by_fold:
                return Heard(self._by_fold[fold], "folded", 0.95)
        return None

    def reads(self, variants: Iterable[str]) -> Heard | None:
        """The thing that one of these spellings reads as, exactly; put as a question, since the signs were others."""
        entry = next((self._by_kana[kana] for kana in variants if len(kana) >= SHORTEST_HEARD and kana in self._by_kana), None)
        return Heard(entry, "heard", ALIKE) if entry else None

    def written(self, entry: Entry) -> str:
        """How the thing of this sound is written: in kanji where a word of ours is."""
        return self._in_signs.get(entry.reading, entry.word)

    def looks_like(self, written: str, sound: str) -> Heard | None:
        """A thing written with one wrong sign (洗択機), its last sign right; of several the one that sounds most alike."""
        alike = [
            self._written[word]
            for word in self._by_shape.get((len(written), written[-1:]), ())
            if sum(a != b for a, b in zip(word, written, strict=True)) == 1
        ]
        best = max(alike, key=lambda entry: Levenshtein.normalized_similarity(sound, entry.reading), default=None)
        return Heard(best, "heard", 1 - 1 / len(written)) if best else None

    def nearest(self, kana: str, few: int = 3) -> tuple[str, ...]:
        """The targets whose names sound nearest, each once: what to offer as "did you mean"."""
        ranked = sorted(self._alike(kana, NEARLY, 12), key=lambda heard: -heard.score)
        return tuple(dict.fromkeys(heard.entry.target for heard in ranked))[:few]

    def _alike(self, kana: str, least: float, few: int) -> list[Heard]:
        rough = process.extract(
            kana, self._kana, scorer=OSA.normalized_similarity, processor=None, score_cutoff=max(least - 0.2, 0.3), limit=few
        )
        fold = folded_sound(kana)
        scored = []
        for word, score, _ in rough:
            both = (score + OSA.normalized_similarity(fold, self._folds[word])) / 2
            if both >= least:
                scored.append(Heard(self._by_kana[word], "heard", both))
        return scored


def folded_sound(kana: str) -> str:
    """The kana without voicing, small letters and long vowels: すとーぷ and すとーぶ become the same."""
    plain: list[str] = []
    for sign in kana.translate(FOLDED):
        if sign == "ー" or (sign == "う" and plain and plain[-1] in "おこそとのほもよろうくすつぬふむゆる"):
            continue
        if sign == "い" and plain and plain[-1] in "えけせてねへめれ":
            continue
        if plain and sign == plain[-1] and sign in "あいうえお":
            continue
        plain.append(sign)
    return "".join(plain)


def sound_of(sentence: Sentence) -> str:
    """How a whole sentence sounds, without the politeness at its end."""
    return folded_sound(POLITE_END.sub("", sentence.kana or sentence.folded))


def by_its_sound(sentence: Sentence) -> str | None:
    """商家期期限霧れてる as it sounds, where a lone sign stands beside another word in kanji; None where none does."""
    written = [word.surface for word in sentence.words if word.kind[0] != "接尾辞"]
    beside = any(len(min(pair, key=len)) == 1 and all(map(HAN_SIGN.match, pair)) for pair in pairwise(written))
    return sentence.kana if beside else None


def spellings(words: tuple[Word, ...], readings: Readings) -> tuple[str, ...]:
    """How these words could be read: the usual way first, then the other readings of single kanji."""
    usual = "".join(word.reading for word in words)
    choices = [_ways(word, readings) for word in words]
    others = ("".join(way) for way, _ in zip(product(*choices), range(MANY_VARIANTS), strict=False))
    return tuple(dict.fromkeys((usual, *others)))


def sign_by_sign(written: str, readings: Readings) -> tuple[str, ...]:
    """How a text could be read if every kanji stood alone: 水阪器 may be すいはんき; nothing where a sign has no reading."""
    choices = [readings.all_readings(sign)[:MANY_READINGS] if HAN_SIGN.match(sign) else (fold_kana(sign),) for sign in written]
    if not all(choices):
        return ()
    return tuple("".join(way) for way, _ in zip(product(*choices), range(MOST_WAYS), strict=False))


def _ways(word: Word, readings: Readings) -> tuple[str, ...]:
    if len(word.surface) == 1 and "一" <= word.surface <= "鿿":
        return tuple(dict.fromkeys((word.reading, *readings.all_readings(word.surface)[:3])))
    return (word.reading,)
