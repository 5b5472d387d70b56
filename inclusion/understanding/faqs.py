"""Chooses the written answer a question asks for; without it only things could be asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from accessibility import Readings
from inclusion.municipalities import Town

from .concepts import gates
from .features import masked
from .guarding import URGENT
from .lexicon import folded_word
from .linking import Mention
from .meaning import Vector
from .normalising import fold_kana, normalise
from .patterns import Patterns
from .said import ELSEWHERE, PHONE_HELP, REFUSED, STEPWISE, THING, TOLD, family_of
from .sentence import Sentence, read
from .topics import topics_of

KIN = (
    r"(?=(?:お|うちの|わたしの|私の)?(?:母|父|夫|妻|主人|親|両親|祖父|祖母|義|兄|姉|弟|妹|息子|娘|おじ|おば|じい|ばあ|人|友|旦那|家族|はは|ちち|おっと|つま|"
    r"しゅじん|おや|りょうしん|そふ|そぼ|ぎり|あに|あね|おとうと|いもうと|むすこ|むすめ|とも|だんな|かぞく|ひと))"
)
ASKS_TO_BE_TOLD = Patterns("asking")("asks_to_be_told")
MOURNED = re.compile(rf"(?:死んだ|しんだ|死んでしまった|しんでしまった|亡き|他界した){KIN}")
DENIED = r"^[^。]{2,}?(?:じゃなくて|ではなくて|ではなく|でなくて|じゃなく)[、\s]*(?=.{4})"
EVENT = re.compile(r"([一-龥々]{2,10}|[ァ-ヶー]{2,10})(?:まつり|祭り?|フェスティバル|フェス)")
ANY_EVENT = re.compile(r"(?:今年|今度|近所|地元|町内|町会|神社|地域|納涼|納涼大会|盆踊|桜|夏|秋|春|冬|区内|東京|日本|季節|来年|去年)$")
NAME = re.compile(r"(?:祭り?|まつり|教室|相談会|かーど|保険証?|証明書?|ふぇす|踊り|ぱす|せんたー)$")
SMALLEST_WISH = 0.15
WISHES = ("s.", "l.", "v.")
HELP_AHEAD = 0.08
GATE_OPENS = 0.5
STORY_LENGTH = 18  # signs; a word or two say too little to do without the topic's own
SMALL_REST = 1
NEAR = 0.12
SHORTEST_SENTENCE = 6
LIKELIEST_THINGS = 6
PUNCTUATION = re.compile(r"[、。,.!?\s・「」『』]+")
KATAKANA_WORD = re.compile(r"^[ぁ-ゖー]+$")


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest FAQ with its score, the next best, and how much the sentence is about a thing or about nothing of ours.

    `danger` is the share of all rules that save a life or somebody's money, `refused` only that of the likeliest rule.
    `helped` is the share of the likeliest stepwise help with the telephone, part of the score of the FAQ about such help.
    `told` are the likeliest things, each with its share of all things, the likeliest first.
    """

    id: str
    score: float
    second: float
    second_id: str = ""
    thing: float = 0.0
    elsewhere: float = 0.0
    refused: float = 0.0
    refused_as: str = ""
    danger: float = 0.0
    danger_as: str = ""
    wish: str = ""
    wished: float = 0.0
    on_topic: bool = True
    over_things: bool = False
    help: str = ""
    helped: float = 0.0
    by_meaning: float = 0.0
    by_letters: float = 0.0
    told: tuple[tuple[str, float], ...] = ()

    def told_as(self, target: str) -> float:
        """How much the sentence sounds like what people say of this thing."""
        return dict(self.told).get(target, 0.0)


class FaqFinder:
    """Reads the scores of the topics as a guess at one FAQ."""

    def __init__(self, town: Town, readings: Readings) -> None:
        self.topics = topics_of(town, readings)
        self._town = town
        self._concepts = self.topics.trunk.concepts
        self._home = (town.name, town.name[:-1])
        self._own_name = re.compile(f"{re.escape(town.name)}の|{MOURNED.pattern}|{DENIED}")
        self._topics = {faq.id: self._topic(" ".join((faq.title, *faq.keywords))) for faq in town.faqs.values()}
        self._keywords = {faq.id: tuple(folded_word(k) for k in faq.keywords if len(k) > 1) for faq in town.faqs.values()}
        named = {word for words in self._keywords.values() for word in words if NAME.search(word)}
        self._long_words = named | {fold_kana(read(word, readings).kana) for word in named}
        self._said = _said_once(town)
        self._gates = [(prefix, frozenset(map(self._concepts.names.index, names))) for prefix, names in gates(self._concepts.names)]
        self._labels = self.topics.labels
        self._urgent = self._labelled({rule.name for rule in town.guard if rule.id in URGENT})
        self._money = self._labelled({rule.name for rule in town.guard if rule.id == "r.fraud"})
        self._stepwise = [number for number, label in enumerate(self._labels) if label.startswith(STEPWISE)]

    def family(self, target: str) -> str:
        """What the sentences about this thing are learnt for."""
        return family_of(self._town, target)

    def exactly(self, sentence: Sentence) -> str:
        """The FAQ that has these very words as one of its ways of asking, perhaps with a word of asking behind; "" where none has."""
        said, ours = sentence.folded, fold_kana(self._home[0])
        without = ASKS_TO_BE_TOLD.sub("", said)
        ways = (said, without, without.replace(ours, ours[-1]))  # ◯◯区の電話番号を教えて is 区の電話番号
        return next((faq for way in ways if (faq := self._said.get(_plain(way), ""))), "")

    def best(self, sentence: Sentence, mentions: tuple[Mention, ...] = (), context: str = "") -> Guess:
        """The likeliest FAQ for a sentence whose things are covered, perhaps with a topic put in front."""
        text = masked(sentence, mentions, context, self._own_name)
        seen = self.topics.scores(text)
        scores, by_meaning, by_letters, meant = seen.whole, seen.by_meaning, seen.by_letters, seen.meant
        self._stepwise_help(by_meaning)
        self._stepwise_help(by_letters)
        help_with, helped = self._stepwise_help(scores)
        danger, danger_as = self._danger(scores)
        wish, wished = self._likeliest_wish(scores)
        refused_as, refused = self._likeliest_refusal(scores)
        thing, elsewhere = self._score(scores, THING, TOLD), self._score(scores, ELSEWHERE)
        told = tuple((self.topics.told[i], float(seen.told[i])) for i in np.argsort(-seen.told)[:LIKELIEST_THINGS])
        ranked = sorted(
            (i for i, label in enumerate(self._labels) if self._allowed(label, meant, float(scores[i]))), key=lambda i: -scores[i]
        )[:2]
        if len(ranked) < 2:
            none = Guess("", 0.0, 0.0, "", thing, elsewhere, refused, refused_as, danger, danger_as, wish, wished)
            return replace(none, help=help_with, helped=helped, told=told)
        ranked = self._telling_first(ranked, scores, set(meant))
        first, second = (self._labels[i] for i in ranked)
        on_topic = bool(self._topics[first] & set(meant)) or any(word in text.folded or word in text.kana for word in self._keywords[first])
        over_things = bool(self._topics[first] & set(meant) & self._concepts.over_things)
        high, low = sorted((float(scores[i]) for i in ranked), reverse=True)
        return Guess(
            first, high, low, second, thing, elsewhere, refused, refused_as, danger, danger_as, wish, wished, on_topic, over_things,
            help_with, helped, *self._agreement(first, by_meaning, by_letters, meant), told,
        )  # fmt: skip

    def _labelled(self, rules: set[str]) -> list[int]:
        return [number for number, label in enumerate(self._labels) if label.removeprefix(REFUSED) in rules and label.startswith(REFUSED)]

    def _score(self, scores: Vector, *labels: str) -> float:
        return float(sum(scores[self._labels.index(label)] for label in labels if label in self._labels))

    def _agreement(self, chosen: str, by_meaning: Vector, by_letters: Vector, meant: list[int]) -> tuple[float, float]:
        """How far the chosen FAQ is ahead of every other one by meaning alone, and by letters alone; below 0 where another is ahead."""
        numbers = [number for number, label in enumerate(self._labels) if label in self._topics and self._allowed(label, meant)]
        others, own = [number for number in numbers if self._labels[number] != chosen], self._labels.index(chosen)
        if not others:
            return 0.0, 0.0
        return float(by_meaning[own] - by_meaning[others].max()), float(by_letters[own] - by_letters[others].max())

    def _stepwise_help(self, scores: Vector) -> tuple[str, float]:
        """The likeliest stepwise help with the telephone and its score; all of them together also speak for the FAQ about such help."""
        if not self._stepwise or PHONE_HELP not in self._labels:
            return "", 0.0
        scores[self._labels.index(PHONE_HELP)] += scores[self._stepwise].sum()
        second, likeliest = sorted(self._stepwise, key=lambda number: float(scores[number]))[-2:]
        ahead = scores[likeliest] - scores[second] >= HELP_AHEAD
        return (self._labels[likeliest], float(scores[likeliest])) if ahead else ("", 0.0)

    def _likeliest_refusal(self, scores: Vector) -> tuple[str, float]:
        """The rule that refuses whose examples are likest, and its score."""
        ranked = ((float(score), label) for score, label in zip(scores, self._labels, strict=True) if label.startswith(REFUSED))
        score, label = max(ranked, default=(0.0, REFUSED))
        return label.removeprefix(REFUSED), score

    def _likeliest_wish(self, scores: Vector) -> tuple[str, float]:
        """The likeliest thing to do (larger letters, a seat in a class), and how much the sentence asks for things of its kind."""
        kinds: dict[str, list[tuple[float, str]]] = {}
        for score, label in zip(scores, self._labels, strict=True):
            if label.startswith(WISHES):
                kinds.setdefault(label[0], []).append((float(score), label))
        summed = {max(of_kind)[1]: sum(score for score, _ in of_kind) for of_kind in kinds.values() if max(of_kind)[0] >= SMALLEST_WISH}
        wish = max(summed, key=lambda label: summed[label], default="")
        return wish, summed.get(wish, 0.0)

    def _danger(self, scores: Vector) -> tuple[float, str]:
        """How much of the sentence speaks of danger, and the rule to refuse by: first whether life or money, then which."""
        if not self._urgent:
            return 0.0, ""
        life = [number for number in self._urgent if number not in self._money]
        over_money = float(scores[life].sum()) >= float(scores[self._money].sum())
        likeliest = max(life if over_money else self._money, key=lambda number: float(scores[number]))
        return float(scores[self._urgent].sum()), self._labels[likeliest].removeprefix(REFUSED)

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

    def names_unknown_event(self, sentence: Sentence) -> bool:
        """Whether a festival is named that none of our answers knows: 熊手まつり is not some other festival of ours."""
        found = EVENT.search(sentence.text)
        if found is None or ANY_EVENT.search(found[1]) or found[1].endswith(self._home):
            return False
        at = sentence.folded.find(fold_kana(found[0]).lower())
        return not any(start < at + len(found[0]) and at < start + len(word) for word, start in self._keywords_in(sentence.folded))

    def _keywords_in(self, folded: str) -> Iterator[tuple[str, int]]:
        for word in self._long_words:
            at = folded.find(word)
            if at >= 0:
                yield word, at

    def speaks_of(self, faq_id: str, word: str) -> bool:
        """Whether this word is one of a FAQ's own (遺品 of the FAQ on belongings left behind; レジスター is none of レジ)."""
        whole = bool(KATAKANA_WORD.match(word))
        return any(word in keyword or (not whole and keyword in word) for keyword in self._keywords.get(faq_id, ()))

    def any_speaks_of(self, word: str) -> bool:
        """Whether this word is one of any written answer's own."""
        return any(self.speaks_of(one, word) for one in self._keywords)

    def keywords_said(self, sentence: Sentence, faq_id: str) -> int:
        """How many of a FAQ's own words stand in a sentence."""
        return sum(word in sentence.folded for word in self._keywords.get(faq_id, ()))

    def covers(self, words: str, faq_id: str) -> bool:
        """Whether a bare noun is wholly made of words of this FAQ or its topic: 法被 and 雨合羽 are not 祭り and 雨."""
        if faq_id not in self._topics:
            return False
        topic = self._topics[faq_id]
        known = [word for word in self._keywords[faq_id] if word in words]
        known += [word for number, word in self._concepts.words_in(words) if number in topic]
        left = words
        for word in sorted(known, key=len, reverse=True):
            left = left.replace(word, "")
        return len(left) <= SMALL_REST or any(words in keyword for keyword in self._keywords[faq_id])

    def is_another_thing(self, first: str, last: str, faq_id: str) -> bool:
        """防災頭巾 is no 防災: its last noun adds nothing we know, and the FAQ does not speak of it (盆おどり is a word of its own)."""
        known = set(self._concepts.in_sentence(first, ""))
        return set(self._concepts.in_sentence(first + last, "")) <= known and not self.speaks_of(faq_id, last)

    def _allowed(self, label: str, meant: list[int], score: float = 0.0) -> bool:
        """Topic gates: a class is not meant where no word of classes was said, unless a story says so by itself."""
        if label not in self._topics:
            return False
        return score >= GATE_OPENS or all(needed & set(meant) for prefix, needed in self._gates if label.startswith(prefix))

    def _topic(self, words: str) -> set[int]:
        return set(self._concepts.in_sentence(fold_kana(words).lower(), ""))


def _said_once(town: Town) -> dict[str, str]:
    """Every way of asking of every FAQ, with its FAQ; what two FAQs share belongs to neither."""
    owners: dict[str, set[str]] = {}
    for faq in town.faqs.values():
        for said in (faq.title, *faq.paraphrases):
            owners.setdefault(_plain(fold_kana(normalise(said))), set()).add(faq.id)
    return {said: next(iter(faqs)) for said, faqs in owners.items() if len(faqs) == 1 and len(said) >= SHORTEST_SENTENCE}


def _plain(folded: str) -> str:
    return PUNCTUATION.sub("", folded)
