"""Who could step in, the likeliest first; without it staff would call down an alphabetical list.

Order: knows the course, speaks its language, the hour suits, knows the series' faces, was asked longest ago, did least, lives near.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from .assignments import may_help
from .availability import Kind, free_times, patterns_of
from .roster_model import FIRST_LANGUAGE
from .roster_reasons import Reason
from .states import STANDING
from .tables import Course, ScheduledSession, Venue
from .travel import SET_UP_MINUTES, travel_minutes
from .volunteer_tables import Assignment, Volunteer

NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
LOOK_BACK: Final = timedelta(days=91)


class Held(Protocol):
    """Anything that is held somewhere from one moment to another."""

    @property
    def venue_id(self) -> str: ...
    @property
    def start_date(self) -> datetime: ...
    @property
    def end_date(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    volunteer: Volunteer
    reasons: Sequence[Reason]
    order: tuple[object, ...]


def candidates(session: Session, place: ScheduledSession, now: datetime) -> Sequence[Candidate]:
    """Everybody who may help and is free at that time, best first. Who never said anything about the hour comes after who did."""
    zone, day = ZoneInfo(place.tz), place.start_date.astimezone(ZoneInfo(place.tz)).date()
    found = session.exec(select(Volunteer).where(Volunteer.state == "approved")).all()
    patterns, around = patterns_of(session, [one.id for one in found]), _around(session, place)
    course, venue = session.get_one(Course, place.course_code), session.get_one(Venue, place.venue_id)
    venues = {one.id: one for one in session.exec(select(Venue)).all()}
    series, load = _series(session, place), _load(session, now)
    chosen = []
    for one in found:
        said = free_times(patterns[one.id], day, day).at(place.start_date, place.end_date, zone)
        if not may_help(one, day) or said == "blocked" or _busy(around.get(one.id, ()), place, venues, one, zone):
            continue
        way = travel_minutes(venues[one.base_venue], venue) if one.base_venue in venues else 0
        if way <= one.travel_minutes:
            chosen.append(_candidate(one, place, course, said, series.get(one.id, 0), load.get(one.id, 0), way))
    return sorted(chosen, key=lambda candidate: candidate.order)


def _candidate(one: Volunteer, place: ScheduledSession, course: Course, said: Kind | None, times: int, load: int, way: int) -> Candidate:
    language = place.in_language or course.in_language
    knows, speaks = place.course_code in one.skills, language == FIRST_LANGUAGE or language in one.languages
    suits = {"preferred": 0, "available": 1}.get(said or "", 2)
    order = (not knows, not speaks, suits, -min(times, 1), one.last_asked_at or NEVER, load, way, one.id)
    return Candidate(one, _reasons(knows, suits, times), order)


def _reasons(knows: bool, suits: int, times: int) -> Sequence[Reason]:
    hour = ("likes_hour", "free_then", "not_said_yet")[suits]
    return [
        *([Reason("knows_course")] if knows else []),
        Reason(hour),
        *([Reason("same_faces", {"times": times})] if times else []),
    ]


def _around(session: Session, place: ScheduledSession) -> Mapping[str, Sequence[ScheduledSession]]:
    """What everybody has promised in the week of the class."""
    zone = ZoneInfo(place.tz)
    here = place.start_date.astimezone(zone)
    monday = datetime.combine(here.date() - timedelta(days=here.weekday()), time(), zone)
    joined = select(Assignment.volunteer_id, ScheduledSession).join(
        ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id)
    )
    within = joined.where(
        col(Assignment.state).in_(STANDING), ScheduledSession.start_date >= monday, ScheduledSession.start_date < monday + timedelta(days=7)
    )
    busy: dict[str, list[ScheduledSession]] = {}
    for volunteer_id, one in session.exec(within).all():
        busy.setdefault(volunteer_id, []).append(one)
    return busy


def _busy(
    promised: Sequence[ScheduledSession], place: ScheduledSession, venues: Mapping[str, Venue], one: Volunteer, zone: ZoneInfo
) -> bool:
    """Already in this class, elsewhere at the time (with the way there), or at the end of the day's or the week's hours."""
    minutes = sum(int((other.end_date - other.start_date).total_seconds() // 60) for other in promised)
    own = int((place.end_date - place.start_date).total_seconds() // 60)
    same_day = [other for other in promised if other.start_date.astimezone(zone).date() == place.start_date.astimezone(zone).date()]
    if any(other.id == place.id for other in promised) or minutes + own > one.max_minutes_week or len(same_day) >= one.max_per_day:
        return True
    return any(overlap(other, place, venues) for other in same_day)


def overlap(one: Held, other: Held, venues: Mapping[str, Venue]) -> bool:
    """Whether nobody can do both, the way between the venues and setting up included."""
    way = travel_minutes(venues.get(one.venue_id), venues.get(other.venue_id))
    gap = timedelta(minutes=way + SET_UP_MINUTES if way else 0)
    first, second = sorted((one, other), key=lambda each: each.start_date)
    return second.start_date < first.end_date + gap


def _series(session: Session, place: ScheduledSession) -> Mapping[str, int]:
    """How often everybody helped in the same series."""
    if not place.super_event:
        return {}
    joined = select(Assignment.volunteer_id).join(ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id))
    return _counted(
        session.exec(
            joined.where(ScheduledSession.super_event == place.super_event, col(Assignment.state).in_(("accepted", "served")))
        ).all()
    )


def _load(session: Session, now: datetime) -> Mapping[str, int]:
    joined = select(Assignment.volunteer_id).join(ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id))
    recent = joined.where(col(Assignment.state).in_(("accepted", "served")), ScheduledSession.start_date > now - LOOK_BACK)
    return _counted(session.exec(recent).all())


def _counted(ids: Sequence[str]) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for one in ids:
        counted[one] = counted.get(one, 0) + 1
    return counted
