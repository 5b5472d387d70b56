"""A town's sheet of classes into dated classes: without it a newcomer would open an empty timetable and could try nothing.

`courses.csv`, `venues.csv` and `classes.csv` lie in one folder. A row of classes.csv is a weekly class; what is made from it is marked as
a sample unless staff say otherwise.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from sqlmodel import Session, func, select

from .errors import DrawNotPossible, NotToday
from .seats import lock_session
from .tables import Course, ScheduledSession, Venue

Row = Mapping[str, str]
HolidayCheck = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Timetable:
    """The three sheets as read."""

    courses: Sequence[Row]
    venues: Sequence[Row]
    classes: Sequence[Row]


CONDITIONS: Final = ("age_from", "age_to", "residency")
NOTHING: Final = Timetable((), (), ())


def read_timetable(folder: Path) -> Timetable:
    """The sheets of a folder; a town without the folder has no sample classes."""
    if not (folder / "classes.csv").is_file():
        return NOTHING
    return Timetable(*(_rows(folder / f"{name}.csv") for name in ("courses", "venues", "classes")))


def seed_samples(session: Session, timetable: Timetable, tz: str, is_holiday: HolidayCheck, now: datetime, days: int = 31) -> int:
    """Make the sample month when there is no class at all; returns how many were made. Safe at every start."""
    if session.exec(select(func.count()).select_from(ScheduledSession)).one() or not timetable.classes:
        return 0
    session.add_all([_course(row) for row in timetable.courses] + [_venue(row) for row in timetable.venues])
    session.flush()
    made = [one for row in timetable.classes for one in _dated(row, tz, is_holiday, now, days)]
    session.add_all(made)
    session.flush()
    return len(made)


def close_sample(session: Session, session_id: str, now: datetime) -> None:
    """End the applications of a sample now, so that a newcomer can try the draw. A real class keeps its announced day: DrawNotPossible."""
    place = lock_session(session, session_id)
    if not place.sample:
        raise DrawNotPossible("still_open")
    place.registration_closes = now - timedelta(seconds=1)
    session.add(place)


def begin_sample(session: Session, session_id: str, now: datetime) -> None:
    """Let a sample begin now, so that a newcomer can try arriving and the certificate. A real class keeps its day: NotToday."""
    place = lock_session(session, session_id)
    if not place.sample:
        raise NotToday(place.start_date)
    place.start_date, place.end_date = now, now + (place.end_date - place.start_date)
    place.registration_closes, place.cancel_deadline = min(place.registration_closes, now), min(place.cancel_deadline, now)
    place.sequence += 1
    place.changed_at = now
    session.add(place)


def days_of(rule: str, first: date, last: date, is_holiday: HolidayCheck) -> list[date]:
    """The days of an RFC 5545 rule between two days, without public holidays."""
    start = datetime.combine(first, time())
    found = rrulestr(rule, dtstart=start).between(start, datetime.combine(last, time()), inc=True)
    return [day.date() for day in found if not is_holiday(day.date())]


def _dated(row: Row, tz: str, is_holiday: HolidayCheck, now: datetime, days: int) -> list[ScheduledSession]:
    today = now.astimezone(ZoneInfo(tz)).date()
    first, last = today + timedelta(days=2), today + timedelta(days=days)
    return [_session(row, day, tz, now) for day in days_of(row["event_schedule"], first, last, is_holiday)]


def _session(row: Row, day: date, tz: str, now: datetime) -> ScheduledSession:
    start = datetime.combine(day, time.fromisoformat(row["starts"]), ZoneInfo(tz))
    room, devices = int(row["room_capacity"]), int(row["devices"])
    closes = start - timedelta(days=int(row["closes_days_before"]))
    return ScheduledSession(
        id=f"{row['id']}-{day:%Y%m%d}",
        super_event=row["id"],
        course_code=row["course"],
        venue_id=row["venue"],
        name=row["name"],
        room=row["room"],
        start_date=start,
        end_date=start + timedelta(minutes=int(row["minutes"])),
        tz=tz,
        allocation=row["allocation"],
        room_capacity=room,
        devices=devices,
        maximum_attendee_capacity=min(room, devices),
        helper_ratio=int(row["helper_ratio"]),
        confirmed_helpers=int(row["helpers"]),
        registration_opens=now - timedelta(days=1),
        registration_closes=max(closes, now + timedelta(hours=12)),
        cancel_deadline=start,
        fee_yen=int(row["fee_yen"]),
        what_to_bring=row["what_to_bring"],
        target_audience=row["target_audience"],
        changed_at=now,
        sample=True,
        **_from_home(row),
    )


def _from_home(row: Row) -> dict[str, Any]:
    address = row.get("remote_address") or ""
    return {"remote_address": address, "event_attendance_mode": "Mixed" if address else "Offline"}


def _course(row: Row) -> Course:
    """`age_from`, `age_to` and `residency` are the conditions; a town may leave these columns out."""
    given: dict[str, Any] = {name: cell for name, cell in row.items() if name not in CONDITIONS}
    given |= {name: _split(row[name]) for name in ("skills_taught", "prerequisites")}
    ages = {name: int(row[name]) for name in CONDITIONS[:2] if row.get(name)}
    homes = {"residency": _split(row["residency"])} if row.get("residency") else {}
    return Course(**{**given, "duration_minutes": int(row["duration_minutes"]), "conditions": {**ages, **homes} or None})


def _venue(row: Row) -> Venue:
    given: dict[str, Any] = {**row, "is_accessible": _split(row["is_accessible"])}
    given |= {name: float(row[name]) if row.get(name) else None for name in ("lat", "lon")}
    return Venue(**given)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _rows(file: Path) -> Sequence[Row]:
    with file.open(encoding="utf-8-sig", newline="") as sheet:
        return list(csv.DictReader(sheet))
