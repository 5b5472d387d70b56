"""A person's class applications as a talk shows them; without it the chat and its notices would each read the books in their own way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from inclusion.classes.times import short_day
from inclusion.classes.upcoming import OtherClass
from inclusion.classes.words import ENDINGS
from inclusion.skills.class_standing import Standing
from lessons import Application, ClassOnOffer, Learner, alternatives, one_class, outcome_of
from lessons.tables import ScheduledSession

LIVE: Final = ("invited", "in_draw", "waitlisted", "reserve", "confirmed", "won")


def class_says(name: str, start: datetime, zone: ZoneInfo) -> str:
    """The class in the words of its button: 12/2（水）10:00 電話とカメラ."""
    return f"{short_day(start, zone, 'ja')}{start.astimezone(zone):%H:%M} {name}"


def standing(session: Session, application: Application, public_url: str, zone: ZoneInfo) -> Standing:
    """How this application stands."""
    one, outcome = one_class(session, application.session_id), outcome_of(session, application)
    says = class_says(one.session.name, one.session.start_date, zone)
    return Standing(
        name=one.session.name,
        start=one.session.start_date,
        place=_where(one),
        state=outcome.state,
        receipt=outcome.receipt_number,
        position=outcome.position,
        until=outcome.until,
        url=f"{public_url.rstrip('/')}/lessons/applications/{application.id}" if public_url else "",
        says=says,
        sample=one.session.sample,
        buttons={deed: says + ending for deed, ending in ENDINGS.items() if deed != "choose"},
    )


def standing_applications(session: Session, learner_ids: Sequence[str], now: datetime) -> Sequence[Application]:
    """Those that still stand for a class to come, soonest first."""
    theirs = select(Application).join(ScheduledSession, col(ScheduledSession.id) == Application.session_id)
    live = theirs.where(
        col(Application.learner_id).in_(learner_ids), col(Application.state).in_(LIVE), col(ScheduledSession.end_date) > now
    )
    return session.exec(live.order_by(col(ScheduledSession.start_date))).all()


def other_classes(session: Session, session_id: str, now: datetime, zone: ZoneInfo, needs: Sequence[str] = ()) -> Sequence[OtherClass]:
    """The three best other classes that still have room, each with how far it is and how one gets in."""
    return [_other(one.one, one.minutes_away, zone) for one in alternatives(session, session_id, now, needs=needs)]


def needs_of(session: Session, learner_id: str) -> Sequence[str]:
    """What a venue must have for this person."""
    learner = session.get(Learner, learner_id)
    return learner.access_needs.split() if learner else ()


def _other(one: ClassOnOffer, minutes: int, zone: ZoneInfo) -> OtherClass:
    says = class_says(one.session.name, one.session.start_date, zone)
    return OtherClass(one.session.name, one.session.start_date, _where(one), says, minutes, tuple(one.venue.is_accessible))


def _where(one: ClassOnOffer) -> str:
    return " ".join(part for part in (one.venue.name, one.venue.floor) if part)
