"""What a language model may be asked, and what of its reply is believed; without it a model could put words into the town's mouth.

It is asked only where we would ask back or hand over, and never about anything the guard saw. It may pick one of the town's own ids, or one
of the kinds a size class knows by a word; whatever else it says is thrown away. What it picked is put as a question. Amounts, fees and
dates come from the sentence and the town's tables alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Protocol

from inclusion.masking import masked_words
from inclusion.municipalities import Town

from .counting import counts_in
from .request import AskedItem, Question, Request
from .sentence import read
from .settling import asked, settle_waiting, together
from .sizes import LIMIT, RANGE
from .talk import Talk, WaitingItem
from .understanding import UNKNOWN, Understanding

ADVISED: Final = 0.5  # how sure we say we are of what a model picked
LONGEST: Final = 200
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for the model: masked words, and either the `entries` to pick one of (id and name) or the `kinds` of one size class."""

    words: str
    entries: tuple[tuple[str, str], ...] = ()
    kinds: Mapping[str, tuple[str, ...]] | None = None


class Adviser(Protocol):
    """Somebody to ask. Returns the object it answered with, or None when there was no usable answer in time."""

    def __call__(self, asked: Asked) -> Mapping[str, Any] | None: ...


def advised(
    outcome: tuple[Request, Talk], text: str, before: Talk, understanding: Understanding, adviser: Adviser | None
) -> tuple[Request, Talk]:
    """The outcome, or what the adviser picked put as a question. Without an adviser, or without use for one, the outcome itself."""
    request, talk = outcome
    if adviser is None or request.guard or before.confirming:
        return outcome
    if request.ids == UNKNOWN:
        said = adviser(Asked(_masked(text, understanding), catalogue(understanding.town)))
        return _picked(said, text, outcome, understanding) or outcome
    if request.action == "clarify" and len(talk.waiting) == 1 and request.question is not None and request.question.round == 1:
        kinds = kinds_of(understanding.town, talk.waiting[0].group)
        said = adviser(Asked(_masked(text, understanding), kinds=kinds)) if kinds else None
        return _filled(said, kinds, outcome, understanding.town) or outcome
    return outcome


@lru_cache(maxsize=8)
def _catalogue(names: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(names))


def catalogue(town: Town) -> tuple[tuple[str, str], ...]:
    """Everything that may be picked: size classes, things without any, rules and FAQ, each with the name residents read."""
    groups = [(one.id, one.name) for one in town.groups.values()]
    items = [(one.id, one.said) for one in town.items.values() if one.group not in town.groups]
    rules = [(one.id, one.name) for one in town.policies.values()]
    faqs = [(one.id, one.title) for one in town.faqs.values()]
    return _catalogue((*groups, *items, *rules, *faqs))


def kinds_of(town: Town, group_id: str) -> dict[str, tuple[str, ...]]:
    """The slots of a size class that are told by a word (シングル, ガラス), with their words; never those that are measured."""
    found: dict[str, dict[str, None]] = {}
    for row in town.groups[group_id].rows:
        for slot, value in row.when.items():
            if not (LIMIT.match(value) or RANGE.match(value)):
                found.setdefault(slot, {})[value] = None
    return {slot: tuple(values) for slot, values in found.items()}


def _masked(text: str, understanding: Understanding) -> str:
    return masked_words(text[:LONGEST], understanding.readings, lambda word: word in understanding.lexicon.entries)


def _picked(
    said: Mapping[str, Any] | None, text: str, outcome: tuple[Request, Talk], understanding: Understanding
) -> tuple[Request, Talk] | None:
    """The entry of the town that was picked, as a question; None for anything else."""
    town, (request, talk) = understanding.town, outcome
    chosen = said.get("id") if said is not None else None
    if not isinstance(chosen, str) or chosen == NONE or chosen not in dict(catalogue(town)):
        return None
    counts = counts_in(read(text, understanding.readings))
    pieces = counts[0].amount if len(counts) == 1 else 1
    if chosen in town.groups:
        waiting = WaitingItem(chosen, town.groups[chosen].name, pieces)
        question = Question(chosen, waiting.said)
        clarifying = replace(request, action="clarify", ids=(chosen,), question=question, suggestions=(), confidence=ADVISED)
        return clarifying, replace(talk, waiting=(waiting,), question=question, basket=(), topic=(), confirming=())
    items = (asked(town, chosen, town.items[chosen].said, pieces),) if chosen in town.items else ()
    others = (chosen,) if chosen in town.policies else ()
    confirming = replace(request, action="confirm", ids=(chosen,), items=items, others=others, suggestions=(), confidence=ADVISED)
    return confirming, replace(talk, basket=items, waiting=(), question=None, topic=others, confirming=(chosen,))


def _filled(
    said: Mapping[str, Any] | None, kinds: Mapping[str, tuple[str, ...]], outcome: tuple[Request, Talk], town: Town
) -> tuple[Request, Talk] | None:
    """The size class settled by kinds that the town knows, as a question; None where one is not the town's, or does not suffice."""
    request, talk = outcome
    slots = said.get("slots") if said is not None else None
    if not isinstance(slots, dict) or not slots or any(value not in kinds.get(slot, ()) for slot, value in slots.items()):
        return None
    settled = settle_waiting(town, talk.waiting[0], slots, None)
    if not isinstance(settled, AskedItem):
        return None
    basket = together(town, [*talk.basket, settled])
    ids = (*(item.id for item in basket), *request.others)
    confirming = replace(request, action="confirm", ids=ids, items=basket, question=None, confidence=ADVISED)
    return confirming, replace(talk, basket=basket, waiting=(), question=None, confirming=ids)
