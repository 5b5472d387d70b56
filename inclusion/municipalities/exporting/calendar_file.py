"""An area's collection days as iCalendar (RFC 5545), so that the calendar already in a family's phone reminds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

from inclusion.municipalities.collection_days import collections_in
from inclusion.municipalities.collection_rules import Recurrence, Rule
from inclusion.municipalities.town import Collection, Town

ICAL_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LOOKED_AHEAD = timedelta(days=400)


def area_calendar(town: Town, area: str, now: datetime) -> bytes:
    """One all-day event for each way a kind comes back; UIDs stay the same from export to export. Raises AreaUnknown."""
    calendar = Calendar()
    calendar.add("prodid", "-//inclusion//collection days//JA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", f"{town.name} {area} ごみの収集日")
    today = now.astimezone(town.timezone).date()
    for row in collections_in(town, area):
        for event in _events(town, row, today, now):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(town: Town, row: Collection, today: date, now: datetime) -> Iterator[Event]:
    for number, recurrence in enumerate(row.rule.recurrences):
        first = _first(recurrence, row.rule, today)
        if first is not None:
            yield _event(town, row, number, recurrence, first, now)
    if row.rule.recurrences and (extra := _only_moved(row.rule, today)):
        yield _dated(town, row, extra, now)


def _event(town: Town, row: Collection, number: int, recurrence: Recurrence, first: date, now: datetime) -> Event:
    event = _plain(town, row, str(number), first, now)
    if recurrence.kind == "dates":
        if later := [day for day in recurrence.dates if day > first]:
            event.add("rdate", later, parameters={"VALUE": "DATE"})
    else:
        event.add("rrule", _rrule(recurrence, row.rule.months))
    if gone := [day for day in _planned(recurrence, row.rule, first) if row.rule.called_off(day)]:
        event.add("exdate", gone, parameters={"VALUE": "DATE"})
    return event


def _dated(town: Town, row: Collection, days: list[date], now: datetime) -> Event:
    """The days something was moved to: they follow no rule."""
    event = _plain(town, row, "moved", days[0], now)
    if days[1:]:
        event.add("rdate", days[1:], parameters={"VALUE": "DATE"})
    return event


def _plain(town: Town, row: Collection, part: str, first: date, now: datetime) -> Event:
    event = Event()
    named = sha256("\n".join((town.slug, row.area, row.category, part)).encode()).hexdigest()[:32]
    event.add("uid", f"{named}@{town.slug}.collections")
    event.add("dtstamp", now)
    event.add("summary", f"{row.category}の収集")
    event.add("dtstart", first)
    event.add("dtend", first + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if row.note:
        event.add("description", row.note)
    return event


def _rrule(recurrence: Recurrence, months: tuple[int, ...]) -> dict[str, object]:
    rule: dict[str, object] = {"freq": "monthly" if recurrence.kind == "nth" else "weekly"}
    if recurrence.kind == "nth":
        rule["byday"] = [f"{week}{ICAL_DAYS[day]}" for week, day in recurrence.nths]
    elif recurrence.kind == "alternate":
        rule["interval"] = 2
    else:
        rule["byday"] = [ICAL_DAYS[day] for day in recurrence.weekdays]
    return rule | ({"bymonth": list(months)} if months else {})


def _first(recurrence: Recurrence, rule: Rule, today: date) -> date | None:
    """The first planned day: a calendar must begin on a day that is one. Listed days begin with their own first."""
    if recurrence.kind == "dates":
        return recurrence.dates[0] if recurrence.dates else None
    return next(_planned(recurrence, rule, today), None)


def _planned(recurrence: Recurrence, rule: Rule, first: date) -> Iterator[date]:
    for number in range(LOOKED_AHEAD.days):
        day = first + timedelta(days=number)
        if recurrence.falls_on(day) and (not rule.months or day.month in rule.months):
            yield day


def _only_moved(rule: Rule, today: date) -> list[date]:
    """Collection days within sight that no recurrence plans."""
    return [day for day in rule.days(today, today + LOOKED_AHEAD) if not rule.planned(day)]
