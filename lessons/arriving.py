"""Saying "I am here": by the QR or the four digits on the board, by the list, by joining from afar; without it a queue forms at the door.

A code that only rotates locks out whoever cannot scan: the same four digits can always be said aloud or looked up by staff.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlmodel import Session, col, select

from .assignments import close_helpers
from .attendance import check_in, close_class, complete
from .errors import CodeUnknown, NotRemote, NotToday
from .learning_tables import Attendance, CheckInCode
from .seats import lock_session
from .tables import Application, Booking, ScheduledSession

Method = Literal["qr", "code", "list", "voice", "remote"]
OPENS: Final = timedelta(minutes=60)  # before the class begins
HERE: Final = ("confirmed", "won")


def board_code(session: Session, session_id: str) -> str:
    """The four digits of a class, the same all day."""
    found = session.get(CheckInCode, session_id)
    if found is None:
        found = CheckInCode(session_id=session_id, code=f"{secrets.randbelow(9000) + 1000}")
        session.add(found)
        session.flush()
    return found.code


def arrive(session: Session, application_id: str, method: Method, now: datetime) -> Application:
    """Somebody has arrived; arriving twice changes nothing. Raises NotToday outside the hour before and the class itself."""
    application = session.get_one(Application, application_id)
    place = session.get_one(ScheduledSession, application.session_id)
    if not place.start_date - OPENS <= now <= place.end_date:
        raise NotToday(place.start_date)
    check_in(session, application_id, now)
    if session.get(Attendance, application_id) is None:
        session.add(Attendance(application_id=application_id, method=method, arrived_at=now))
    session.flush()
    return application


def arrive_by_code(session: Session, learner_ids: Sequence[str], code: str, method: Method, now: datetime) -> Application:
    """The class on whose board these digits stand, if this learner has a seat in it. Raises CodeUnknown."""
    found = seat_by_code(session, learner_ids, code, now)
    if found is None:
        raise CodeUnknown
    return arrive(session, found.id, method, now)


def seat_by_code(session: Session, learner_ids: Sequence[str], code: str, now: datetime) -> Application | None:
    """One of these learners' seats in the class on whose board the digits stand, while it is on or begins within the hour."""
    theirs = (
        select(Application)
        .join(CheckInCode, col(CheckInCode.session_id) == Application.session_id)
        .join(ScheduledSession, col(ScheduledSession.id) == Application.session_id)
        .where(
            CheckInCode.code == code,
            col(Application.learner_id).in_(learner_ids),
            col(Application.state).in_(HERE),
            col(ScheduledSession.start_date) <= now + OPENS,
            col(ScheduledSession.end_date) >= now,
        )
    )
    return session.exec(theirs).first()


def has_arrived(session: Session, application_id: str) -> bool:
    return session.get(Attendance, application_id) is not None


def join_from_home(session: Session, application_id: str, now: datetime) -> str:
    """Somebody joins from afar and is thereby here; returns the address. Raises NotRemote, NotToday."""
    application = session.get_one(Application, application_id)
    place = session.get_one(ScheduledSession, application.session_id)
    if not place.remote_address or application.state not in HERE:
        raise NotRemote
    arrive(session, application_id, "remote", now)
    return place.remote_address


def end_class(session: Session, session_id: str, absent_helpers: Sequence[str], now: datetime) -> None:
    """The class is over: who has a seat and was not noted did not come; helpers have served unless named absent (by assignment id).

    Raises NotToday while nobody can have arrived yet: one press too early would have made everybody a no-show; IllegalMove for a class
    that was never held.
    """
    place = lock_session(session, session_id)
    if now < place.start_date - OPENS:
        raise NotToday(place.start_date)
    seated = select(Booking.application_id).where(Booking.session_id == session_id, col(Booking.state).in_(("confirmed", "checked_in")))
    close_class(session, session.exec(seated).all(), now)
    close_helpers(session, session_id, absent_helpers, now)
    complete(session, session_id)


def leave(session: Session, application_id: str, now: datetime) -> None:
    """Somebody who joined from afar hung up."""
    found = session.get(Attendance, application_id)
    if found is not None:
        found.left_at = now
        session.add(found)


def todays_applications(session: Session, learner_ids: Sequence[str], now: datetime) -> Sequence[Application]:
    """The learner's seats in classes that begin within the hour or are on now."""
    theirs = select(Application).join(ScheduledSession, col(ScheduledSession.id) == Application.session_id)
    today = theirs.where(
        col(Application.learner_id).in_(learner_ids),
        col(Application.state).in_(HERE),
        col(ScheduledSession.start_date) <= now + OPENS,
        col(ScheduledSession.end_date) >= now,
    )
    return session.exec(today).all()
