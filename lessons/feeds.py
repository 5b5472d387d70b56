"""Calendars behind secret addresses, for a venue's door and for one person; without it a wall calendar would be copied out by hand.

Only a digest of the secret is kept. A new address ends the former one, so an address that got about is taken back with one press.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

from sqlalchemy import ColumnElement, Index, delete
from sqlmodel import Field, Session, SQLModel, col, select

from .catalogue import ClassOnOffer, classes_of
from .columns import moment
from .errors import FeedUnknown
from .states import UNSEEN
from .tables import Application, ScheduledSession, WaitlistEntry
from .timetable import KEEP_CANCELLED, Entry, entry_of, shown_in_feed
from .volunteer_tables import Assignment

FeedKind = Literal["venue", "learner", "applications"]
HOLDS: Final = ("confirmed", "won")
HOPES: Final = ("invited", "in_draw", "waitlisted", "reserve")
STEPS: Final = 3  # hoped for, held, given up: each further application of the same person starts above the last

STEP: Final = {"TENTATIVE": 0, "CONFIRMED": 1, "CANCELLED": 2}
GONE: Final = ("declined", "covered", "withdrawn", "absent")


class Feed(SQLModel, table=True):
    """One calendar. `subject` is a venue's or learner's id, or (for who has only a browser) ids of applications joined by dots."""

    __tablename__ = "lesson_feed"
    __table_args__ = (Index("ix_lesson_feed_subject", "kind", "subject"),)

    digest: str = Field(primary_key=True)
    kind: str
    subject: str
    made_at: datetime = Field(sa_column=moment())


def new_feed(session: Session, kind: FeedKind, subject: str, now: datetime) -> str:
    """The secret of a new address; the former one opens nothing any more."""
    end_feed(session, kind, subject)
    secret = secrets.token_urlsafe(24)
    session.add(Feed(digest=_digest(secret), kind=kind, subject=subject, made_at=now))
    session.flush()
    return secret


def end_feed(session: Session, kind: FeedKind, subject: str) -> None:
    """One of applications ends also where it shares one of them; the venue "hall" has nothing to do with "hall_a"."""
    of_kind = delete(Feed).where(col(Feed.kind) == kind)
    if kind != "applications":
        session.connection().execute(of_kind.where(col(Feed.subject) == subject))
        return
    for part in filter(None, subject.split(".")):
        session.connection().execute(of_kind.where(col(Feed.subject).contains(part, autoescape=True)))


def has_feed(session: Session, kind: FeedKind, subject: str) -> bool:
    return session.exec(select(Feed).where(Feed.kind == kind, Feed.subject == subject)).first() is not None


def feed_with(session: Session, secret: str) -> Feed:
    """Raises FeedUnknown."""
    found = session.get(Feed, _digest(secret))
    if found is None:
        raise FeedUnknown
    return found


def entries_with(session: Session, feed: Feed, now: datetime) -> Sequence[Entry]:
    """What stands in a calendar now, called-off classes and given-up seats of the last month included."""
    if feed.kind == "venue":
        return _of_venue(session, feed.subject, now)
    theirs = col(Application.learner_id) == feed.subject if feed.kind == "learner" else col(Application.id).in_(feed.subject.split("."))
    return _of_person(session, theirs, now)


def duties_feed(session: Session, volunteer_id: str, now: datetime) -> Sequence[Entry]:
    """A helper's classes: promised, asked for, and for a month those that are off or that somebody else took over."""
    by_class: dict[str, list[Assignment]] = {}
    theirs = select(Assignment).where(Assignment.volunteer_id == volunteer_id, Assignment.state != "proposed")
    for row in session.exec(theirs.order_by(col(Assignment.active_key).is_not(None), col(Assignment.changed_at))).all():
        by_class.setdefault(row.session_id, []).append(row)
    found = [_duty(one, volunteer_id, by_class[one.id]) for one in classes_of(session, col(ScheduledSession.id).in_(by_class))]
    return [one for one in found if one.of.session.end_date > now or _lately_cancelled(one, now)]


def _duty(one: ClassOnOffer, volunteer_id: str, asked: Sequence[Assignment]) -> Entry:
    state = asked[-1].state
    off = one.session.state == "cancelled"
    status = "CANCELLED" if off or state in GONE else "TENTATIVE" if state == "published" else "CONFIRMED"
    return Entry(one, f"{one.id}.{volunteer_id}@lessons", one.session.sequence + STEPS * (len(asked) - 1) + STEP[status], status)


def _of_venue(session: Session, venue_id: str, now: datetime) -> Sequence[Entry]:
    here = classes_of(session, ScheduledSession.venue_id == venue_id, col(ScheduledSession.state).not_in(UNSEEN))
    return [entry_of(one) for one in here if shown_in_feed(one, now)]


def _of_person(session: Session, theirs: ColumnElement[bool], now: datetime) -> Sequence[Entry]:
    """One entry for each class, whatever the person's applications for it came to."""
    by_class: dict[str, list[Application]] = {}
    for one in session.exec(select(Application).where(theirs).order_by(col(Application.submitted_at))).all():
        by_class.setdefault(one.session_id, []).append(one)
    classes = classes_of(session, col(ScheduledSession.id).in_(by_class))
    found = [_entry(session, one, by_class[one.id]) for one in classes]
    return [one for one in found if one.of.session.end_date > now or _lately_cancelled(one, now)]


def _entry(session: Session, one: ClassOnOffer, applied: Sequence[Application]) -> Entry:
    """SEQUENCE grows with every step of the class and of the person, also when somebody is put back in the queue."""
    last = applied[-1]
    back = session.exec(select(WaitlistEntry.returned).where(WaitlistEntry.application_id == last.id)).first()
    off = one.session.state == "cancelled"
    status = "CANCELLED" if off else "CONFIRMED" if last.state in HOLDS else "TENTATIVE" if last.state in HOPES else "CANCELLED"
    sequence = one.session.sequence + STEPS * (len(applied) - 1 + bool(back)) + STEP[status]
    return Entry(one, f"{one.id}.{last.learner_id}@lessons", sequence, status)


def _lately_cancelled(entry: Entry, now: datetime) -> bool:
    return entry.status == "CANCELLED" and entry.of.session.end_date > now - KEEP_CANCELLED


def _digest(secret: str) -> str:
    return sha256(f"feed {secret}".encode()).hexdigest()
