"""Classes as a calendar that phones subscribe to (RFC 5545); without it people would copy dates onto paper by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vDuration

from .catalogue import ClassOnOffer

KEEP_CANCELLED = timedelta(days=30)
REMIND_BEFORE = (timedelta(days=1), timedelta(hours=2))


def calendar_feed(classes: Iterable[ClassOnOffer], name: str, sample_mark: str = "") -> bytes:
    """The feed as bytes. UIDs never change, SEQUENCE grows with every change of day or place, a called-off class stays as CANCELLED."""
    feed = Calendar()
    feed.add("prodid", "-//inclusion//lessons//JA")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", vDuration(timedelta(hours=6)))
    for one in classes:
        feed.add_component(_event(one, sample_mark))
    feed.add_missing_timezones()
    written: bytes = feed.to_ical()
    return written


def etag_of(feed: bytes) -> str:
    return f'"{hashlib.sha256(feed).hexdigest()[:32]}"'


def _event(one: ClassOnOffer, sample_mark: str) -> Event:
    place, zone = one.session, ZoneInfo(one.session.tz)
    event = Event()
    event.add("uid", f"{place.id}@lessons")
    event.add("sequence", place.sequence)
    event.add("dtstamp", place.changed_at)
    event.add("dtstart", place.start_date.astimezone(zone))
    event.add("dtend", place.end_date.astimezone(zone))
    event.add("summary", f"{sample_mark}{place.name}" if place.sample else place.name)
    event.add("location", " ".join(part for part in (one.venue.name, one.venue.floor, place.room) if part))
    event.add("description", "\n".join(part for part in (one.course.description, place.what_to_bring) if part))
    event.add("status", "CANCELLED" if place.state == "cancelled" else "CONFIRMED")
    if place.state != "cancelled":
        for before in REMIND_BEFORE:
            event.add_component(_alarm(before, place.name))
    return event


def _alarm(before: timedelta, name: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", name)
    return alarm


def shown_in_feed(one: ClassOnOffer, now: datetime) -> bool:
    """What is over leaves the feed; a called-off class stays for a month, because calendars fetch late."""
    return one.session.end_date > now or (one.session.state == "cancelled" and one.session.changed_at > now - KEEP_CANCELLED)
