"""What staff look at: who stands for a class, and who must be called; without it an offer to somebody without a chat would stay unheard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from .booking import Outcome, outcome_of
from .tables import Application, Learner, Notice, ScheduledSession

TO_TELL: Final = ("offered", "invited", "offer_expired", "called_off", "won", "reserve")  # what people would not know by themselves


@dataclass(frozen=True, slots=True)
class Person:
    """One applicant of a class with how the application stands."""

    application: Application
    learner: Learner
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ToTell:
    """One thing somebody must be told, and until when it matters."""

    notice: Notice
    application: Application
    learner: Learner
    place: ScheduledSession


def people_of(session: Session, session_id: str) -> Sequence[Person]:
    """Everybody who stands or stood for a class, in the order in which they applied."""
    found = select(Application, Learner).where(Application.learner_id == Learner.id, Application.session_id == session_id)
    rows = session.exec(found.order_by(col(Application.submitted_at), col(Application.id))).all()
    return [Person(application, learner, outcome_of(session, application)) for application, learner in rows]


def notices_to_tell(session: Session, session_id: str | None = None, limit: int = 100) -> Sequence[ToTell]:
    """The people to call, the most urgent first."""
    rows = select(Notice, Application, Learner, ScheduledSession).where(
        Notice.application_id == Application.id,
        Application.learner_id == Learner.id,
        Notice.session_id == ScheduledSession.id,
        col(Notice.told_at).is_(None),
        col(Notice.kind).in_(TO_TELL),
    )
    if session_id is not None:
        rows = rows.where(Notice.session_id == session_id)
    urgent = rows.order_by(col(Notice.until).is_(None), col(Notice.until), col(Notice.made_at)).limit(limit)
    return [ToTell(*row) for row in session.exec(urgent).all()]


def tell(session: Session, notice_id: str, by: str, now: datetime) -> bool:
    """Note that somebody has been told; False when there is no such notice."""
    notice = session.get(Notice, notice_id)
    if notice is None:
        return False
    if notice.told_at is None:
        notice.told_at, notice.told_by = now, by
        session.add(notice)
    return True
