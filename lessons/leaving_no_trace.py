"""Everything the programme keeps of somebody: shown, handed over and erased; without it erasing would miss a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, update
from sqlmodel import Session, SQLModel, col, func, select

from .booking import cancel
from .columns import new_id
from .errors import IllegalMove
from .feeds import end_feed
from .learners import erase_learner
from .learning_tables import (
    Attendance,
    Feedback,
    ProxyCode,
    ProxyGrant,
    SkillEvidence,
    TutoringLine,
    TutoringTicket,
)
from .tables import Application, Booking, Learner, Notice, ScheduledSession, WaitlistEntry
from .tutoring import leave_queue

STANDING: Final = ("submitted", "invited", "in_draw", "waitlisted", "reserve", "confirmed", "won")
PER_APPLICATION: Final[tuple[type[SQLModel], ...]] = (Booking, WaitlistEntry, Notice, Attendance, Feedback)
PER_LEARNER: Final[tuple[type[SQLModel], ...]] = (SkillEvidence, TutoringTicket, TutoringLine, ProxyGrant)


def record_of(session: Session, application_ids: Sequence[str], learner_ids: Sequence[str] = ()) -> Sequence[Mapping[str, Any]]:
    """Every row of every table about these applications and these learners, as plain values."""
    chosen = select(Application).where(col(Application.id).in_(application_ids) | col(Application.learner_id).in_(learner_ids))
    applications = session.exec(chosen.order_by(col(Application.submitted_at))).all()
    told = [_told(session, one) for one in applications]
    learners = session.exec(select(Learner).where(col(Learner.id).in_(learner_ids))).all()
    return [*told, *(_with_rows(session, one, "learner_id", PER_LEARNER, learner=one.model_dump(mode="json")) for one in learners)]


def forget_learner(session: Session, learner_id: str, now: datetime) -> None:
    """Give every seat back (the next in line is offered it at once) and erase the person; nobody is told a name."""
    for application_id in session.exec(select(Application.id).where(Application.learner_id == learner_id)).all():
        _end(session, application_id, now)
    _erase_beside(session, learner_id, now)
    erase_learner(session, learner_id)


def forget_applications(session: Session, application_ids: Sequence[str], now: datetime) -> int:
    """The same for single applications: whoever holds their addresses may erase these, not what the person did elsewhere.

    They are left to a learner without a name. A person of whom nothing else is kept is erased wholly.
    """
    found = session.exec(select(Application).where(col(Application.id).in_(application_ids))).all()
    for application in found:
        _end(session, application.id, now)
        end_feed(session, "applications", application.id)
        former = application.learner_id
        application.learner_id, application.idempotency_key, application.active_key = _nobody(session, now).id, None, None
        session.add(application)
        session.flush()
        if not _kept_elsewhere(session, former):
            _erase_beside(session, former, now)
            erase_learner(session, former)
    return len(found)


def learners_of(session: Session, person_id: str) -> Sequence[str]:
    """The learner that this person is (by their own chats); family members are others."""
    own = select(ProxyGrant.learner_id).where(ProxyGrant.person_id == person_id, ProxyGrant.role == "self")
    return session.exec(own).all()


def _end(session: Session, application_id: str, now: datetime) -> None:
    """Out of seat, queue and draw; what is over stays as it was. Nobody needs to be told of it any more."""
    application = session.get_one(Application, application_id)
    if application.state in STANDING:
        try:
            with session.begin_nested():
                cancel(session, application_id, now, late=True)
        except IllegalMove:  # the class has already happened for this person
            pass
    session.connection().execute(update(Notice).where(col(Notice.application_id) == application_id).values(told_at=now, told_by="erased"))
    for table in (Feedback, Attendance):
        session.connection().execute(delete(table).where(col(table.application_id) == application_id))


def _erase_beside(session: Session, learner_id: str, now: datetime) -> None:
    leave_queue(session, learner_id, now)
    end_feed(session, "learner", learner_id)
    session.flush()
    for table in (SkillEvidence, TutoringLine, TutoringTicket, ProxyGrant, ProxyCode):
        session.connection().execute(delete(table).where(col(table.learner_id) == learner_id))


def _kept_elsewhere(session: Session, learner_id: str) -> bool:
    others = select(func.count()).select_from(Application).where(Application.learner_id == learner_id)
    grants = select(func.count()).select_from(ProxyGrant).where(ProxyGrant.learner_id == learner_id)
    return session.exec(others).one() + session.exec(grants).one() > 0


def _nobody(session: Session, now: datetime) -> Learner:
    blank = Learner(name="", name_key=f"erased {new_id()}", phone="", consented_at=now)
    session.add(blank)
    session.flush()
    return blank


def _told(session: Session, application: Application) -> Mapping[str, Any]:
    place = session.get_one(ScheduledSession, application.session_id)
    learner = session.get_one(Learner, application.learner_id)
    about = {"class": place.name, "start": place.start_date.isoformat(), "application": application.model_dump(mode="json")}
    return _with_rows(session, application, "application_id", PER_APPLICATION, **about, name=learner.name, phone=learner.phone)


def _with_rows(session: Session, of: Application | Learner, key: str, tables: Sequence[type[SQLModel]], **about: Any) -> Mapping[str, Any]:
    rows = {str(table.__tablename__): [row.model_dump(mode="json") for row in _rows(session, table, key, of.id)] for table in tables}
    return {**about, **{name: found for name, found in rows.items() if found}}


def _rows(session: Session, table: type[SQLModel], key: str, value: str) -> Sequence[SQLModel]:
    return session.exec(select(table).where(SQLModel.metadata.tables[str(table.__tablename__)].columns[key] == value)).all()
