"""Classes as a calendar that phones subscribe to (RFC 5545); without it people would copy dates onto paper by hand.

The lines are written here: a feed of five hundred classes is asked for by every subscriber several times a day, and building an object for
every property took three times as long. The tests read every feed back with an independent library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from icalendar import Timezone

from .catalogue import ClassOnOffer

KEEP_CANCELLED = timedelta(days=30)
REMIND_BEFORE = ("-P1D", "-PT2H")
LONGEST_LINE = 75  # octets, RFC 5545 section 3.1
ZONE_FROM, ZONE_TO = date(2020, 1, 1), date(2040, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of somebody's calendar: the class, and how it stands for them. `sequence` must grow with every change."""

    of: ClassOnOffer
    uid: str
    sequence: int
    status: str


def entry_of(one: ClassOnOffer) -> Entry:
    """The class as everybody may see it."""
    return Entry(one, f"{one.id}@lessons", one.session.sequence, "CANCELLED" if one.session.state == "cancelled" else "CONFIRMED")


def calendar_feed(entries: Iterable[Entry | ClassOnOffer], name: str, sample_mark: str = "") -> bytes:
    """The feed as bytes. UIDs never change, SEQUENCE grows with every change of day or place, a called-off class stays as CANCELLED."""
    shown = [one if isinstance(one, Entry) else entry_of(one) for one in entries]
    zones = {one.of.session.tz: ZoneInfo(one.of.session.tz) for one in shown}
    lines = [*_head(name), *(line for zone in sorted(zones) for line in _zone(zone))]
    for one in shown:
        lines += _event(one, sample_mark, zones)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR")).encode()


def etag_of(feed: bytes) -> str:
    return f'"{hashlib.sha256(feed).hexdigest()[:32]}"'


def shown_in_feed(one: ClassOnOffer, now: datetime) -> bool:
    """What is over leaves the feed; a called-off class stays for a month, because calendars fetch late."""
    return one.session.end_date > now or (one.session.state == "cancelled" and one.session.changed_at > now - KEEP_CANCELLED)


def _head(name: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//inclusion//lessons//JA"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{_text(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    yield "X-PUBLISHED-TTL:PT6H"


def _event(entry: Entry, sample_mark: str, zones: Mapping[str, ZoneInfo]) -> Iterator[str]:
    one, place = entry.of, entry.of.session
    at = partial(_local, tz=place.tz, zone=zones[place.tz])
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{place.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART{at(place.start_date)}"
    yield f"DTEND{at(place.end_date)}"
    yield f"SUMMARY:{_text(sample_mark + place.name if place.sample else place.name)}"
    yield f"LOCATION:{_text(' '.join(part for part in (one.venue.name, one.venue.floor, place.room) if part))}"
    if one.venue.lat is not None and one.venue.lon is not None:
        yield f"GEO:{one.venue.lat:.6f};{one.venue.lon:.6f}"
    yield f"DESCRIPTION:{_text(chr(10).join(part for part in (one.course.description, place.what_to_bring) if part))}"
    yield f"STATUS:{entry.status}"
    if entry.status != "CANCELLED":
        for before in REMIND_BEFORE:
            yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:{before}", f"DESCRIPTION:{_text(place.name)}", "END:VALARM")
    yield "END:VEVENT"


def _local(at: datetime, tz: str, zone: ZoneInfo) -> str:
    return f";TZID={tz}:{at.astimezone(zone):%Y%m%dT%H%M%S}"


def _zone(tz: str) -> Iterator[str]:
    """The zone's rules, as calendars without a list of zones need them."""
    written = Timezone.from_tzid(tz, first_date=ZONE_FROM, last_date=ZONE_TO).to_ical().decode()
    return (line for line in written.replace("\r\n ", "").splitlines() if line)


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 octets, and no sign cut in two."""
    if len(line) * 3 <= LONGEST_LINE or len(line.encode()) <= LONGEST_LINE:
        return line
    parts, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LONGEST_LINE:
            parts.append(" ")
            size = 1
        parts[-1] += sign
        size += octets
    return "\r\n".join(parts)
