"""What earlier draws owe somebody, and when more classes are needed; without it the same people could lose month after month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, func, select

from .tables import Application, Booking, Draw, DrawEntry, ScheduledSession

GUARANTEED_AFTER: Final = 3  # losses: whoever lost three draws of a course is seated before everybody else
LOST: Final = ("reserve", "lost")
CAME: Final = ("confirmed", "checked_in", "attended")


@dataclass(frozen=True, slots=True)
class Standing:
    """`weight` is one chance and one more for each earlier loss; `tier` is guaranteed, first (never had a seat) or ""."""

    weight: int
    tier: str


def standing_of(session: Session, learner_id: str, course_code: str) -> Standing:
    """Counted over the published draws of the same course; a reserve who was seated in the end has not lost."""
    lost = losses(session, learner_id, course_code)
    if lost >= GUARANTEED_AFTER:
        return Standing(1 + lost, "guaranteed")
    return Standing(1 + lost, "" if _came_before(session, learner_id) else "first")


def losses(session: Session, learner_id: str, course_code: str) -> int:
    drawn = select(func.count()).select_from(DrawEntry).join(Application, col(Application.id) == DrawEntry.application_id)
    drawn = drawn.join(Draw, col(Draw.id) == DrawEntry.draw_id).join(ScheduledSession, col(ScheduledSession.id) == Draw.session_id)
    of_theirs = drawn.where(Application.learner_id == learner_id, ScheduledSession.course_code == course_code)
    return session.exec(of_theirs.where(Draw.state == "published", col(Application.state).in_(LOST))).one()


def extra_sessions_needed(entrants: int, seats: int) -> int:
    """How many more classes of this size would seat everybody who is left: no rule replaces capacity."""
    return -(-max(0, entrants - seats) // seats) if seats else 0


def _came_before(session: Session, learner_id: str) -> bool:
    seats = select(func.count()).select_from(Booking).join(Application, col(Application.id) == Booking.application_id)
    return session.exec(seats.where(Application.learner_id == learner_id, col(Booking.state).in_(CAME))).one() > 0
