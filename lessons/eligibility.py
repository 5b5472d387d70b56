"""For whom a class is meant: age, where one lives, what one can do already; without it a seat would go to somebody it is not for.

What is known is compared; what is not is asked once, and a plain "yes, that is me" is believed. Staff may seat anybody, with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from .errors import ConditionsNotKnown, NotFromHere, PrerequisitesMissing, TooOld, TooYoung
from .progress import skills_of
from .tables import Course, Learner, ScheduledSession

RESIDENCIES: Final = ("lives", "works", "studies", "elsewhere")


def check_eligible(session: Session, place: ScheduledSession, learner: Learner, declared: bool, now: datetime) -> None:
    """Raises TooYoung, TooOld or NotFromHere for what is known, else (undeclared) ConditionsNotKnown or PrerequisitesMissing."""
    course = session.get_one(Course, place.course_code)
    if course.conditions:
        _check_age(course, learner, place.start_date.astimezone(ZoneInfo(place.tz)).year)
        _check_home(course, learner)
    if declared:
        return
    if unknown := not_known(course, learner):
        raise ConditionsNotKnown(unknown)
    if missing := missing_skills(session, course, learner):
        raise PrerequisitesMissing(missing)


def not_known(course: Course, learner: Learner) -> Sequence[str]:
    """Which facts a class asks for that the learner has not told: birth_year, residency."""
    wanted = course.conditions or {}
    ask_age = (wanted.get("age_from") or wanted.get("age_to")) and learner.birth_year is None
    return [*(["birth_year"] if ask_age else []), *(["residency"] if wanted.get("residency") and not learner.residency else [])]


def missing_skills(session: Session, course: Course, learner: Learner) -> Sequence[str]:
    """The skills a class builds on that nobody has seen this learner do."""
    if not course.prerequisites:
        return ()
    shown = {one.skill for one in skills_of(session, learner.id)}
    return [skill for skill in course.prerequisites if skill not in shown]


def _check_age(course: Course, learner: Learner, year: int) -> None:
    """Only the year of birth is known: whoever reaches the age in the year of the class is let in."""
    if learner.birth_year is None or not course.conditions:
        return
    low, high = course.conditions.get("age_from"), course.conditions.get("age_to")
    oldest = year - learner.birth_year
    if low is not None and oldest < low:
        raise TooYoung(low)
    if high is not None and oldest - 1 > high:
        raise TooOld(high)


def _check_home(course: Course, learner: Learner) -> None:
    wanted = (course.conditions or {}).get("residency")
    if wanted and learner.residency and learner.residency not in wanted:
        raise NotFromHere
