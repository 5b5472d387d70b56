"""Everything that stands in a class's way, found at once; without it a proposal would be refused five times for five reasons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from .assignments import may_help
from .availability import FreeTimes, free_times, patterns_of
from .cover_candidates import overlap
from .helper_errors import CourseUnknown, VenueUnknown
from .place_tables import Closure, LoanDevice, Room
from .states import STANDING
from .tables import Course, ScheduledSession, Venue
from .volunteer_tables import Assignment, Volunteer

HolidayCheck = Callable[[date], bool]
OPENING: Final = time(9)
CLOSING: Final = time(20)
HOURS: Final = (10, 13, 14, 15, 11, 9, 16, 17)  # tried in this order when another hour is looked for
LOOK_AHEAD_DAYS: Final = 21
RUNNING: Final = ("draft", "published", "drawing", "awarded")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A class somebody would like to hold. `helpers` are volunteer ids, the proposer first. `start` is in the town's zone.

    `devices` are telephones lent; 0: everybody brings their own.
    """

    course_code: str
    venue_id: str
    room: str
    start: datetime
    minutes: int = 60
    helpers: tuple[str, ...] = ()
    seats: int = 8
    devices: int = 8
    helper_ratio: int = 4
    language: str = "ja"
    name: str = ""
    what_to_bring: str = ""

    @property
    def start_date(self) -> datetime:
        return self.start

    @property
    def end_date(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Clash:
    """`code` names the sentence (`lesson.clash.CODE`), `values` fill it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What a proposal may clash with over some weeks, read once: looking for a free time tries hundreds of proposals."""

    zone: ZoneInfo
    now: datetime
    is_holiday: HolidayCheck
    venues: Mapping[str, Venue]
    rooms: Mapping[tuple[str, str], Room]
    closures: Sequence[Closure]
    devices: Sequence[LoanDevice]
    running: Sequence[ScheduledSession]
    promised: Mapping[str, Sequence[ScheduledSession]]
    helpers: Mapping[str, Volunteer]
    free: Mapping[str, FreeTimes]


def clashes_of(
    session: Session, proposal: Proposal, is_holiday: HolidayCheck, now: datetime, beside: Collection[str] = ()
) -> Sequence[Clash]:
    """Classes in `beside` (session ids) are no clash: they are about to be moved. Raises CourseUnknown, VenueUnknown."""
    return found_clashes(proposal, surroundings(session, proposal, is_holiday, now, beside))


def nearest_free(
    session: Session, proposal: Proposal, is_holiday: HolidayCheck, now: datetime, limit: int = 3, beside: Collection[str] = ()
) -> Sequence[Proposal]:
    """The same class at the nearest times without a clash: another room at that hour, another hour that day, then the days around."""
    around = surroundings(session, proposal, is_holiday, now, beside)
    found: list[Proposal] = []
    for other in _others(proposal, around):
        if not found_clashes(other, around):
            found.append(other)
            if len(found) == limit:
                break
    return found


def surroundings(
    session: Session, proposal: Proposal, is_holiday: HolidayCheck, now: datetime, beside: Collection[str] = ()
) -> Surroundings:
    if session.get(Course, proposal.course_code) is None:
        raise CourseUnknown(proposal.course_code)
    venues = {one.id: one for one in session.exec(select(Venue)).all()}
    if proposal.venue_id not in venues:
        raise VenueUnknown(proposal.venue_id)
    low, high = proposal.start - timedelta(days=LOOK_AHEAD_DAYS + 1), proposal.start + timedelta(days=LOOK_AHEAD_DAYS + 1)
    within = (
        ScheduledSession.start_date >= low,
        ScheduledSession.start_date <= high,
        col(ScheduledSession.state).in_(RUNNING),
        col(ScheduledSession.id).not_in(list(beside)),
    )
    patterns = patterns_of(session, proposal.helpers)
    return Surroundings(
        zone=ZoneInfo(str(proposal.start.tzinfo)),
        now=now,
        is_holiday=is_holiday,
        venues=venues,
        rooms={(one.venue_id, one.name): one for one in session.exec(select(Room)).all()},
        closures=session.exec(select(Closure)).all(),
        devices=session.exec(select(LoanDevice)).all(),
        running=session.exec(select(ScheduledSession).where(*within)).all(),
        promised=_promised(session, proposal.helpers, within),
        helpers={one.id: one for one in session.exec(select(Volunteer).where(col(Volunteer.id).in_(proposal.helpers))).all()},
        free={one: free_times(patterns[one], low.date(), high.date()) for one in proposal.helpers},
    )


def _promised(
    session: Session, helpers: Sequence[str], within: Sequence[ColumnElement[bool] | bool]
) -> Mapping[str, Sequence[ScheduledSession]]:
    """Where each helper stands already."""
    joined = select(Assignment.volunteer_id, ScheduledSession)
    joined = joined.join(ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id))
    standing = joined.where(col(Assignment.volunteer_id).in_(helpers), col(Assignment.state).in_(STANDING), *within)
    promised: dict[str, list[ScheduledSession]] = {}
    for volunteer_id, place in session.exec(standing).all():
        promised.setdefault(volunteer_id, []).append(place)
    return promised


def found_clashes(proposal: Proposal, around: Surroundings) -> Sequence[Clash]:
    """Day, place, telephones, people; each with what it clashes with."""
    return [*_day(proposal, around), *_place(proposal, around), *_telephones(proposal, around), *_people(proposal, around)]


def _day(proposal: Proposal, around: Surroundings) -> Sequence[Clash]:
    day, hours = proposal.start.date(), (proposal.start.time(), proposal.end_date.time())
    found = []
    if proposal.start <= around.now:
        found.append(Clash("past"))
    if not OPENING <= hours[0] < hours[1] <= CLOSING:
        found.append(Clash("hours", {"opens": OPENING.hour, "closes": CLOSING.hour}))
    if around.is_holiday(day):
        found.append(Clash("holiday"))
    closed = [one for one in around.closures if one.venue_id in ("", proposal.venue_id) and one.first_day <= day <= one.last_day]
    return [*found, *(Clash("closed", {"reason": one.reason}) for one in closed)]


def _place(proposal: Proposal, around: Surroundings) -> Sequence[Clash]:
    room = around.rooms.get((proposal.venue_id, proposal.room))
    found = [Clash("room_small", {"capacity": room.capacity})] if room is not None and room.capacity < proposal.seats else []
    taken = [one for one in _at_once(proposal, around) if (one.venue_id, one.room) == (proposal.venue_id, proposal.room)]
    return [*found, *(Clash("room_taken", {"name": one.name, "start": one.start_date}) for one in taken)]


def _telephones(proposal: Proposal, around: Surroundings) -> Sequence[Clash]:
    """Loan telephones are counted only where the town has written down how many there are."""
    if not around.devices or not proposal.devices:
        return ()
    have = sum(one.quantity for one in around.devices if one.venue_id in ("", proposal.venue_id))
    lent = sum(one.devices for one in _at_once(proposal, around) if not one.own_phones)
    return [Clash("devices", {"left": max(0, have - lent)})] if lent + proposal.devices > have else []


def _people(proposal: Proposal, around: Surroundings) -> Sequence[Clash]:
    found: list[Clash] = []
    for helper_id in proposal.helpers:
        helper = around.helpers.get(helper_id)
        if helper is None or not may_help(helper, proposal.start.date()):
            found.append(Clash("not_helping", {"who": helper.name if helper else ""}))
            continue
        if around.free[helper_id].at(proposal.start, proposal.end_date, around.zone) == "blocked":
            found.append(Clash("away", {"who": helper.name}))
        for other in around.promised.get(helper_id, ()):
            if overlap(other, proposal, around.venues):
                code = "elsewhere" if _overlaps(other, proposal) else "travel"
                found.append(Clash(code, {"who": helper.name, "name": other.name, "start": other.start_date}))
    return found


def _others(proposal: Proposal, around: Surroundings) -> Sequence[Proposal]:
    """Near first."""
    rooms = [room for venue, room in around.rooms if venue == proposal.venue_id and room != proposal.room]
    same_time = [replace(proposal, room=room) for room in rooms]
    same_day = [replace(proposal, start=proposal.start.replace(hour=hour, minute=0)) for hour in HOURS]
    days = sorted((n for n in range(-LOOK_AHEAD_DAYS, LOOK_AHEAD_DAYS + 1) if n), key=lambda n: (abs(n), n < 0))
    other_days = [replace(proposal, start=proposal.start + timedelta(days=n)) for n in days]
    weekdays = [one for one in other_days if one.start.weekday() < 5 or proposal.start.weekday() >= 5]
    other_hours = [replace(one, start=one.start.replace(hour=hour, minute=0)) for one in weekdays for hour in HOURS[:4]]
    return [*same_time, *same_day, *weekdays, *other_hours]


def _at_once(proposal: Proposal, around: Surroundings) -> Sequence[ScheduledSession]:
    return [one for one in around.running if _overlaps(one, proposal)]


def _overlaps(one: ScheduledSession, proposal: Proposal) -> bool:
    return one.start_date < proposal.end_date and proposal.start < one.end_date
