"""Which waste is collected next where one lives: the facts behind a reminder and behind an answer to "when is it?"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from inclusion.written import long_day

from .collection_rules import WEEKDAYS, Recurrence, Rule
from .errors import AreaUnknown
from .town import Collection, Town

LOOKED_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class CollectionDay:
    """One day and everything that is collected on it, in the order of collections.csv."""

    day: date
    categories: tuple[str, ...]
    notes: tuple[str, ...] = ()


def areas_of(town: Town) -> tuple[str, ...]:
    """The areas that collections.csv knows, in its order."""
    return tuple(dict.fromkeys(row.area for row in town.collections))


def collections_in(town: Town, area: str) -> tuple[Collection, ...]:
    """Everything collected in one area. Raises AreaUnknown with the areas that sound nearest."""
    rows = tuple(row for row in town.collections if row.area == area)
    if not rows:
        raise AreaUnknown(area, areas_of(town))
    return rows


def next_collections(town: Town, area: str, today: date, n: int = 7) -> tuple[CollectionDay, ...]:
    """The next `n` collection days from today on (today included), at most 400 days ahead. Raises AreaUnknown."""
    rows = collections_in(town, area)
    found: list[CollectionDay] = []
    for number in range(LOOKED_AHEAD.days):
        day = today + timedelta(days=number)
        if len(found) >= n:
            break
        if due := [row for row in rows if row.rule.falls_on(day)]:
            notes = tuple(dict.fromkeys(row.note for row in due if row.note))
            found.append(CollectionDay(day, tuple(row.category for row in due), notes))
    return tuple(found)


def in_words(rule: Rule) -> str:
    """The rule as one says it to a resident: 毎週火曜と金曜, 第1・第3月曜（4・6月）."""
    said = "、".join(_recurrence_in_words(one) for one in rule.recurrences)
    return f"{said}（{'・'.join(map(str, rule.months))}月だけ）" if rule.months else said


def _recurrence_in_words(one: Recurrence) -> str:
    if one.kind == "weekly":
        return "毎週" + "と".join(f"{WEEKDAYS[day]}曜" for day in one.weekdays)
    if one.kind == "nth":
        weekdays = dict.fromkeys(day for _, day in one.nths)
        return "と".join("・".join(f"第{week}" for week, at in one.nths if at == day) + f"{WEEKDAYS[day]}曜" for day in weekdays)
    if one.kind == "alternate":
        return f"1週おきの{WEEKDAYS[one.weekdays[0]]}曜（{_day(one.start)}から数えます）"
    return f"決まった日（{_day(one.dates[0])}から{_day(one.dates[-1])}までの{len(one.dates)}日）"


def _day(day: date | None) -> str:
    return long_day(day, "ja") if day else ""
