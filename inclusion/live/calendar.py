"""Live events as a calendar (RFC 5545) that telephones keep and subscribe to; without it who has no chat would not be reminded of any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from inclusion.live.events import name_in

REMIND_BEFORE: Final = timedelta(minutes=15)
ASK_AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """One event as a calendar needs it. `sequence` grows with every change; `number` and `host` never change."""

    number: int
    names: Mapping[str, str]
    start: datetime
    end: datetime
    place: str
    url: str
    sequence: int
    cancelled: bool


def calendar(events: Iterable[Dated], name: str, language: str, host: str, now: datetime) -> bytes:
    """The feed as bytes: UIDs are stable, what was called off stays as CANCELLED, what is on rings a quarter of an hour before."""
    found = Calendar()
    for key, value in (("prodid", "-//inclusion//live//JA"), ("version", "2.0"), ("method", "PUBLISH"), ("x-wr-calname", name)):
        found.add(key, value)
    found.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for one in events:
        found.add_component(_event(one, language, host, now))
    return bytes(found.to_ical())


def _event(one: Dated, language: str, host: str, now: datetime) -> Event:
    shown, name = Event(), name_in(one.names, language)
    for key, value in (("uid", f"live-{one.number}@{host}"), ("sequence", one.sequence), ("dtstamp", now)):
        shown.add(key, value)
    for key, value in (("dtstart", one.start), ("dtend", one.end), ("summary", name), ("url", one.url), ("description", one.url)):
        shown.add(key, value)
    if one.place:
        shown.add("location", one.place)
    shown.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    if not one.cancelled:
        alarm = Alarm()
        alarm.add("trigger", -REMIND_BEFORE)
        for key, text in (("action", "DISPLAY"), ("description", name)):
            alarm.add(key, text)
        shown.add_component(alarm)
    return shown
