"""Whom to remind of which class, and until when; without it nobody would hear of a class again after applying. It sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from .deadlines import awake
from .tables import Application, Booking, Learner, Notice, ScheduledSession

STEPS: Final = (("week_before", timedelta(days=7)), ("day_before", timedelta(days=1)), ("hours_before", timedelta(hours=2)))
KINDS: Final = tuple(kind for kind, _ in STEPS)
FROM, TO = time(9), time(20)


@dataclass(frozen=True, slots=True)
class Reminder:
    """`key` is the same for the same occasion, and another once the class was moved. Never useful after `until`."""

    key: str
    kind: str
    application_id: str
    learner_id: str
    account_id: str
    session_id: str
    due_at: datetime
    until: datetime


def reminders_due(session: Session, now: datetime) -> Sequence[Reminder]:
    """Reminders whose moment has come for people who still have a seat; none at night or once the class began or was called off."""
    coming = select(Booking, Application, ScheduledSession, Learner).where(
        Booking.application_id == Application.id,
        Booking.session_id == ScheduledSession.id,
        Application.learner_id == Learner.id,
        Booking.state == "confirmed",
        ScheduledSession.state != "cancelled",
        col(ScheduledSession.start_date) > now,
        col(ScheduledSession.start_date) <= now + timedelta(days=7),
    )
    found = [_reminder(application, place, learner, now) for _booking, application, place, learner in session.exec(coming).all()]
    return [one for one in found if one is not None]


def reminders_to_come(session: Session, application_ids: Sequence[str], now: datetime) -> Sequence[tuple[datetime, str, ScheduledSession]]:
    """What these applications will be reminded of: when (the usual moment, or the morning after a night), which step, of which class."""
    seated = select(Application, ScheduledSession).where(
        Booking.application_id == Application.id,
        Booking.session_id == ScheduledSession.id,
        Booking.state == "confirmed",
        ScheduledSession.state != "cancelled",
        col(Application.id).in_(application_ids),
        col(ScheduledSession.start_date) > now,
    )
    found = [
        (awake(place.start_date - before, place.tz), kind, place)
        for application, place in session.exec(seated).all()
        for kind, before in STEPS
        if place.start_date - before > max(now, application.submitted_at)
    ]
    return sorted((one for one in found if one[0] < one[2].start_date), key=lambda one: one[0])


def note_call(session: Session, one: Reminder, now: datetime) -> bool:
    """Somebody without a chat must be called; an earlier call that nobody made is overtaken by this. False when it was noted before."""
    of_them = select(Notice).where(Notice.application_id == one.application_id, col(Notice.kind).in_(KINDS))
    noted = session.exec(of_them).all()
    if any((notice.kind, notice.until) == (one.kind, one.until) for notice in noted):
        return False
    for notice in noted:
        if notice.told_at is None:
            notice.told_at, notice.told_by = now, "overtaken"
            session.add(notice)
    session.add(Notice(kind=one.kind, session_id=one.session_id, application_id=one.application_id, until=one.until, made_at=now))
    session.flush()
    return True


def _reminder(application: Application, place: ScheduledSession, learner: Learner, now: datetime) -> Reminder | None:
    """The latest step that has come; an earlier one that was missed is not sent late."""
    if not FROM <= now.astimezone(ZoneInfo(place.tz)).time() <= TO:
        return None
    kind, before = next((step for step in reversed(STEPS) if place.start_date - step[1] <= now), STEPS[0])
    due = place.start_date - before
    if application.submitted_at > due:  # applied after that moment: what was said then is reminder enough
        return None
    key = f"reminder/{application.id}/{kind}/{place.sequence}"
    return Reminder(key, kind, application.id, learner.id, learner.account_id, place.id, due, place.start_date)
