"""The day cells of a 5374 calendar ("月1 月3 *1", "隔水20150114", "火2 金4:4 6 8", listed dates) in our own words for rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from inclusion.municipalities.collection_rules import WEEKDAYS, Closure, Recurrence, Rule

DATE = re.compile(r"(\d{4})[/.-]?(\d{1,2})[/.-]?(\d{1,2})")
WEEKLY = re.compile(rf"([{WEEKDAYS}])曜?日?")
NTH = re.compile(rf"([{WEEKDAYS}])([1-5])")
ALTERNATE = re.compile(rf"隔([{WEEKDAYS}])(\d{{8}})")
REMARK = re.compile(r"\*(\w+)")
CLOSED_DAYS = re.compile(r"収集(?:が|の)?(?:ない|なし|しない)日")


@dataclass(frozen=True, slots=True)
class DayCell:
    """What one cell says. `unread` are the parts nobody could read, `shifted` tells that a start day fell on another weekday."""

    rule: Rule | None
    remarks: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    shifted: tuple[str, ...] = ()


def read_date(text: str) -> date | None:
    """2014/01/01, 20150310, 2026/1/1."""
    found = DATE.fullmatch(text.strip())
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def read_day_cell(cell: str, closures: Sequence[Closure] = (), remarks: Mapping[str, str] | None = None) -> DayCell:
    """The rule of one cell. Remarks that list days without collection become closures."""
    days, _, months = unicodedata.normalize("NFKC", cell).partition(":")
    parts = _Parts()
    for part in days.split():
        parts.take(part)
    recurrences = _recurrences(parts.weekly, parts.nths, parts.dates, parts.others)
    only = tuple(int(month) for month in months.split() if month.isdecimal() and 1 <= int(month) <= 12)
    closed = (*closures, *_closed_by_remarks(parts.marks, remarks or {}))
    rule = Rule(recurrences, only, closed) if recurrences else None
    return DayCell(rule, tuple(parts.marks), tuple(parts.unread), tuple(parts.shifted))


@dataclass
class _Parts:
    """The words of one cell, sorted by what they say. `shifted` are alternate weeks whose start is another weekday."""

    weekly: list[int] = field(default_factory=list)
    nths: list[tuple[int, int]] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    others: list[Recurrence] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    shifted: list[str] = field(default_factory=list)

    def take(self, part: str) -> None:
        if found := REMARK.fullmatch(part):
            self.marks.append(found[1])
        elif (day := read_date(part)) is not None:
            self.dates.append(day)
        elif found := ALTERNATE.fullmatch(part):
            self._alternate(part, WEEKDAYS.index(found[1]), read_date(found[2]))
        elif found := NTH.fullmatch(part):
            self.nths.append((int(found[2]), WEEKDAYS.index(found[1])))
        elif found := WEEKLY.fullmatch(part):
            self.weekly.append(WEEKDAYS.index(found[1]))
        else:
            self.unread.append(part)

    def _alternate(self, part: str, weekday: int, start: date | None) -> None:
        if start is None or start.weekday() != weekday:
            self.shifted.append(part)
        else:
            self.others.append(Recurrence("alternate", weekdays=(weekday,), start=start))


def _recurrences(weekly: list[int], nths: list[tuple[int, int]], dates: list[date], others: list[Recurrence]) -> tuple[Recurrence, ...]:
    found = [Recurrence("weekly", weekdays=tuple(weekly))] if weekly else []
    found += [Recurrence("nth", nths=tuple(nths))] if nths else []
    found += others
    found += [Recurrence("dates", dates=tuple(sorted(set(dates))))] if dates else []
    return tuple(found)


def _closed_by_remarks(marks: list[str], remarks: Mapping[str, str]) -> tuple[Closure, ...]:
    texts = [remarks[mark] for mark in marks if CLOSED_DAYS.search(remarks.get(mark, ""))]
    days = [day for text in texts for found in DATE.finditer(text) if (day := read_date(found.group()))]
    return tuple(Closure(day, day) for day in days)
