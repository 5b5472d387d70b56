"""Takes yes and no: to our own question, and no to an answer that was wrong; without it 違います would be offered a 長いす."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from .replying import NO, ONLY_NO, YES
from .request import Request, begun
from .said import STEPWISE
from .sentence import Sentence
from .talk import Following, Talk
from .things import Thing

Outcome = tuple[Request, Talk]
NOT_THAT: Final = "not_that"


def yes_or_no(sentence: Sentence, things: Sequence[Thing], talk: Talk, basket_again: Callable[[Talk], Outcome]) -> Outcome | None:
    """What follows a yes or a no; None where the sentence is neither."""
    if YES.match(sentence.folded):
        return _agreed(talk, basket_again)
    if talk.confirming and NO.match(sentence.folded) and not things:
        return _not_that(talk.offered, replace(talk, basket=(), topic=(), confirming=()))
    if talk.question is None and (talk.basket or talk.topic) and ONLY_NO.match(sentence.folded):
        return _not_that((), talk)  # the basket stays: 4脚です may follow
    return None


def agrees(sentence: Sentence, talk: Talk) -> bool:
    """Whether this is the yes to what we just asked, and so no thanks and no chat."""
    return bool(talk.confirming and YES.match(sentence.folded))


def _agreed(talk: Talk, basket_again: Callable[[Talk], Outcome]) -> Outcome | None:
    yes, confirmed = talk.confirming, replace(talk, confirming=())
    if not yes:
        return basket_again(talk) if talk.question is None and talk.basket else None
    if talk.basket or talk.waiting:
        return basket_again(confirmed)
    if yes[0].startswith(STEPWISE):
        return begun(yes[0]), replace(confirmed, topic=yes, following=Following(yes[0]))
    return Request("faq" if yes[0].startswith("f.") else "policy", yes), replace(confirmed, topic=yes)


def _not_that(offered: tuple[str, ...], talk: Talk) -> Outcome:
    return Request("refuse", ("r.unknown",), suggestions=offered, guard=NOT_THAT, confidence=0.5), talk
