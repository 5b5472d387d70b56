"""Turns things into ids with fee units, or into the question still to be asked; without it no count would become a fee."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from inclusion.municipalities import Town

from .grammar import HAN
from .limits import over_limit
from .request import AskedItem
from .sizes import chosen_row, completed, useful
from .talk import WaitingItem
from .things import Thing

UNCERTAIN = ("heard", "loose")
BY_SOUND = ("read", "folded")
SHORT_READ = 3
SHEET = re.compile(r"(\d+)畳")


@dataclass(frozen=True, slots=True)
class Settled:
    """What could be settled of one turn. `doubtful` tells that something was only heard alike."""

    items: tuple[AskedItem, ...] = ()
    others: tuple[str, ...] = ()
    waiting: tuple[WaitingItem, ...] = ()
    doubtful: bool = False
    confidence: float = 1.0

    @property
    def nothing(self) -> bool:
        return not (self.items or self.others or self.waiting)


def settle(town: Town, things: tuple[Thing, ...]) -> Settled:
    """Each thing as an item, a rule, or something waiting for its size, in the order said."""
    items: list[AskedItem] = []
    others: list[str] = []
    waiting: list[WaitingItem] = []
    for thing in (sheet for one in things for sheet in _in_sheets(town, one)):
        target = target_of(town, thing)
        if target in town.items:
            items.append(asked(town, target, thing.mention.said, thing.pieces or 1))
        elif target in town.groups:
            waiting.append(WaitingItem(target, thing.mention.said, thing.pieces, dict(thing.slots)))
        else:
            others.append(target)
    doubt = [thing.mention for thing in things if _doubtful(thing)]
    confidence = min((thing.mention.score for thing in things), default=1.0)
    return Settled(together(town, items), tuple(dict.fromkeys(others)), tuple(waiting), bool(doubt), confidence)


def _in_sheets(town: Town, thing: Thing) -> tuple[Thing, ...]:
    """6畳の畳 are six sheets of one 畳 each, 4.5畳 four and a half one: where the town's row is of so many 畳 and no more."""
    item = town.items.get(target_of(town, thing))
    sheets = _sheets(item.condition, thing.slots.get("jo")) if item and thing.pieces is None else ()
    more = tuple(replace(thing, pieces=n, sizes={**thing.sizes, "jo": jo}, slots={**thing.slots, "jo": jo}) for n, jo in sheets)
    return more or (thing,)


def answered_in_sheets(town: Town, item: AskedItem, slots: Mapping[str, str | float], counted: bool) -> tuple[AskedItem, ...]:
    """The same of a thing whose size was our question: 6畳です."""
    group = town.groups.get(town.items[item.id].group)
    sheets = () if counted or group is None else _sheets(town.items[item.id].condition, slots.get("jo"))
    rows = [(n, chosen_row(group, {**slots, "jo": jo})) for n, jo in sheets] if group else []
    return tuple(asked(town, row.item, item.said, n) for n, row in rows if row) or (item,)


def _sheets(condition: str, jo: str | float | None) -> tuple[tuple[int, float], ...]:
    """How many of which size lie in a room of so many 畳; none where the row is no single sheet, or the room no larger than one."""
    sheet = SHEET.fullmatch(condition)
    if sheet is None or not isinstance(jo, float) or jo <= (size := float(sheet[1])):
        return ()
    whole, rest = divmod(jo, size)
    return ((int(whole), size), *(((1, rest),) if rest else ()))


def target_of(town: Town, thing: Thing) -> str:
    """The item, group or rule a thing is, once its size has been looked at."""
    target = over_limit(thing.slots) or large_kind(town, thing.target, thing.sizes) or thing.target
    item = town.items.get(target)
    group = town.groups.get(item.group if item else target)
    if group is None:
        return small_kind(town, target, thing.sizes) or target
    if item is None or useful(group, thing.sizes):
        row = chosen_row(group, thing.slots)
        return row.item if row else target
    return target


def small_kind(town: Town, target: str, sizes: Mapping[str, float]) -> str | None:
    """A pan of 20 cm is not bulky: the ward's row of the same name for small things, where it has one."""
    item = town.items.get(target)
    longest = max((sizes[s] for s in ("any_cm", "longest_cm", "height_cm", "width_cm", "depth_cm") if s in sizes), default=None)
    if item is None or longest is None or longest >= town.bulky.min_cm:
        return None
    small = next(
        (row for row in town.sorting.values() if row.reading == item.reading and row.id != item.id and row.id not in town.items), None
    )
    return (small.policy or small.id) if small else None


def large_kind(town: Town, target: str, sizes: Mapping[str, float]) -> str | None:
    """A pan of 35 cm is bulky: the item of the same name, where the word stands for the ward's row for small things."""
    policy = town.policies.get(target)
    longest = max((sizes[side] for side in ("any_cm", "longest_cm") if side in sizes), default=0.0)
    if policy is None or longest < town.bulky.min_cm or str(town.bulky.min_cm) not in policy.name:
        return None
    return next((item.id for item in town.items.values() if item.reading == policy.reading), None)


def settle_waiting(town: Town, waiting: WaitingItem, slots: Mapping[str, str | float], pieces: int | None) -> AskedItem | WaitingItem:
    """The waiting item with more known about it: settled when that is enough."""
    group = town.groups[waiting.group]
    known = {**waiting.slots, **slots}
    row = chosen_row(group, known)
    many = pieces if pieces is not None else waiting.pieces
    if row is None:
        return WaitingItem(waiting.group, waiting.said, many, dict(known))
    return asked(town, row.item, waiting.said, many or 1)


def asked(town: Town, item_id: str, said: str, pieces: int) -> AskedItem:
    """The item with its fee units: twelve cushions at five a fee are three."""
    per_fee = max(town.items[item_id].pieces_per_fee, 1)
    return AskedItem(item_id, said, pieces, -(-pieces // per_fee))


def together(town: Town, items: list[AskedItem]) -> tuple[AskedItem, ...]:
    """One line per item id: two doors and three screens of one row are five of that row."""
    merged: dict[str, AskedItem] = {}
    for item in items:
        other = merged.get(item.id)
        if other is None:
            merged[item.id] = item
        else:
            said = other.said if item.said in other.said else f"{other.said}・{item.said}"
            merged[item.id] = asked(town, item.id, said, other.pieces + item.pieces)
    return tuple(merged.values())


def known_sizes(town: Town, waiting: WaitingItem) -> dict[str, str | float]:
    """All that is known of a waiting item's size."""
    return completed(town.groups[waiting.group], waiting.slots)


def only_by_sound(thing: Thing) -> bool:
    """Whether a thing was not written as any of our words: heard alike, a loose word, or other signs that only sound the same."""
    how = thing.mention.how
    return how in UNCERTAIN or (how in BY_SOUND and bool(HAN.search(thing.mention.said)))


def _doubtful(thing: Thing) -> bool:
    how = thing.mention.how
    return only_by_sound(thing) or (how == "read" and len(thing.mention.said) <= SHORT_READ and thing.mention.score < 1.0)
