"""Chooses the written answer a question asks for; without it only things could be asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from accessibility import Readings
from inclusion.municipalities import Town

from .concepts import gates
from .features import masked
from .lexicon import folded_word
from .linking import Mention
from .meaning import Vector
from .normalising import fold_kana
from .said import ELSEWHERE, REFUSED, THING
from .sentence import Sentence
from .topics import topics_of

KIN = (
    r"(?=(?:お|うちの|わたしの|私の)?(?:母|父|夫|妻|主人|親|両親|祖父|祖母|義|兄|姉|弟|妹|息子|娘|おじ|おば|じい|ばあ|人|友|旦那|家族|はは|ちち|おっと|つま|"
    r"しゅじん|おや|りょうしん|そふ|そぼ|ぎり|あに|あね|おとうと|いもうと|むすこ|むすめ|とも|だんな|かぞく|ひと))"
)
MOURNED = re.compile(rf"(?:死んだ|しんだ|死んでしまった|しんでしまった|亡き|他界した){KIN}")
NAME = re.compile(r"(?:祭り?|まつり|教室|相談会|かーど|保険証?|証明書?|ふぇす|踊り|ぱす|せんたー)$")
CONSIDERED = 16
NEAR = 0.12
KATAKANA_WORD = re.compile(r"^[ぁ-ゖー]+$")


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest FAQ with its score, the next best, and how much the sentence is about a thing or about nothing of ours."""

    id: str
    score: float
    second: float
    second_id: str = ""
    thing: float = 0.0
    elsewhere: float = 0.0
    refused: float = 0.0
    refused_as: str = ""
    on_topic: bool = True
    over_things: bool = False


class FaqFinder:
    """Reads the scores of the topics as a guess at one FAQ."""

    def __init__(self, town: Town, readings: Readings) -> None:
        self.topics = topics_of(town, readings)
        self._concepts = self.topics.concepts
        self._own_name = re.compile(f"{re.escape(town.name)}の|{MOURNED.pattern}")
        self._topics = {faq.id: self._topic(" ".join((faq.title, *faq.keywords))) for faq in town.faqs.values()}
        self._keywords = {faq.id: tuple(folded_word(k) for k in faq.keywords if len(k) > 1) for faq in town.faqs.values()}
        self._long_words = {word for words in self._keywords.values() for word in words if NAME.search(word)}
        self._gates = [(prefix, frozenset(map(self._concepts.names.index, names))) for prefix, names in gates(self._concepts.names)]
        self._labels = self.topics.labels

    def best(self, sentence: Sentence, mentions: tuple[Mention, ...] = (), context: str = "") -> Guess:
        """The likeliest FAQ for a sentence whose things are covered, perhaps with a topic put in front."""
        text = masked(sentence, mentions, context, self._own_name)
        scores, meant = self.topics.scores(text)
        refused_as, refused = self._likeliest_refusal(scores)
        thing, elsewhere = self._score(scores, THING), self._score(scores, ELSEWHERE)
        ranked = [i for i in np.argsort(-scores)[:CONSIDERED] if self._allowed(self._labels[i], meant)][:2]
        if len(ranked) < 2:
            return Guess("", 0.0, 0.0, "", thing, elsewhere, refused, refused_as)
        ranked = self._telling_first(ranked, scores, set(meant))
        first, second = (self._labels[i] for i in ranked)
        on_topic = bool(self._topics[first] & set(meant)) or any(word in text.folded or word in text.kana for word in self._keywords[first])
        over_things = bool(self._topics[first] & set(meant) & self._concepts.over_things)
        high, low = sorted((float(scores[i]) for i in ranked), reverse=True)
        return Guess(first, high, low, second, thing, elsewhere, refused, refused_as, on_topic, over_things)

    def _score(self, scores: Vector, label: str) -> float:
        return float(scores[self._labels.index(label)])

    def _likeliest_refusal(self, scores: Vector) -> tuple[str, float]:
        """The rule that refuses whose examples are likest, and its score."""
        ranked = ((float(score), label) for score, label in zip(scores, self._labels, strict=True) if label.startswith(REFUSED))
        score, label = max(ranked, default=(0.0, REFUSED))
        return label.removeprefix(REFUSED), score

    def _telling_first(self, ranked: list[int], scores: Vector, meant: set[int]) -> list[int]:
        """Of two near ones, the one whose telling circumstance was named: 亡くなって荷物がたくさん is about belongings left behind."""
        first, second = ranked
        telling = [bool(self._topics[self._labels[i]] & meant & self._concepts.over_things) for i in ranked]
        if telling == [False, True] and scores[first] - scores[second] <= NEAR:
            return [second, first]
        return ranked

    def names(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether this stretch is part of a longer word of some FAQ: the 古本 of 古本まつり is no paper to collect."""
        return any(at < end and start < at + len(word) and len(word) > end - start for word, at in self._keywords_in(sentence.folded))

    def _keywords_in(self, folded: str) -> Iterator[tuple[str, int]]:
        for word in self._long_words:
            at = folded.find(word)
            if at >= 0:
                yield word, at

    def speaks_of(self, faq_id: str, word: str) -> bool:
        """Whether this word is one of a FAQ's own (遺品 of the FAQ on belongings left behind; レジスター is none of レジ)."""
        whole = bool(KATAKANA_WORD.match(word))
        return any(word in keyword or (not whole and keyword in word) for keyword in self._keywords.get(faq_id, ()))

    def is_another_thing(self, first: str, last: str, faq_id: str) -> bool:
        """防災頭巾 is no 防災: its last noun adds nothing we know, and the FAQ does not speak of it (盆おどり is a word of its own)."""
        known = set(self._concepts.in_sentence(first, ""))
        return set(self._concepts.in_sentence(first + last, "")) <= known and not self.speaks_of(faq_id, last)

    def _allowed(self, label: str, meant: list[int]) -> bool:
        """Topic gates: a class is not meant where no word of classes was said."""
        if label in (THING, ELSEWHERE) or label.startswith(REFUSED):
            return False
        return all(needed & set(meant) for prefix, needed in self._gates if label.startswith(prefix))

    def _topic(self, words: str) -> set[int]:
        return set(self._concepts.in_sentence(fold_kana(words).lower(), ""))
