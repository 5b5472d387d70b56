"""Which classes there are, when, where and with how many free places; without it nobody could choose one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from .errors import SessionUnknown
from .states import UNSEEN
from .tables import Course, ScheduledSession, Venue
from .travel import travel_minutes

A_DAY_S: Final = 86_400.0
OTHER_TOPIC_DAYS: Final = 30.0  # another topic counts as if it were a month away
OPEN: Final = ("published", "drawing", "awarded")  # neither closed nor called off
MINUTES_A_DAY: Final = 10.0  # ten minutes of way count like a day of waiting


@dataclass(frozen=True, slots=True)
class ClassOnOffer:
    """One class with its topic and place, as pages, chats and programs show it."""

    session: ScheduledSession
    course: Course
    venue: Venue

    @property
    def id(self) -> str:
        return self.session.id


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another class, and how many minutes its venue is from the one that was wanted (0: the same)."""

    one: ClassOnOffer
    minutes_away: int

    @property
    def id(self) -> str:
        return self.one.id


def upcoming(session: Session, now: datetime, limit: int = 200) -> Sequence[ClassOnOffer]:
    """Classes that have not begun, soonest first; called-off ones stay in the list so that nobody comes for nothing."""
    shown = _joined().where(ScheduledSession.start_date > now, col(ScheduledSession.state).not_in(UNSEEN))
    found = shown.order_by(col(ScheduledSession.start_date), col(ScheduledSession.id))
    return [ClassOnOffer(*row) for row in session.exec(found.limit(limit)).all()]


def not_closed(session: Session, now: datetime, limit: int = 200) -> Sequence[ClassOnOffer]:
    """What staff look after, soonest first: classes to come, and each that has begun until it is closed."""
    kept = _joined().where(or_(col(ScheduledSession.start_date) > now, col(ScheduledSession.state).in_(OPEN)))
    found = kept.where(col(ScheduledSession.state).not_in(UNSEEN)).order_by(col(ScheduledSession.start_date), col(ScheduledSession.id))
    return [ClassOnOffer(*row) for row in session.exec(found.limit(limit)).all()]


def held_between(session: Session, first: datetime, until: datetime) -> Sequence[ClassOnOffer]:
    """Classes of which any part lies between two moments, soonest first; called-off ones too, so that nobody opens a door for nothing."""
    within = (ScheduledSession.start_date < until, ScheduledSession.end_date > first)
    return classes_of(session, *within, col(ScheduledSession.state).not_in(UNSEEN))


def lots_to_draw(session: Session, now: datetime) -> Sequence[ClassOnOffer]:
    """Classes whose applications are in and whose draw nobody has held yet, soonest first: until then nobody knows whether to come."""
    waiting = (ScheduledSession.allocation == "lottery", col(ScheduledSession.state).in_(("published", "drawing")))
    return classes_of(session, *waiting, ScheduledSession.registration_closes < now, ScheduledSession.start_date > now)


def one_class(session: Session, session_id: str) -> ClassOnOffer:
    """Raises SessionUnknown."""
    row = session.exec(_joined().where(ScheduledSession.id == session_id)).one_or_none()
    if row is None:
        raise SessionUnknown
    return ClassOnOffer(*row)


def classes_of(session: Session, *conditions: Any) -> Sequence[ClassOnOffer]:
    """Every class that fits, soonest first, over and called off included."""
    found = _joined().where(*conditions).order_by(col(ScheduledSession.start_date), col(ScheduledSession.id))
    return [ClassOnOffer(*row) for row in session.exec(found).all()]


def can_apply(place: ScheduledSession, now: datetime) -> bool:
    """Whether an application is taken now; a full class still takes people into its queue."""
    in_time = place.registration_opens <= now <= place.registration_closes
    return in_time and place.state in ("published", "awarded") and place.allocation != "staff_invite"


def alternatives(session: Session, session_id: str, now: datetime, limit: int = 3, needs: Sequence[str] = ()) -> Sequence[Alternative]:
    """The best other classes that still take people: the same topic first, then near in days and on the way there.

    `needs` names what the venue must have (step_free, hearing_loop ...); a class without it is not offered.
    """
    wanted = one_class(session, session_id)
    open_now = [one for one in upcoming(session, now) if one.id != session_id and _has_room(one, now)]
    reachable = [
        Alternative(one, travel_minutes(wanted.venue, one.venue)) for one in open_now if set(needs) <= set(one.venue.is_accessible)
    ]
    return sorted(reachable, key=lambda other: (_distance(other, wanted), other.id))[:limit]


def _has_room(one: ClassOnOffer, now: datetime) -> bool:
    return can_apply(one.session, now) and (one.session.allocation == "lottery" or one.session.seats_free > 0)


def _distance(other: Alternative, wanted: ClassOnOffer) -> float:
    """How far a class is from the wanted one, in days."""
    days = abs((other.one.session.start_date - wanted.session.start_date).total_seconds()) / A_DAY_S
    topic = 0.0 if other.one.course.code == wanted.course.code else OTHER_TOPIC_DAYS
    return days + topic + other.minutes_away / MINUTES_A_DAY


def _joined() -> Select[ScheduledSession, Course, Venue]:
    joined = select(ScheduledSession, Course, Venue).join(Course, col(Course.code) == ScheduledSession.course_code)
    return joined.join(Venue, col(Venue.id) == ScheduledSession.venue_id)
