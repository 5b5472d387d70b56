"""What people thought of a class, in three taps; without it the programme would only know who came.

満足度 has five steps: 満足, やや満足, ふつう, やや不満, 不満.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, exists, select

from .errors import OpinionUnclear
from .learning_tables import Feedback
from .tables import Application, Booking, ScheduledSession

STEPS: Final = (5, 4, 3, 2, 1)
PACES: Final = ("slow", "right", "fast")
AGAINS: Final = ("yes", "no")
ASKED_FOR: Final = timedelta(days=7)


def give_opinion(
    session: Session, application_id: str, now: datetime, *, satisfaction: int = 0, pace: str = "", again: str = "", channel: str = ""
) -> Feedback:
    """One tap more. A tap given again replaces the one before. Raises OpinionUnclear for anything that is no answer."""
    if (satisfaction and satisfaction not in STEPS) or (pace and pace not in PACES) or (again and again not in AGAINS):
        raise OpinionUnclear
    found = session.get(Feedback, application_id)
    if found is None:
        if not satisfaction:
            raise OpinionUnclear
        found = Feedback(application_id=application_id, satisfaction=satisfaction, channel=channel, given_at=now)
    found.satisfaction, found.pace, found.again = satisfaction or found.satisfaction, pace or found.pace, again or found.again
    found.given_at = now
    session.add(found)
    session.flush()
    return found


def unasked(session: Session, since: datetime) -> Sequence[Application]:
    """The classes that ended after `since` and were closed, of people who came and said nothing of them yet; the newest of each person."""
    came = (
        select(Application)
        .join(Booking, col(Booking.application_id) == Application.id)
        .join(ScheduledSession, col(ScheduledSession.id) == Application.session_id)
        .where(Booking.state == "attended", col(ScheduledSession.end_date) > since)
        .where(~exists().where(col(Feedback.application_id) == col(Application.id)))
        .order_by(col(ScheduledSession.start_date))
    )
    return list({one.learner_id: one for one in session.exec(came).all()}.values())


def to_be_asked(session: Session, learner_ids: Sequence[str], now: datetime) -> Application | None:
    """The newest class this learner was at and has not said everything about."""
    was_there = (
        select(Application)
        .join(Booking, col(Booking.application_id) == Application.id)
        .join(ScheduledSession, col(ScheduledSession.id) == Application.session_id)
        .where(
            col(Application.learner_id).in_(learner_ids),
            col(Booking.state).in_(("checked_in", "attended")),
            col(ScheduledSession.end_date) > now - ASKED_FOR,
        )
        .order_by(col(ScheduledSession.start_date).desc())
    )
    return session.exec(was_there).first()
