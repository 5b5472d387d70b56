"""The only place where a seat is taken or given back; without it two people could be promised the same chair.

Every command locks its class once, before it looks at anything: two commands on one class never overlap, on either database.
"""

from __future__ import annotations

from sqlalchemy import or_, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col

from .errors import ApplicationUnknown, SessionUnknown
from .tables import Application, ScheduledSession


def lock_session(session: Session, session_id: str) -> ScheduledSession:
    """The class, fresh and ours until the transaction ends. Raises SessionUnknown.

    The lock is an UPDATE, not SELECT FOR UPDATE, because SQLite knows only the former.
    """
    claim = update(ScheduledSession).where(col(ScheduledSession.id) == session_id).values(revision=ScheduledSession.revision + 1)
    session.connection().execute(claim)
    place = session.get(ScheduledSession, session_id, populate_existing=True)
    if place is None:
        raise SessionUnknown
    return place


def lock_application(session: Session, application_id: str) -> tuple[Application, ScheduledSession]:
    """The application as it stands once its class is ours. Raises ApplicationUnknown."""
    found = session.get(Application, application_id)
    if found is None:
        raise ApplicationUnknown
    place = lock_session(session, found.session_id)
    return session.get_one(Application, application_id, populate_existing=True), place


def take_seat(session: Session, place: ScheduledSession, ceiling: int | None = None) -> bool:
    """One more seat, if there is one. The database itself compares and counts, so even a caller without the lock cannot oversell.

    `ceiling` is given where staff may go beyond what the helpers can mind, up to what the room and the devices allow.
    """
    session.flush()
    taken, limit = col(ScheduledSession.seats_taken), col(ScheduledSession.maximum_attendee_capacity)
    ratio, helpers = col(ScheduledSession.helper_ratio), col(ScheduledSession.confirmed_helpers)
    room = [taken < limit, taken < ceiling] if ceiling is not None else [taken < limit, or_(ratio == 0, taken < ratio * helpers)]
    counted = update(ScheduledSession).where(col(ScheduledSession.id) == place.id, *room).values(seats_taken=taken + 1)
    now_taken = session.connection().execute(counted.returning(taken)).scalar_one_or_none()
    if now_taken is None:
        session.refresh(place, ["seats_taken"])
        return False
    set_committed_value(place, "seats_taken", now_taken)
    return True


def give_back_seat(session: Session, place: ScheduledSession) -> None:
    session.flush()
    freed = update(ScheduledSession).where(col(ScheduledSession.id) == place.id)
    session.connection().execute(freed.values(seats_taken=ScheduledSession.seats_taken - 1))
    session.refresh(place, ["seats_taken"])
