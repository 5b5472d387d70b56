"""What staff look at: who stands for a class, and who must be called; without it an offer to somebody without a chat would stay unheard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from .booking import Outcome, outcome_of
from .errors import ApplicationUnknown
from .helper_errors import NotThere
from .reminders_due import KINDS
from .tables import Application, Learner, Notice, ScheduledSession
from .volunteer_tables import Volunteer, VolunteerNotice

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


@dataclass(frozen=True, slots=True)
class HelperToTell:
    """One thing a volunteer must be told, or (without a volunteer) what staff must know."""

    notice: VolunteerNotice
    place: ScheduledSession
    volunteer: Volunteer | None


def people_of(session: Session, session_id: str) -> Sequence[Person]:
    """Everybody who stands or stood for a class, in the order in which they applied."""
    found = select(Application, Learner).where(Application.learner_id == Learner.id, Application.session_id == session_id)
    rows = session.exec(found.order_by(col(Application.submitted_at), col(Application.id))).all()
    return [Person(application, learner, outcome_of(session, application)) for application, learner in rows]


def notices_to_tell(session: Session, now: datetime, session_id: str | None = None, limit: int = 100) -> Sequence[ToTell]:
    """The people to call, the most urgent first. A reminder counts only while its seat, its hour and its class stand."""
    rows = select(Notice, Application, Learner, ScheduledSession).where(
        Notice.application_id == Application.id,
        Application.learner_id == Learner.id,
        Notice.session_id == ScheduledSession.id,
        col(Notice.told_at).is_(None),
        col(Notice.kind).in_(TO_TELL) | (col(Notice.kind).in_(KINDS) & _still_useful(now)),
    )
    if session_id is not None:
        rows = rows.where(Notice.session_id == session_id)
    urgent = rows.order_by(col(Notice.until).is_(None), col(Notice.until), col(Notice.made_at)).limit(limit)
    return [ToTell(*row) for row in session.exec(urgent).all()]


def _still_useful(now: datetime) -> ColumnElement[bool]:
    same_hour = (col(Notice.until) == col(ScheduledSession.start_date)) & (col(ScheduledSession.start_date) > now)
    return same_hour & (col(ScheduledSession.state) != "cancelled") & col(Application.state).in_(("confirmed", "won"))


def helpers_to_tell(session: Session, limit: int = 100) -> Sequence[HelperToTell]:
    """What volunteers must still be told by telephone, and what staff must know of them; the most urgent first."""
    rows = select(VolunteerNotice, ScheduledSession, Volunteer).join(
        ScheduledSession, col(ScheduledSession.id) == col(VolunteerNotice.session_id)
    )
    rows = rows.join(Volunteer, col(Volunteer.id) == col(VolunteerNotice.volunteer_id), isouter=True)
    waiting = rows.where(col(VolunteerNotice.told_at).is_(None))
    urgent = waiting.order_by(col(VolunteerNotice.until).is_(None), col(VolunteerNotice.until), col(VolunteerNotice.made_at))
    return [HelperToTell(*row) for row in session.exec(urgent.limit(limit)).all()]


def own_application(session: Session, session_id: str, application_id: str) -> Application:
    """An application of this class. Raises ApplicationUnknown for one that is not there or of another class."""
    found = session.get(Application, application_id)
    if found is None or found.session_id != session_id:
        raise ApplicationUnknown
    return found


def tell(session: Session, notice_id: str, by: str, now: datetime) -> None:
    """Note that a learner has been told. Raises NotThere."""
    _told(session, session.get(Notice, notice_id), by, now)


def tell_helper(session: Session, notice_id: str, by: str, now: datetime) -> None:
    """The same for a volunteer."""
    _told(session, session.get(VolunteerNotice, notice_id), by, now)


def _told(session: Session, notice: Notice | VolunteerNotice | None, by: str, now: datetime) -> None:
    """Told twice it stays as it was told first."""
    if notice is None:
        raise NotThere
    if notice.told_at is None:
        notice.told_at, notice.told_by = now, by
        session.add(notice)
