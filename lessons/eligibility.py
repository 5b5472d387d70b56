"""For whom a class is meant: age, where one lives, what one can do already; without it a seat would go to somebody it is not for.

What is known is compared; what is not is asked once, and a plain "yes, that is me" is believed. Staff may seat anybody, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from .errors import ConditionsNotKnown, NotFromHere, PrerequisitesMissing, TooOld, TooYoung
from .progress import skills_of
from .tables import Course, Learner, ScheduledSession

RESIDENCIES: Final = ("lives", "works", "studies", "elsewhere")


def wanted_of(place: ScheduledSession, course: Course) -> Mapping[str, Any]:
    """age_from, age_to, residency and prerequisites that hold for a class: its own, or else its topic's; {} lets everybody in."""
    if place.conditions is not None:
        return {name: value for name, value in place.conditions.items() if value}
    skills = {"prerequisites": course.prerequisites} if course.prerequisites else {}
    return {**(course.conditions or {}), **skills}


def check_eligible(session: Session, place: ScheduledSession, learner: Learner, declared: bool, now: datetime) -> None:
    """Raises TooYoung, TooOld or NotFromHere for what is known, else (undeclared) ConditionsNotKnown or PrerequisitesMissing."""
    wanted = wanted_of(place, session.get_one(Course, place.course_code))
    if not wanted:
        return
    _check_age(wanted, learner, place.start_date.astimezone(ZoneInfo(place.tz)).year)
    _check_home(wanted, learner)
    if declared:
        return
    if unknown := not_known(wanted, learner):
        raise ConditionsNotKnown(unknown)
    if missing := missing_skills(session, wanted, learner):
        raise PrerequisitesMissing(missing)


def not_known(wanted: Mapping[str, Any], learner: Learner) -> Sequence[str]:
    """Which facts a class asks for that the learner has not told: birth_year, residency."""
    ask_age = (wanted.get("age_from") or wanted.get("age_to")) and learner.birth_year is None
    return [*(["birth_year"] if ask_age else []), *(["residency"] if wanted.get("residency") and not learner.residency else [])]


def missing_skills(session: Session, wanted: Mapping[str, Any], learner: Learner) -> Sequence[str]:
    """The skills a class builds on that nobody has seen this learner do."""
    asked = wanted.get("prerequisites", ())
    shown = {one.skill for one in skills_of(session, learner.id)} if asked else set()
    return [skill for skill in asked if skill not in shown]


def _check_age(wanted: Mapping[str, Any], learner: Learner, year: int) -> None:
    """Only the year of birth is known: whoever reaches the age in the year of the class is let in."""
    if learner.birth_year is None:
        return
    low, high = wanted.get("age_from"), wanted.get("age_to")
    oldest = year - learner.birth_year
    if low is not None and oldest < low:
        raise TooYoung(low)
    if high is not None and oldest - 1 > high:
        raise TooOld(high)


def _check_home(wanted: Mapping[str, Any], learner: Learner) -> None:
    homes = wanted.get("residency")
    if homes and learner.residency and learner.residency not in homes:
        raise NotFromHere
