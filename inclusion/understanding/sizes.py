"""Chooses the size class of a group from what is known of the thing; without it every 本棚 would cost the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inclusion.municipalities import Group, SizeRow

from .measures import with_derived

RANGE = re.compile(r"^(?P<low>\d+(?:\.\d+)?)\.\.(?P<closed>=)?(?P<high>\d+(?:\.\d+)?)$")
LIMIT = re.compile(r"^(?P<sign><=|>=|<|>)(?P<limit>\d+(?:\.\d+)?)$")
Slots = Mapping[str, str | float]
LENGTHS = ("height_cm", "width_cm", "depth_cm", "longest_cm", "thickness_cm")


def chosen_row(group: Group, slots: Slots) -> SizeRow | None:
    """The row whose every condition is known to hold; among several the one that asks for most. None while something is missing."""
    known = completed(group, slots)
    fitting = [row for row in group.rows if all(_holds(condition, known.get(slot)) for slot, condition in row.when.items())]
    return max(fitting, key=lambda row: len(row.when), default=None)


def completed(group: Group, slots: Slots) -> dict[str, str | float]:
    """What is known, with a bare length filling the one length this group asks for, and sums worked out."""
    known = with_derived(dict(slots))
    asked = [slot for slot in group.slots if slot in LENGTHS]
    bare = slots.get("any_cm", slots.get("longest_cm"))
    if bare is not None and asked and asked[0] not in known:
        known[asked[0]] = bare
    return known


def useful(group: Group, slots: Slots) -> bool:
    """Whether any of these slots says something about this group's size."""
    lengths = {"any_cm", "two_longest_cm", "longest_cm", "height_cm", "width_cm", "depth_cm"}
    wanted = set(group.slots) | {slot for row in group.rows for slot in row.when}
    if "jo" in wanted:
        wanted |= {"second_cm"}
    if wanted & lengths:
        wanted |= lengths
    return bool(wanted & set(slots))


def _holds(condition: str, amount: str | float | None) -> bool:
    if amount is None:
        return False
    limit, between = LIMIT.match(condition), RANGE.match(condition)
    if not (limit or between):
        return str(amount) == condition
    try:
        number = float(amount)
    except ValueError:
        return False
    return _beside(limit["sign"], number, float(limit["limit"])) if limit else _within(between, number)


def _within(between: re.Match[str] | None, number: float) -> bool:
    if between is None:
        return False
    low, high = float(between["low"]), float(between["high"])
    return low < number <= high if between["closed"] else low <= number < high


def _beside(sign: str, number: float, limit: float) -> bool:
    return {"<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit}[sign]
