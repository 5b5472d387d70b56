"""The small language of collection days ("第1月 第3月; 休止 2026-01-01〜2026-01-03"); without it a calendar would be words only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

WEEKDAYS = "月火水木金土日"
WEEK = timedelta(days=7)
MOST_WEEKS_MOVED = 4
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NTH = re.compile(rf"第([1-5])([{WEEKDAYS}])")

Kind = Literal["weekly", "nth", "alternate", "dates"]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One way of coming back. `weekdays` counts from Monday = 0; `nths` are (week of the month, weekday); `start` is for alternate."""

    kind: Kind
    weekdays: tuple[int, ...] = ()
    nths: tuple[tuple[int, int], ...] = ()
    start: date | None = None
    dates: tuple[date, ...] = ()

    def falls_on(self, day: date) -> bool:
        if self.kind == "dates":
            return day in self.dates
        if self.kind == "nth":
            return ((day.day - 1) // 7 + 1, day.weekday()) in self.nths
        if self.kind == "alternate" and self.start is not None:
            return day >= self.start and (day - self.start).days % 14 == 0
        return self.kind == "weekly" and day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Closure:
    """From `first` to `last` nothing is collected; `next_week` tells that what fell into it comes a week later."""

    first: date
    last: date
    next_week: bool = False

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Rule:
    """When one kind of waste is collected: what comes back, in which months ("" = all), when not, and which day moved where."""

    recurrences: tuple[Recurrence, ...]
    months: tuple[int, ...] = ()
    closures: tuple[Closure, ...] = ()
    moves: tuple[tuple[date, date], ...] = ()

    def falls_on(self, day: date) -> bool:
        if any(day == target for _, target in self.moves):
            return True
        if self.planned(day) and not self.called_off(day):
            return True
        return any(self._comes_late(day, weeks) for weeks in range(1, MOST_WEEKS_MOVED + 1))

    def planned(self, day: date) -> bool:
        """Whether the day would be one if nothing were closed or moved."""
        return (not self.months or day.month in self.months) and any(one.falls_on(day) for one in self.recurrences)

    def called_off(self, day: date) -> bool:
        return any(closure.holds(day) for closure in self.closures) or any(day == origin for origin, _ in self.moves)

    def days(self, first: date, last: date) -> Iterator[date]:
        """Every collection day from `first` to `last`."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.falls_on(day):
                yield day

    def ends_before(self, today: date) -> bool:
        """Whether the rule only lists days and all of them are gone."""
        return all(one.kind == "dates" and all(day < today for day in one.dates) for one in self.recurrences)

    def _comes_late(self, day: date, weeks: int) -> bool:
        origin = day - weeks * WEEK
        if not self.planned(origin) or self.called_off(day):
            return False
        return all(any(closure.next_week and closure.holds(origin + week * WEEK) for closure in self.closures) for week in range(weeks))


def parse_rule(text: str) -> Rule | None:
    """The rule a cell of collections.csv writes, None when it cannot be read."""
    recurrences: list[Recurrence] = []
    rule = Rule(())
    for clause in filter(None, (part.strip() for part in re.split(r"[;；]", text))):
        word, _, rest = clause.partition(" ")
        found = _clause(rule, word, rest.strip()) or _recurrence(word, clause, rest.split())
        if isinstance(found, Rule):
            rule = found
        elif isinstance(found, Recurrence):
            recurrences.append(found)
        else:
            return None
    return replace(rule, recurrences=tuple(recurrences)) if recurrences else None


def write_rule(rule: Rule) -> str:
    """The cell that `parse_rule` reads back."""
    clauses = [_written(one) for one in rule.recurrences]
    if rule.months:
        clauses.append("対象月 " + " ".join(map(str, rule.months)))
    for late in (False, True):
        spans = " ".join(_span(closure) for closure in rule.closures if closure.next_week is late)
        clauses += [f"休止 {spans}{' 翌週へ' if late else ''}"] if spans else []
    if rule.moves:
        clauses.append("振替 " + " ".join(f"{origin}→{target}" for origin, target in rule.moves))
    return "; ".join(clauses)


def _clause(rule: Rule, word: str, rest: str) -> Rule | None:
    """The rule with a clause about months, closures or moves added; None when the clause is none of these or cannot be read."""
    parts = rest.split()
    try:
        if word == "対象月" and parts and all(part.isdecimal() and 1 <= int(part) <= 12 for part in parts):
            return replace(rule, months=tuple(map(int, parts)))
        if word == "休止" and parts:
            late = parts[-1] == "翌週へ"
            spans = parts[:-1] if late else parts
            return replace(rule, closures=(*rule.closures, *(_closure(span, late) for span in spans)))
        if word == "振替" and parts:
            return replace(rule, moves=tuple(_move(part) for part in parts))
    except ValueError:
        return None
    return None


def _recurrence(word: str, clause: str, parts: list[str]) -> Recurrence | None:
    try:
        if word == "毎週" and parts and all(part in WEEKDAYS and len(part) == 1 for part in parts):
            return Recurrence("weekly", weekdays=tuple(WEEKDAYS.index(part) for part in parts))
        if word == "隔週" and len(parts) == 2 and parts[0] in WEEKDAYS:
            start = date.fromisoformat(parts[1].removesuffix("から"))
            fits = start.weekday() == WEEKDAYS.index(parts[0])
            return Recurrence("alternate", weekdays=(start.weekday(),), start=start) if fits else None
        if word == "日付" and parts:
            return Recurrence("dates", dates=tuple(sorted({date.fromisoformat(part) for part in parts})))
    except ValueError:
        return None
    nths = [NTH.fullmatch(part) for part in clause.split()]
    if nths and all(nths):
        return Recurrence("nth", nths=tuple((int(one[1]), WEEKDAYS.index(one[2])) for one in nths if one))
    return None


def _closure(span: str, late: bool) -> Closure:
    first, _, last = span.replace("~", "〜").partition("〜")
    closure = Closure(date.fromisoformat(first), date.fromisoformat(last or first), late)
    if closure.last < closure.first:
        raise ValueError(span)
    return closure


def _move(text: str) -> tuple[date, date]:
    origin, _, target = text.partition("→")
    return date.fromisoformat(origin), date.fromisoformat(target)


def _span(closure: Closure) -> str:
    return str(closure.first) if closure.first == closure.last else f"{closure.first}〜{closure.last}"


def _written(one: Recurrence) -> str:
    if one.kind == "weekly":
        return "毎週 " + " ".join(WEEKDAYS[day] for day in one.weekdays)
    if one.kind == "nth":
        return " ".join(f"第{week}{WEEKDAYS[day]}" for week, day in one.nths)
    if one.kind == "alternate":
        return f"隔週 {WEEKDAYS[one.weekdays[0]]} {one.start}から"
    return "日付 " + " ".join(map(str, one.dates))
