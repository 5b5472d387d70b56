"""Keeps things that are too small, too long or too heavy for their row from getting its fee; without it a 10 cm doll would cost 300 yen."""

from __future__ import annotations

from collections.abc import Mapping

from inclusion.municipalities import Town

from .measures import measures
from .sentence import Sentence
from .things import Thing

TOO_SMALL, TOO_LONG = "f.definition", "f.size_max"
LONGEST = ("any_cm", "longest_cm")
SIDES = (*LONGEST, "height_cm", "width_cm", "depth_cm")
OVER = "over"
LIMIT = "max_"


def beyond(town: Town, thing: Thing) -> str:
    """The FAQ about sizes that answers for a thing no row fits; "" when its row stands. Only for rows that know no sizes of their own."""
    item = town.items.get(thing.target)
    if item is None or item.group in town.groups or _has_small_row(town, thing):
        return ""
    longest = max((thing.sizes[side] for side in LONGEST if side in thing.sizes), default=None)
    if longest is not None and longest < town.bulky.min_cm and len(_lengths(thing.sizes)) == len(thing.sizes):
        return TOO_SMALL if TOO_SMALL in town.faqs else ""
    too_long = max(_lengths(thing.sizes), default=0.0) > town.bulky.max_cm
    return TOO_LONG if too_long and TOO_LONG in town.faqs else ""


def only_a_size(town: Town, sentence: Sentence, named: bool) -> str:
    """The FAQ for a size without any thing: is it bulky, or is it too long? "" where no size stands or something is `named`."""
    longest = max((m.amount for m in measures(sentence.folded) if m.slot.endswith("_cm")), default=None)
    if longest is None or named:
        return ""
    wanted = TOO_LONG if longest >= town.bulky.max_cm else TOO_SMALL
    return wanted if wanted in town.faqs else ""


def over_limit(slots: Mapping[str, str | float]) -> str:
    """What a thing is when it exceeds its word's own limit (`max_kg=10;over=n.heavy_iron`); "" otherwise."""
    for name, limit in slots.items():
        amount = slots.get(name.removeprefix(LIMIT))
        if name.startswith(LIMIT) and isinstance(amount, float) and isinstance(limit, float) and amount > limit:
            return str(slots.get(OVER, ""))
    return ""


def _lengths(sizes: Mapping[str, float]) -> list[float]:
    return [sizes[side] for side in SIDES if side in sizes]


def _has_small_row(town: Town, thing: Thing) -> bool:
    item = town.items[thing.target]
    return any(row.reading == item.reading and row.id != item.id and row.id not in town.items for row in town.sorting.values()) and (
        max(_lengths(thing.sizes), default=0.0) < town.bulky.min_cm
    )
