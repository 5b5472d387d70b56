"""Stops what must not be answered by a machine before anything else is considered; without it an emergency could get a price."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inclusion.municipalities import Town

from .normalising import fold_kana
from .patterns import Patterns
from .sentence import Sentence

MUNICIPALITY = re.compile(r"([一-龥ァ-ヶぁ-ん]{1,6}?)(市|区|町|村|県|府)(?=$|[のでにはもがへと、。\s?]|から|在住|民|役所|内)")
NOT_A_TOWN = re.compile(
    r"(?:^|[のはがをにとでもや、。\s])(?:地|23|全|各|同|学|管|校|特別|自治|この|その|うちの|住んでいる|お|前の|今の|"
    r"元の|引っ?越し先の|都|現|当|本|国|民|両|下|城下|港|門前|宿場|漁|農|山|隣|別の|ほかの|他の|どこの|何|中央省|小|"
    r"大)$"
)
WORDS = Patterns("guarding")
MOVING = WORDS("moving")
REGISTER = WORDS("register")
PAPERS = WORDS("papers")
HERE = WORDS("here")
OF_IT = WORDS("of_it")
HIDDEN = WORDS("hidden")
URGENT = frozenset({"r.emergency", "r.fraud"})
ABBREVIATED = re.compile(r"[都道府県市区町村]$")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which rule refuses (its unique name) and the id the resident's answer carries (`r.emergency` ...)."""

    id: str
    rule: str


class Guard:
    """The town's reviewed rules in their order, and the general rule about other municipalities."""

    def __init__(self, town: Town) -> None:
        self._rules = [(rule, _any(rule.patterns), _any(rule.unless) if rule.unless else None) for rule in town.guard]
        self._others = _names_of_others(town)
        own = [town.name, *(place.name for place in town.places)]
        self._own = re.compile("|".join(re.escape(name) for name in own if name))
        self._neighbour = next((rule for rule in town.guard if rule.id == "r.other_city"), None)

    def refusal(self, sentence: Sentence) -> Refusal | None:
        """The first rule that applies; None when the question may be answered."""
        for rule, patterns, unless in self._rules:
            if _applies(sentence, patterns, unless):
                return Refusal(rule.id, rule.name)
        if self.names_other_town(sentence):
            return Refusal("r.other_city", self._neighbour.name if self._neighbour else "other_city")
        return None

    def names_other_town(self, sentence: Sentence) -> bool:
        """Whether the question is about another municipality (and not about moving house or its left-over tickets).

        渋谷区の住民票 is the other town's; who came from there and asks about a 住民票 asks about ours.
        """
        if MOVING.search(sentence.folded) or REGISTER.search(sentence.folded):
            return False
        text = self._own.sub("", sentence.text)
        ends = [*(found.end() for found in self._others.finditer(text)), *_ends_of_unlisted(text, sentence)]
        if not PAPERS.search(sentence.folded):
            return bool(ends)
        return not HERE.search(sentence.folded) and any(OF_IT.match(fold_kana(text[end:])) for end in ends)


def _ends_of_unlisted(text: str, sentence: Sentence) -> list[int]:
    """Where names of municipalities end that the town did not list."""
    return [
        found.end(2)
        for found in MUNICIPALITY.finditer(text)
        if len(found[1]) > 1 and not NOT_A_TOWN.search(text[: found.end(1)]) and _is_name(found[1], sentence)
    ]


def _applies(sentence: Sentence, patterns: re.Pattern[str], unless: re.Pattern[str] | None) -> bool:
    """As it is written, or as romaji and words with spaces between them are said: "kaji desu", かじ です.

    Words that only look like people in trouble are hidden first: the 母 of 母子家庭, a 冷蔵庫 that does not move.
    """
    ways = (sentence.folded, sentence.unspaced)
    shown = (HIDDEN.sub(lambda found: "＿" * len(found[0]), way) for way in ways)
    return any(patterns.search(way) for way in shown) and not (unless and any(unless.search(way) for way in ways))


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


def _names_of_others(town: Town) -> re.Pattern[str]:
    """Full names anywhere; names without 市 or 区 only where a place stands (横浜の, 大阪で)."""
    full = [re.escape(name) for name in town.other_towns]
    short = [re.escape(ABBREVIATED.sub("", name)) for name in town.other_towns if len(name) > 2]
    short = [name for name in short if name not in ("中央", "北", "港")]
    pattern = "|".join(full) + "|(?:" + "|".join(short) + r")(?=の|で|に(?:住|ある|出)|在住|から|だと|なら)"
    return re.compile(pattern if full else r"(?!)")


def _is_name(name: str, sentence: Sentence) -> bool:
    """Whether the dictionary reads it as a place."""
    return any(word.kind[1] == "固有名詞" and word.kind[2] == "地名" and name.endswith(word.surface) for word in sentence.words)
