"""A helper's promise to come, and what it does to the seats of a class; without it a class would count on people who said no.

Every command belongs in one transaction of the caller and locks its class first, like those of learners.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from .helper_errors import AlreadyHelping, AssignmentUnknown, NotYetHelping, VolunteerUnknown
from .seats import lock_session
from .states import COMING, STANDING, move
from .tables import Course, ScheduledSession, Venue
from .volunteer_tables import Assignment, CoverAsk, CoverRequest, Volunteer, VolunteerNotice
from .waiting_list import expire_offers

FREE_OF: Final = ("declined", "covered", "withdrawn")  # these take nobody's time any more


@dataclass(frozen=True, slots=True)
class Duty:
    """One assignment with its class, as pages and chats show it."""

    assignment: Assignment
    session: ScheduledSession
    course: Course
    venue: Venue


def accept(session: Session, assignment_id: str, now: datetime) -> Assignment:
    """The helper comes; more seats may open. Accepting twice changes nothing."""
    found = locked(session, assignment_id)
    if found.state != "accepted":
        set_helpers(session, found, "accepted", now)
    return found


def decline(session: Session, assignment_id: str, now: datetime) -> Assignment:
    """The helper cannot come, before having promised. Staff hear of it."""
    found = locked(session, assignment_id)
    if found.state != "declined":
        set_helpers(session, found, "declined", now)
        session.add(staff_notice("declined", found.session_id, now))
    return found


def assign(session: Session, session_id: str, volunteer_id: str, now: datetime, source: str = "staff", **given: Any) -> Assignment:
    """Ask one helper for one class, outside the roster; `given` may hold better `reasons`. Raises NotYetHelping, AlreadyHelping."""
    place = lock_session(session, session_id)
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None:
        raise VolunteerUnknown
    if not may_help(volunteer, place.start_date.date()):
        raise NotYetHelping
    key = active_key(session_id, volunteer_id)
    if session.exec(select(Assignment).where(Assignment.active_key == key)).one_or_none() is not None:
        raise AlreadyHelping
    knows = place.course_code in volunteer.skills
    role = "lead" if knows else "helper"
    codes = ("asked_by_staff", *(("knows_course",) if knows else ()))
    given.setdefault("reasons", [{"code": code, "values": {}} for code in codes])
    made = Assignment(session_id=session_id, volunteer_id=volunteer_id, role=role, source=source, active_key=key, changed_at=now, **given)
    session.add(made)
    session.flush()
    ask_no_more(session, made, now)
    return made


def ask_no_more(session: Session, made: Assignment, now: datetime) -> None:
    """Who is asked for a class is not also asked to step in there: one person cannot stand in it twice."""
    asked = select(CoverAsk).join(CoverRequest, col(CoverRequest.id) == col(CoverAsk.request_id))
    theirs = asked.where(CoverRequest.session_id == made.session_id, CoverAsk.volunteer_id == made.volunteer_id, CoverAsk.state == "asked")
    for question in session.exec(theirs).all():
        move("question", question, "closed")
        session.add(question)
    settle_notices(session, made.volunteer_id, made.session_id, "cover_asked", now)
    session.flush()


def ask(session: Session, assignment: Assignment, now: datetime, until: datetime | None = None) -> None:
    """Put the question to the helper."""
    move("assignment", assignment, "published")
    assignment.changed_at = now
    session.add_all([assignment, helper_notice("asked", assignment, now, until)])
    session.flush()


def withdraw(session: Session, assignment_id: str, now: datetime) -> Assignment:
    """Staff need this helper no more."""
    found = locked(session, assignment_id)
    told = found.state in ("published", "accepted", "cover_wanted")
    set_helpers(session, found, "withdrawn", now)
    if told:
        session.add(helper_notice("not_needed", found, now))
    return found


def set_helpers(session: Session, assignment: Assignment, wanted: str, now: datetime) -> None:
    """Take a promise to another state; the class's number of helpers follows, and new seats go to the queue at once."""
    before, searched = assignment.state in COMING, assignment.state == "cover_wanted"
    move("assignment", assignment, wanted)
    assignment.changed_at = now
    if wanted in FREE_OF:
        assignment.active_key = None
    session.add(assignment)
    session.flush()
    settle_notices(session, assignment.volunteer_id, assignment.session_id, "asked", now)
    if searched and wanted in ("withdrawn", "accepted"):
        drop_search(session, assignment, now)
    change = (wanted in COMING) - before
    if change:
        count_helper(session, assignment.session_id, change, now)


def drop_search(session: Session, assignment: Assignment, now: datetime) -> None:
    """Nobody is looked for any more; those who were asked hear that it is settled."""
    for request in session.exec(select(CoverRequest).where(CoverRequest.assignment_id == assignment.id)).all():
        if request.state not in ("asking", "escalated"):
            continue
        move("cover request", request, "withdrawn")
        session.add(request)
        for question in session.exec(select(CoverAsk).where(CoverAsk.request_id == request.id, CoverAsk.state == "asked")).all():
            move("question", question, "closed")
            settle_notices(session, question.volunteer_id, request.session_id, "cover_asked", now)
            helper_id, place_id = question.volunteer_id, request.session_id
            told = VolunteerNotice(kind="cover_settled", volunteer_id=helper_id, session_id=place_id, made_at=now)
            session.add_all([question, told])
    session.flush()


def settle_notices(session: Session, volunteer_id: str, session_id: str, kind: str, now: datetime) -> None:
    """Who has answered need not be told any more that they were asked."""
    asked = update(VolunteerNotice).where(
        col(VolunteerNotice.volunteer_id) == volunteer_id,
        col(VolunteerNotice.session_id) == session_id,
        col(VolunteerNotice.kind) == kind,
        col(VolunteerNotice.told_at).is_(None),
    )
    session.connection().execute(asked.values(told_at=now, told_by="answered"))


def count_helper(session: Session, session_id: str, change: int, now: datetime) -> None:
    """One helper more or less. Nobody loses a seat: with too few helpers the class is at risk and gives no further seat."""
    counted = update(ScheduledSession).where(col(ScheduledSession.id) == session_id)
    grown = counted.values(confirmed_helpers=ScheduledSession.confirmed_helpers + change, changed_at=now)
    session.connection().execute(grown)
    place = lock_session(session, session_id)
    if place.state in ("published", "awarded"):
        expire_offers(session, place, now)


def close_helpers(session: Session, session_id: str, absent: Sequence[str], now: datetime) -> int:
    """After the class: who promised has served, unless named absent (by assignment id). Returns how many served."""
    lock_session(session, session_id)
    promised = select(Assignment).where(Assignment.session_id == session_id, col(Assignment.state).in_(("accepted", "cover_wanted")))
    served = 0
    for one in session.exec(promised).all():
        if one.state == "cover_wanted":
            drop_search(session, one, now)
        move("assignment", one, "absent" if one.id in absent else "served")
        one.changed_at = now
        session.add(one)
        served += one.state == "served"
    session.flush()
    return served


def free_helpers(session: Session, place: ScheduledSession, now: datetime) -> None:
    """The class is called off: its helpers need not come, and hear of it."""
    standing = select(Assignment).where(Assignment.session_id == place.id, col(Assignment.state).in_(STANDING))
    for one in session.exec(standing).all():
        if one.state != "proposed":
            session.add(helper_notice("class_off", one, now))
        if one.state == "cover_wanted":
            drop_search(session, one, now)
        move("assignment", one, "withdrawn")
        one.active_key, one.changed_at = None, now
        session.add(one)
    session.flush()


def duties_of(session: Session, volunteer_id: str, since: datetime, states: Sequence[str]) -> Sequence[Duty]:
    """A helper's classes from a moment on, soonest first."""
    joined = _joined().where(Assignment.volunteer_id == volunteer_id, ScheduledSession.end_date > since, col(Assignment.state).in_(states))
    return [Duty(*row) for row in session.exec(joined.order_by(col(ScheduledSession.start_date), col(Assignment.id))).all()]


def promised_between(session: Session, volunteer_id: str, first: date, last: date, zone: ZoneInfo, now: datetime) -> Sequence[Duty]:
    """The classes of these days, both included, to which a helper said yes."""
    ahead = duties_of(session, volunteer_id, now, ("accepted",))
    return [one for one in ahead if first <= one.session.start_date.astimezone(zone).date() <= last]


def helpers_of(session: Session, session_id: str) -> Sequence[tuple[Assignment, Volunteer]]:
    """Everybody asked for a class, in the order in which they were."""
    joined = select(Assignment, Volunteer).join(Volunteer, col(Volunteer.id) == col(Assignment.volunteer_id))
    return session.exec(joined.where(Assignment.session_id == session_id).order_by(col(Assignment.changed_at), col(Assignment.id))).all()


def one_duty(session: Session, assignment_id: str) -> Duty:
    """Raises AssignmentUnknown."""
    row = session.exec(_joined().where(Assignment.id == assignment_id)).one_or_none()
    if row is None:
        raise AssignmentUnknown
    return Duty(*row)


def duties_by_id(session: Session, assignment_ids: Sequence[str]) -> Mapping[str, Duty]:
    """Many at once, in one question to the database."""
    rows = session.exec(_joined().where(col(Assignment.id).in_(assignment_ids))).all()
    return {row[0].id: Duty(*row) for row in rows}


def locked(session: Session, assignment_id: str) -> Assignment:
    """The assignment as it stands once its class is ours. Raises AssignmentUnknown."""
    found = session.get(Assignment, assignment_id)
    if found is None:
        raise AssignmentUnknown
    lock_session(session, found.session_id)
    return session.get_one(Assignment, assignment_id, populate_existing=True)


def may_help(volunteer: Volunteer, on: date) -> bool:
    """Approved, and the check (if the town asks for one) is still good on that day."""
    return volunteer.state == "approved" and (volunteer.check_expires is None or volunteer.check_expires >= on)


def active_key(session_id: str, volunteer_id: str) -> str:
    return f"{session_id}/{volunteer_id}"


def helper_notice(kind: str, assignment: Assignment, now: datetime, until: datetime | None = None) -> VolunteerNotice:
    return VolunteerNotice(kind=kind, volunteer_id=assignment.volunteer_id, session_id=assignment.session_id, until=until, made_at=now)


def staff_notice(kind: str, session_id: str, now: datetime) -> VolunteerNotice:
    return VolunteerNotice(kind=kind, session_id=session_id, made_at=now)


def _joined() -> Any:
    joined = select(Assignment, ScheduledSession, Course, Venue)
    joined = joined.join(ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id))
    return joined.join(Course, col(Course.code) == col(ScheduledSession.course_code)).join(
        Venue, col(Venue.id) == col(ScheduledSession.venue_id)
    )
