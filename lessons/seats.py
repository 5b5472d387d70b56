"""The only place where a seat is taken or given back; without it two people could be promised the same chair.

Every command locks its class once, before it looks at anything: two commands on one class never overlap, on either database.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, or_, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from .errors import ApplicationUnknown, SessionUnknown
from .rows import first
from .tables import Application, ScheduledSession

_TAKEN, _LIMIT = col(ScheduledSession.seats_taken), col(ScheduledSession.maximum_attendee_capacity)
_RATIO, _HELPERS = col(ScheduledSession.helper_ratio), col(ScheduledSession.confirmed_helpers)
_THE_CLASS = update(ScheduledSession).where(col(ScheduledSession.id) == bindparam("class_id"))
NUL: Final = "\0"
CLAIM: Final = _THE_CLASS.values(revision=ScheduledSession.revision + 1)
_ONE_MORE = _THE_CLASS.where(_TAKEN < _LIMIT).values(seats_taken=_TAKEN + 1).returning(_TAKEN)
TAKE: Final = _ONE_MORE.where(or_(_RATIO == 0, _TAKEN < _RATIO * _HELPERS))
TAKE_UNDER: Final = _ONE_MORE.where(bindparam("ceiling") > _TAKEN)
GIVE: Final = _THE_CLASS.values(seats_taken=_TAKEN - 1).returning(_TAKEN)
CLASS: Final = select(ScheduledSession).where(ScheduledSession.id == bindparam("id")).execution_options(populate_existing=True)
CLASS_OF: Final = select(Application.session_id).where(Application.id == bindparam("id"))
APPLICATION: Final = select(Application).where(Application.id == bindparam("id")).execution_options(populate_existing=True)


def lock_session(session: Session, session_id: str) -> ScheduledSession:
    """The class, fresh and ours until the transaction ends. Raises SessionUnknown.

    The lock is an UPDATE, not SELECT FOR UPDATE, because SQLite knows only the former.
    """
    if NUL in session_id:  # PostgreSQL takes no such text, not even to look for it
        raise SessionUnknown
    session.flush()
    session.connection().execute(CLAIM, {"class_id": session_id})
    place = session.scalars(CLASS, {"id": session_id}).one_or_none()
    if place is None:
        raise SessionUnknown
    return place


def lock_application(session: Session, application_id: str) -> tuple[Application, ScheduledSession]:
    """The application as it stands once its class is ours. Raises ApplicationUnknown."""
    found = first(session, CLASS_OF, id=application_id) if NUL not in application_id else None
    if found is None:
        raise ApplicationUnknown
    place = lock_session(session, found[0])
    application = session.scalars(APPLICATION, {"id": application_id}).one_or_none()
    if application is None:
        raise ApplicationUnknown
    return application, place


def take_seat(session: Session, place: ScheduledSession, ceiling: int | None = None) -> bool:
    """One more seat, if there is one. The database itself compares and counts, so even a caller without the lock cannot oversell.

    `ceiling` is given where staff may go beyond what the helpers can mind, up to what the room and the devices allow.
    """
    counted = first(session, TAKE, class_id=place.id) if ceiling is None else first(session, TAKE_UNDER, class_id=place.id, ceiling=ceiling)
    if counted is not None:
        set_committed_value(place, "seats_taken", counted[0])
    return counted is not None


def give_back_seat(session: Session, place: ScheduledSession) -> None:
    freed = first(session, GIVE, class_id=place.id)
    if freed is not None:
        set_committed_value(place, "seats_taken", freed[0])
