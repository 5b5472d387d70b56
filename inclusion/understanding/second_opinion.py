"""Asks the learnt model whether the guard's patterns saw right; without it a danger in new words is missed and 泥棒よけの金庫 calls 110."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inclusion.municipalities import Town

from .asking import ASKING, DISPOSAL, OFFICE_ASKED
from .faqs import STORY_LENGTH, Guess
from .guarding import HIDDEN, URGENT, Refusal
from .linking import Linked
from .sentence import Sentence
from .telephone import OTHER_OFFICE

MEDICAL = "medical"
OUT_OF_ORDER = "out_of_order"  # 電気がつかない names what it is about: no story around something else
STOLEN = "stolen_or_lost"
STORY = ("r.medical", "r.legal", "r.other", "r.chitchat")
DANGER = 0.28  # a sentence that names nothing of ours
DANGER_BESIDE_THING = 0.4
DANGER_DISPOSED_OF = 0.7  # somebody asks how to throw something away
DANGER_OVER_MEDICAL = 0.2  # somebody is ill: a shade of danger is enough
DANGER_OVER_THEFT = 0.4
DANGER_OVER_OTHERS = 0.84  # the patterns saw something else that is not ours to answer
AHEAD = 0.07
FAR_AHEAD = 0.2  # of a question of ours that is likely meant
OF_ONE_KIND = 0.2  # a sum of many faint signs is no danger
SURE = 0.58  # of one rule, against the patterns
OTHER_REFUSAL = 0.42
REFUSAL_BESIDE_THING = 0.6
CLEARLY = 0.1
HARMLESS = 0.34
THING_MEANT = 0.3
THING_SURELY_MEANT = 0.45
FAQ_MEANT = 0.68
WISHED = 0.5
SURELY_HARMLESS = 0.15  # at most so much of danger may be in a story that a danger's own words stand in
FAINT = 0.1  # of danger and of a refusal together, where
KNOWN = 0.68  # something of ours is meant
SURELY_KNOWN = 0.75  # and this surely, before what frightens is passed over


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Confirms, adds or withdraws a refusal. In doubt the more urgent one stands."""

    rules: Mapping[str, Refusal]

    @classmethod
    def of(cls, town: Town) -> SecondOpinion:
        return cls({rule.name: Refusal(rule.id, rule.name) for rule in town.guard})

    def on(self, first: Refusal | None, sentence: Sentence, linked: Linked, guess: Guess) -> Refusal | None:
        """The refusal that stands. `guess` is about the whole sentence, nothing in it covered."""
        if first is None and _only_a_name(sentence, linked):
            return None
        seen = self.rules.get(guess.refused_as)
        if self._in_danger(first, sentence, linked, guess):
            danger = self.rules[guess.danger_as]
            changed = first is None or first.id not in URGENT or (first.id != danger.id and guess.refused >= SURE)
            return danger if changed else first
        if first is None:
            return seen if seen is not None and seen.id not in URGENT and self._clear(sentence, linked, guess) else None
        return None if self._told_in_passing(first, sentence, linked, guess) else first

    def _in_danger(self, first: Refusal | None, sentence: Sentence, linked: Linked, guess: Guess) -> bool:
        if guess.danger_as not in self.rules:
            return False
        if DISPOSAL.search(sentence.folded) and linked.mentions:
            return guess.danger >= DANGER_DISPOSED_OF and guess.danger > guess.thing + CLEARLY
        if first is not None and first.id not in URGENT:
            return guess.danger >= _least_over(first)
        if guess.refused_as == MEDICAL and guess.refused >= SURE and guess.danger >= DANGER_OVER_MEDICAL:
            return True
        if guess.refused < OF_ONE_KIND:
            return False
        if first is None and HIDDEN.search(sentence.folded):
            return guess.danger >= DANGER_DISPOSED_OF  # the rules looked and saw a machine: 父の冷蔵庫が動かない
        least = DANGER_BESIDE_THING if linked.mentions else DANGER
        ahead = FAR_AHEAD if guess.score >= FAQ_MEANT and guess.danger < DANGER_DISPOSED_OF else AHEAD
        return guess.danger >= least and guess.danger > max(guess.thing + AHEAD, guess.score + ahead, guess.elsewhere)

    def _clear(self, sentence: Sentence, linked: Linked, guess: Guess) -> bool:
        if guess.refused_as == OTHER_OFFICE and not (OFFICE_ASKED.search(sentence.folded) and _names_anybody(sentence)):
            return False
        least = REFUSAL_BESIDE_THING if linked.mentions else OTHER_REFUSAL
        return guess.refused >= least and guess.refused > max(guess.thing, guess.score, guess.elsewhere) + CLEARLY

    def _told_in_passing(self, first: Refusal, sentence: Sentence, linked: Linked, guess: Guess) -> bool:
        """骨折のとき使った松葉杖, 相続で戸籍がいる: what frightens is only the story around a thing or a question of ours."""
        if first.rule == OUT_OF_ORDER or first.id not in (*URGENT, *STORY) or guess.refused >= HARMLESS:
            return False
        if first.id in URGENT and (guess.danger >= SURELY_HARMLESS or not (DISPOSAL.search(sentence.folded) or guess.thing < THING_MEANT)):
            return False
        if first.id == "r.chitchat" and len(sentence.text) < STORY_LENGTH and guess.wished < WISHED:
            return False  # こんにちは, 使い方がわからない: too short to be a story around something else
        known = max(guess.thing if linked.mentions else 0.0, guess.score, guess.helped, guess.wished)
        if guess.danger + guess.refused < FAINT and known >= (SURELY_KNOWN if first.id in URGENT else KNOWN):
            return True
        if first.id == "r.chitchat" and guess.wished >= WISHED and guess.wished > guess.refused + CLEARLY:
            return True
        meant = THING_MEANT if first.id in STORY else THING_SURELY_MEANT
        if linked.mentions and guess.thing >= meant and guess.thing > guess.refused + CLEARLY:
            return True
        if first.id in URGENT:
            return False
        return guess.score >= FAQ_MEANT and guess.score > guess.refused + CLEARLY


def _names_anybody(sentence: Sentence) -> bool:
    """Whether an office is named; 電話番号は asks for the number of what is talked about."""
    return sentence.language != "ja" or any(word.is_noun and not ASKING.search(word.surface) for word in sentence.words)


def _only_a_name(sentence: Sentence, linked: Linked) -> bool:
    """ストーブ, しびん: a word of ours and nothing else frightens nobody, whatever was learnt beside it."""
    named = linked.mentions[0] if len(linked.mentions) == 1 else None
    if named is None or named.how != "written":
        return False
    return not (sentence.folded[: named.start] + sentence.folded[named.end :]).strip(" 。、?!")


def _least_over(first: Refusal) -> float:
    """How much danger the model must see before it stands over what the patterns saw, which is no danger."""
    if first.rule == MEDICAL:
        return DANGER_OVER_MEDICAL
    return DANGER_OVER_THEFT if first.rule == STOLEN else DANGER_OVER_OTHERS
