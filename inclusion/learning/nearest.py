"""The town's entries a question may have meant; without it neither a clerk nor somebody misunderstood could choose the right one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from inclusion.municipalities import Town
from inclusion.understanding import Understanding
from inclusion.understanding.sentence import read

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Near:
    """An entry a question may have meant."""

    id: str
    name: str


def nearest(text: str, suggested: Sequence[str], word: str, understanding: Understanding, but: Collection[str] = ()) -> tuple[Near, ...]:
    """What we would have offered, then what sounds like the unknown word, then the likeliest answers; never those of `but`."""
    guess = understanding.faqs.best(read(text, understanding.readings))
    heard = understanding.ear.nearest(read(word, understanding.readings).kana)
    ids = dict.fromkeys((*suggested, *heard[:2], guess.id, guess.second_id, *heard))
    named = [Near(one, name) for one in ids if one and one not in but and (name := name_of(understanding.town, one))]
    return tuple(named[:NEAREST])


def name_of(town: Town, target: str) -> str:
    """What residents read for an id; "" when the town has no such entry."""
    if target in town.items:
        return town.items[target].said
    if target in town.faqs:
        return town.faqs[target].title
    named = town.groups.get(target) or town.policies.get(target) or town.sorting.get(target)
    return named.name if named is not None else ""
