"""Volunteers plan classes themselves: proposed with every clash shown, copied to a series, published by staff with one press.

Without it a class would need three telephone calls before anybody could apply for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from .assignments import active_key, count_helper, helper_notice, may_help, staff_notice
from .clashes import Clash, HolidayCheck, Proposal, clashes_of
from .errors import IllegalMove
from .helper_errors import ClassClashes, CourseUnknown, NotYetHelping
from .place_tables import Room, SessionSeries
from .seats import lock_session
from .states import STANDING, move
from .tables import Course, ScheduledSession
from .terms import Terms, closes_at
from .volunteer_tables import Assignment, Volunteer

ANSWER_WITHIN: Final = timedelta(days=3)
LONGEST_SERIES: Final = 12


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a series: the classes made, and the days that could not be, each with its clashes."""

    made: Sequence[ScheduledSession]
    left_out: Sequence[tuple[datetime, Sequence[Clash]]]


def propose(session: Session, proposal: Proposal, is_holiday: HolidayCheck, now: datetime, sample: bool = False) -> ScheduledSession:
    """A class nobody sees yet but its helpers and staff. Raises ClassClashes with every clash, NotYetHelping."""
    if proposal.helpers:
        proposer = session.get(Volunteer, proposal.helpers[0])
        if proposer is None or not may_help(proposer, proposal.start.date()):
            raise NotYetHelping
    clashes = clashes_of(session, proposal, is_holiday, now)
    if clashes:
        raise ClassClashes(clashes)
    place = drafted(session, proposal, Terms(), now, sample)
    session.add_all([_put_down(place, helper, now, first=n == 0, session=session) for n, helper in enumerate(proposal.helpers)])
    session.add(staff_notice("class_proposed", place.id, now))
    session.flush()
    return place


def copy_to_series(session: Session, session_id: str, times: int, is_holiday: HolidayCheck, now: datetime) -> Copied:
    """The same class in the following weeks, as many as `times` in all; a week with a clash is left out and said so."""
    first = lock_session(session, session_id)
    pattern, times = proposal_of(session, first), max(2, min(times, LONGEST_SERIES))
    made, left_out = [first], list[tuple[datetime, Sequence[Clash]]]()
    for week in range(1, times):
        one = replace(pattern, start=pattern.start + timedelta(days=7 * week))
        try:
            made.append(propose(session, one, is_holiday, now, first.sample))
        except ClassClashes as refused:
            left_out.append((one.start, refused.clashes))
    name_series(session, made, f"FREQ=WEEKLY;COUNT={times}")
    return Copied(made, left_out)


def publish_class(session: Session, session_id: str, now: datetime) -> Sequence[ScheduledSession]:
    """Show a proposed class (and the rest of its series) to everybody; all its helpers are told.

    Raises SessionUnknown, and IllegalMove for one that is no draft or whose day has come.
    """
    first = lock_session(session, session_id)
    if first.start_date <= now:
        raise IllegalMove("class", "over", "published")
    move("class", first, "published")
    published = [first]
    for other in drafts_of_series(session, first):
        place = lock_session(session, other.id)
        move("class", place, "published")
        published.append(place)
    for place in published:
        place.changed_at, place.registration_opens = now, max(now, place.registration_opens)
        session.add(place)
        for one in _standing(session, place):
            if one.state == "proposed":
                move("assignment", one, "published")
                one.changed_at = now
                session.add_all([one, helper_notice("asked", one, now, now + ANSWER_WITHIN)])
            else:
                session.add(helper_notice("class_published", one, now))
    session.flush()
    return published


def turn_down(session: Session, session_id: str, now: datetime) -> ScheduledSession:
    """Staff do not publish it; who proposed it hears so, residents never hear of it. Raises IllegalMove once it is published."""
    place = lock_session(session, session_id)
    move("class", place, "discarded")
    place.changed_at = now
    session.add(place)
    for one in _standing(session, place):
        if one.state == "accepted":
            session.add(helper_notice("class_turned_down", one, now))
        move("assignment", one, "withdrawn")
        one.active_key, one.changed_at = None, now
        session.add(one)
    session.flush()
    return place


def proposals(session: Session, now: datetime) -> Sequence[ScheduledSession]:
    """What volunteers put down and staff have not looked at, soonest first."""
    waiting = select(ScheduledSession).where(ScheduledSession.state == "draft", ScheduledSession.start_date > now)
    waiting = waiting.where(col(ScheduledSession.proposed_by).is_not(None))
    return session.exec(waiting.order_by(col(ScheduledSession.start_date), col(ScheduledSession.id))).all()


def proposal_of(session: Session, place: ScheduledSession) -> Proposal:
    """The proposal a class came from, to be tried at another time."""
    standing = [one.volunteer_id for one in _standing(session, place)]
    helpers = sorted(standing, key=lambda one: (one != place.proposed_by, one))
    start = place.start_date.astimezone(ZoneInfo(place.tz))
    return Proposal(
        course_code=place.course_code,
        venue_id=place.venue_id,
        room=place.room,
        start=start,
        minutes=int((place.end_date - place.start_date).total_seconds() // 60),
        helpers=tuple(helpers),
        seats=place.room_capacity,
        devices=0 if place.own_phones else place.devices,
        helper_ratio=place.helper_ratio,
        language=place.in_language or "ja",
        name=place.name,
        what_to_bring=place.what_to_bring,
    )


def with_room(session: Session, proposal: Proposal) -> Proposal:
    """The first room of the venue, and no more seats than it has, where the proposer named none."""
    rooms = session.exec(select(Room).where(Room.venue_id == proposal.venue_id).order_by(col(Room.name))).all()
    chosen = next((one for one in rooms if one.name == proposal.room), rooms[0] if rooms and not proposal.room else None)
    return proposal if chosen is None else replace(proposal, room=chosen.name, seats=min(proposal.seats, chosen.capacity))


def drafted(session: Session, proposal: Proposal, terms: Terms, now: datetime, sample: bool = False) -> ScheduledSession:
    """A class that only its makers see. Raises CourseUnknown."""
    course = session.get(Course, proposal.course_code)
    if course is None:
        raise CourseUnknown(proposal.course_code)
    place = ScheduledSession(
        **described(proposal, terms, now),
        name=proposal.name or course.name,
        state="draft",
        proposed_by=proposal.helpers[0] if proposal.helpers else None,
        sample=sample,
    )
    session.add(place)
    session.flush()
    return place


def described(proposal: Proposal, terms: Terms, now: datetime) -> dict[str, Any]:
    """The columns of a class that follow from what was asked for."""
    own_phones = proposal.devices == 0
    devices = proposal.seats if own_phones else proposal.devices
    return {
        "course_code": proposal.course_code,
        "venue_id": proposal.venue_id,
        "room": proposal.room,
        "start_date": proposal.start,
        "end_date": proposal.end_date,
        "tz": str(proposal.start.tzinfo),
        "event_attendance_mode": terms.mode,
        "remote_address": terms.remote_address,
        "allocation": terms.allocation,
        "room_capacity": proposal.seats,
        "devices": devices,
        "own_phones": own_phones,
        "maximum_attendee_capacity": min(proposal.seats, devices),
        "helper_ratio": proposal.helper_ratio,
        "first_timer_seats": terms.first_timer_seats,
        "registration_opens": terms.opens or now,
        "registration_closes": closes_at(proposal, terms, now),
        "cancel_deadline": terms.cancel_until or proposal.start,
        "fee_yen": terms.fee_yen,
        "what_to_bring": proposal.what_to_bring,
        "target_audience": terms.target_audience,
        "contact": terms.contact,
        "conditions": None if terms.conditions is None else dict(terms.conditions),
        "in_language": proposal.language,
        "changed_at": now,
    }


def _put_down(place: ScheduledSession, helper_id: str, now: datetime, first: bool, session: Session) -> Assignment:
    """The proposer comes; the others are asked once staff have published the class."""
    if first:
        count_helper(session, place.id, 1, now)
    return Assignment(
        session_id=place.id,
        volunteer_id=helper_id,
        role="lead" if first else "helper",
        state="accepted" if first else "proposed",
        source="self",
        active_key=active_key(place.id, helper_id),
        reasons=[{"code": "proposed_it" if first else "asked_by_proposer", "values": {}}],
        changed_at=now,
    )


def name_series(session: Session, made: Sequence[ScheduledSession], rule: str) -> None:
    """Classes that belong together, with the rule they came from."""
    first = made[0]
    if not first.super_event:
        series = SessionSeries(course_code=first.course_code, name=first.name, event_schedule=rule)
        session.add(series)
        session.flush()
        first.super_event = series.id
    for place in made:
        place.super_event = first.super_event
        session.add(place)
    session.flush()


def drafts_of_series(session: Session, first: ScheduledSession) -> Sequence[ScheduledSession]:
    """The other classes of its series that are not published yet."""
    if not first.super_event:
        return ()
    same = select(ScheduledSession).where(
        ScheduledSession.super_event == first.super_event, ScheduledSession.state == "draft", ScheduledSession.id != first.id
    )
    return session.exec(same.order_by(col(ScheduledSession.id))).all()


def _standing(session: Session, place: ScheduledSession) -> Sequence[Assignment]:
    standing = select(Assignment).where(Assignment.session_id == place.id, col(Assignment.state).in_(STANDING))
    return session.exec(standing.order_by(col(Assignment.id))).all()
