"""Asks the learnt model whether the guard's patterns saw right; without it a danger in new words is missed and 泥棒よけの金庫 calls 110."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inclusion.municipalities import Town

from .asking import DISPOSAL
from .faqs import Guess
from .guarding import Refusal
from .linking import Linked
from .sentence import Sentence

URGENT = ("r.emergency", "r.fraud")
STORY = ("r.medical", "r.legal", "r.other", "r.chitchat")
SURE_DANGER = 0.58
DANGER = 0.4
OTHER_REFUSAL = 0.42
CLEARLY = 0.1
HARMLESS = 0.34
THING_MEANT = 0.3
THING_SURELY_MEANT = 0.45
FAQ_MEANT = 0.42


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Confirms, adds or withdraws a refusal. In doubt the more urgent one stands."""

    rules: Mapping[str, Refusal]

    @classmethod
    def of(cls, town: Town) -> SecondOpinion:
        return cls({rule.name: Refusal(rule.id, rule.name) for rule in town.guard})

    def on(self, first: Refusal | None, sentence: Sentence, linked: Linked, guess: Guess) -> Refusal | None:
        """The refusal that stands. `guess` is about the whole sentence, nothing in it covered."""
        seen = self._seen(guess)
        urgent = seen is not None and seen.id in URGENT
        if urgent and self._in_danger(first, sentence, linked, guess):
            changed = first is None or first.id not in URGENT or (first.id != seen.id and guess.refused >= SURE_DANGER)  # type: ignore[union-attr]  # urgent
            return seen if changed else first
        if first is None:
            return seen if seen is not None and not urgent and self._clear(guess) else None
        return None if self._told_in_passing(first, linked, guess) else first

    def _seen(self, guess: Guess) -> Refusal | None:
        return self.rules.get(guess.refused_as)

    def _in_danger(self, first: Refusal | None, sentence: Sentence, linked: Linked, guess: Guess) -> bool:
        if DISPOSAL.search(sentence.folded) and linked.mentions:
            return guess.refused >= SURE_DANGER and guess.refused > guess.thing + CLEARLY
        if guess.refused >= SURE_DANGER:
            return guess.refused > guess.thing - CLEARLY
        if first is not None and first.id not in URGENT:
            return False
        return guess.refused >= DANGER and guess.refused > max(guess.thing, guess.score) + CLEARLY / 2

    def _clear(self, guess: Guess) -> bool:
        return guess.refused >= OTHER_REFUSAL and guess.refused > max(guess.thing, guess.score, guess.elsewhere) + CLEARLY

    def _told_in_passing(self, first: Refusal, linked: Linked, guess: Guess) -> bool:
        """骨折のとき使った松葉杖, 相続で戸籍がいる: what frightens is only the story around a thing or a question of ours."""
        if first.id not in (*URGENT, *STORY) or guess.refused >= HARMLESS:
            return False
        meant = THING_MEANT if first.id in STORY else THING_SURELY_MEANT
        if linked.mentions and guess.thing >= meant and guess.thing > guess.refused + CLEARLY:
            return True
        if first.id in URGENT:
            return False
        return guess.score >= FAQ_MEANT and guess.score > guess.refused + CLEARLY
