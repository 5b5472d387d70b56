"""Who came, by age band, and what the helpers gave, for the report; without it nobody would see that the oldest wait longest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from .tables import Application, Learner, ScheduledSession
from .volunteer_tables import Assignment

BANDS: Final = ("under_60", "60s", "70s", "80_up", "not_said")
LIMITS: Final = ((60, "under_60"), (70, "60s"), (80, "70s"))


@dataclass(frozen=True, slots=True)
class Served:
    """What helpers gave at some classes: minutes, how many people, how often one stepped in for another."""

    minutes: int
    people: int
    stepped_in: int


def bands_of(session: Session, applied: Sequence[Application]) -> Mapping[str, str]:
    """Application -> age band in the year in which it was made."""
    wanted = select(Learner.id, Learner.birth_year).where(col(Learner.id).in_({one.learner_id for one in applied}))
    born = dict(session.exec(wanted).all())
    return {one.id: band(one.submitted_at.year, born.get(one.learner_id)) for one in applied}


def band(year: int, birth_year: int | None) -> str:
    if birth_year is None:
        return "not_said"
    return next((name for limit, name in LIMITS if year - birth_year < limit), "80_up")


def served_by(session: Session, session_ids: Sequence[str]) -> Served:
    """Counted from helpers who were really there."""
    joined = select(Assignment, ScheduledSession).join(ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id))
    rows = session.exec(joined.where(col(Assignment.session_id).in_(session_ids), Assignment.state == "served")).all()
    minutes = sum(int((place.end_date - place.start_date).total_seconds() // 60) for _, place in rows)
    people = len({one.volunteer_id for one, _ in rows})
    return Served(minutes, people, sum(any(why["code"] == "stepped_in" for why in one.reasons) for one, _ in rows))
