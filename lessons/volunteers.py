"""Volunteers themselves: written down, approved, resting, thanked; without it nobody would know who may be asked for what."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlmodel import Session, col, select

from .helper_errors import VolunteerIncomplete, VolunteerUnknown
from .learners import LONGEST_NAME, PHONE, clean_name, clean_phone
from .states import move
from .tables import Course, ScheduledSession
from .volunteer_tables import Assignment, Availability, Volunteer

ROLES: Final = ("lead", "helper", "interpreter", "remote")
PHONE_SYSTEMS: Final = ("iphone", "android")
CHECK_RUNS_OUT_SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is asked of somebody who wants to help. `skills` are course codes."""

    name: str
    phone: str
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("ja",)
    phone_systems: tuple[str, ...] = ()
    check_expires: date | None = None
    max_minutes_week: int = 240
    max_per_day: int = 2
    base_venue: str = ""
    travel_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody has given so far: classes and minutes, and how often they stepped in for another."""

    classes: int
    minutes: int
    stepped_in: int

    @property
    def hours(self) -> int:
        return self.minutes // 60


def register(session: Session, profile: Profile, now: datetime, **given: Any) -> tuple[Volunteer, str]:
    """A new volunteer and the key of their own page, which is told once and kept only as a digest. Raises VolunteerIncomplete."""
    volunteer = Volunteer(name="", joined_at=now, **given)
    change_profile(session, volunteer, profile)
    return volunteer, new_key(session, volunteer)


def change_profile(session: Session, volunteer: Volunteer, profile: Profile) -> None:
    """Raises VolunteerIncomplete for the first field that cannot be used; nothing is changed then."""
    name, phone = clean_name(profile.name), clean_phone(profile.phone)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise VolunteerIncomplete("name")
    if phone and PHONE.fullmatch(phone) is None:
        raise VolunteerIncomplete("phone")
    known = set(session.exec(select(Course.code)).all())
    volunteer.name, volunteer.phone = name, phone
    volunteer.skills = [code for code in profile.skills if code in known]
    volunteer.languages = list(profile.languages) or ["ja"]
    volunteer.phone_systems = [one for one in profile.phone_systems if one in PHONE_SYSTEMS]
    volunteer.check_expires, volunteer.base_venue = profile.check_expires, profile.base_venue
    volunteer.max_minutes_week = max(30, min(profile.max_minutes_week, 40 * 60))
    volunteer.max_per_day, volunteer.travel_minutes = max(1, min(profile.max_per_day, 4)), max(0, min(profile.travel_minutes, 240))
    session.add(volunteer)
    session.flush()


def change_state(session: Session, volunteer_id: str, wanted: str) -> Volunteer:
    """approved, refused, resting or left. Raises IllegalMove."""
    volunteer = known_volunteer(session, volunteer_id)
    move("volunteer", volunteer, wanted)
    session.add(volunteer)
    session.flush()
    return volunteer


def new_key(session: Session, volunteer: Volunteer) -> str:
    """A new secret for the own page; the former address opens nothing any more."""
    key = secrets.token_urlsafe(24)
    volunteer.key_digest = digest(key)
    session.add(volunteer)
    session.flush()
    return key


def new_feed_key(session: Session, volunteer: Volunteer) -> str:
    """A new secret for the own calendar; the former address opens nothing any more."""
    key = secrets.token_urlsafe(24)
    volunteer.feed_digest = digest(key)
    session.add(volunteer)
    session.flush()
    return key


def volunteer_with_key(session: Session, key: str) -> Volunteer:
    """Whose page this is. Raises VolunteerUnknown."""
    return _with(session, Volunteer.key_digest == digest(key))


def volunteer_with_feed(session: Session, key: str) -> Volunteer:
    """Whose calendar this is. Raises VolunteerUnknown."""
    return _with(session, Volunteer.feed_digest == digest(key))


def volunteer_of_person(session: Session, person_id: str | None) -> Volunteer | None:
    """The volunteer behind a chat; None for anybody else."""
    if person_id is None:
        return None
    return session.exec(select(Volunteer).where(Volunteer.person_id == person_id, Volunteer.state != "left")).first()


def known_volunteer(session: Session, volunteer_id: str) -> Volunteer:
    found = session.get(Volunteer, volunteer_id)
    if found is None:
        raise VolunteerUnknown
    return found


def all_volunteers(session: Session) -> Sequence[Volunteer]:
    return session.exec(select(Volunteer).where(Volunteer.state != "left").order_by(col(Volunteer.name), col(Volunteer.id))).all()


def checks_running_out(session: Session, today: date) -> Sequence[Volunteer]:
    """Whose check ends within a month: staff renew it before a roster misses them."""
    ending = select(Volunteer).where(Volunteer.state == "approved", col(Volunteer.check_expires) <= today + CHECK_RUNS_OUT_SOON)
    return session.exec(ending.order_by(col(Volunteer.check_expires))).all()


def given_by(session: Session, volunteer_id: str) -> Given:
    """Hours and thanks: counted from classes at which the person really was."""
    joined = select(Assignment, ScheduledSession).join(ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id))
    served = session.exec(joined.where(Assignment.volunteer_id == volunteer_id, Assignment.state == "served")).all()
    minutes = sum(int((place.end_date - place.start_date).total_seconds() // 60) for _, place in served)
    return Given(len(served), minutes, sum(any(one["code"] == "stepped_in" for one in row.reasons) for row, _ in served))


def forget_volunteer(session: Session, volunteer_id: str) -> None:
    """Forget name, number, hours and address. What happened stays countable, but no longer tells of whom. Raises VolunteerUnknown."""
    volunteer = known_volunteer(session, volunteer_id)
    for pattern in session.exec(select(Availability).where(Availability.volunteer_id == volunteer_id)).all():
        session.delete(pattern)
    volunteer.name = volunteer.phone = volunteer.base_venue = volunteer.key_digest = volunteer.feed_digest = ""
    volunteer.person_id = None
    if volunteer.state != "left":
        move("volunteer", volunteer, "left")
    session.add(volunteer)
    session.flush()


def digest(key: str) -> str:
    return sha256(f"helper {key}".encode()).hexdigest()


def _with(session: Session, condition: Any) -> Volunteer:
    found = session.exec(select(Volunteer).where(condition, Volunteer.state != "left")).one_or_none()
    if found is None:
        raise VolunteerUnknown
    return found
