"""The sample month's volunteers: promises, one who fell ill, a class somebody proposed; without it nobody could try helping."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from .assignments import accept, ask, assign, helpers_of, may_help
from .availability import checked
from .clashes import HolidayCheck, Proposal
from .cover import want_cover
from .cover_candidates import candidates
from .errors import LessonError
from .place_tables import LoanDevice, Room
from .roster import keep_draft, read_problem
from .roster_solving import solve
from .scheduling import copy_to_series, propose
from .tables import Course, ScheduledSession
from .volunteer_tables import Availability, Volunteer
from .volunteers import Profile, change_state, register

PROMISED_DAYS: Final = 12  # for these days helpers have said yes; afterwards a roster is still to be worked out
LOANED: Final = 20
DRAFTED_DAYS: Final = 28
SOLVE_S: Final = 3.0


def seed_team(session: Session, folder: Path, tz: str, is_holiday: HolidayCheck, now: datetime) -> int:
    """Make the sample helpers when there is no volunteer at all and the classes are samples; returns how many. Safe at every start."""
    file = folder / "volunteers.csv"
    if not file.is_file() or _any(session) or not _only_samples(session):
        return 0
    with file.open(encoding="utf-8-sig", newline="") as sheet:
        rows = list(csv.DictReader(sheet))
    today = now.astimezone(ZoneInfo(tz)).date()
    team = [_volunteer(session, row, today, now) for row in rows]
    _rooms(session)
    _promises(session, now)
    _one_fell_ill(session, now)
    _one_proposed(session, team, tz, is_holiday, now)
    session.flush()
    _draft(session, today, tz, now)
    return len(team)


def _volunteer(session: Session, row: Mapping[str, str], today: date, now: datetime) -> Volunteer:
    skills, languages, systems = (tuple(_split(row[name])) for name in ("skills", "languages", "phone_systems"))
    expires, minutes = today + timedelta(days=200), int(row["hours_week"]) * 60
    profile = Profile(row["name"], row["phone"], skills, languages, systems, expires, minutes, base_venue=row["base_venue"])
    volunteer, _ = register(session, profile, now, sample=True)
    change_state(session, volunteer.id, "approved")
    for kind, cell in (("available", row["free"]), ("preferred", row["likes"])):
        *days, hours = cell.split() or [""]
        starts, _, ends = hours.partition("-")
        for day in days:
            rule = f"FREQ=WEEKLY;BYDAY={day}"
            spans = {"kind": kind, "event_schedule": rule, "first_day": today, "starts": starts, "ends": ends}
            session.add(checked(Availability.model_validate({"volunteer_id": volunteer.id, **spans})))
    session.flush()
    return volunteer


def _rooms(session: Session) -> None:
    """The rooms the sample classes name, and the telephones they lend."""
    found = session.exec(
        select(ScheduledSession.venue_id, ScheduledSession.room, func.max(ScheduledSession.room_capacity)).group_by(
            col(ScheduledSession.venue_id), col(ScheduledSession.room)
        )
    ).all()
    session.add_all([Room(venue_id=venue, name=name, capacity=max(capacity, 8)) for venue, name, capacity in found])
    session.add(LoanDevice(name="貸し出し用（見本）", phone_system="android", quantity=LOANED))
    session.flush()


def _promises(session: Session, now: datetime) -> None:
    """In the first days real names stand where the sheet said a number; later one helper a class is still to be found."""
    for place in _sample_classes(session):
        wanted = place.confirmed_helpers
        soon = place.start_date < now + timedelta(days=PROMISED_DAYS)
        found = candidates(session, place, now)[:wanted] if soon else ()
        if not soon and wanted > 1:
            place.confirmed_helpers = wanted - 1
        for one in found:
            place.confirmed_helpers -= 1
            session.add(place)
            session.flush()
            made = assign(session, place.id, one.volunteer.id, now, "solver", reasons=[why.as_dict() for why in one.reasons])
            ask(session, made, now)
            accept(session, made.id, now)
        session.add(place)
    session.flush()


def _one_fell_ill(session: Session, now: datetime) -> None:
    """The first class with two helpers: one of them asks for cover, and others are being asked."""
    for place in _sample_classes(session):
        promised = [row for row, _ in helpers_of(session, place.id) if row.state == "accepted"]
        if len(promised) > 1:
            want_cover(session, promised[-1].id, now)
            return


def _one_proposed(session: Session, team: Sequence[Volunteer], tz: str, is_holiday: HolidayCheck, now: datetime) -> None:
    """A class a volunteer would like to hold, waiting for staff to publish it."""
    day = now.astimezone(ZoneInfo(tz)).replace(hour=14, minute=0, second=0, microsecond=0)
    for volunteer in (one for one in team if one.skills and may_help(one, day.date())):
        course = session.get(Course, volunteer.skills[0])
        room = session.exec(select(Room).where(Room.venue_id == volunteer.base_venue)).first()
        if course is None or room is None:
            continue
        for ahead in range(8, 22):
            start = day + timedelta(days=ahead)
            if start.weekday() > 4:
                continue
            wanted = Proposal(course.code, room.venue_id, room.name, start, helpers=(volunteer.id,), seats=min(8, room.capacity))
            try:
                place = propose(session, wanted, is_holiday, now, sample=True)
                copy_to_series(session, place.id, 2, is_holiday, now)
                return
            except LessonError:
                continue


def _draft(session: Session, today: date, tz: str, now: datetime) -> None:
    """A roster worked out and not yet published, so that staff see what one press would do."""
    last = today + timedelta(days=DRAFTED_DAYS)
    problem = read_problem(session, today, last, tz, now)
    keep_draft(session, problem, solve(problem, SOLVE_S), today, last, now)


def _sample_classes(session: Session) -> Sequence[ScheduledSession]:
    shown = select(ScheduledSession).where(col(ScheduledSession.sample).is_(True), ScheduledSession.state == "published")
    return session.exec(shown.order_by(col(ScheduledSession.start_date), col(ScheduledSession.id))).all()


def _any(session: Session) -> bool:
    return session.exec(select(func.count()).select_from(Volunteer)).one() > 0


def _only_samples(session: Session) -> bool:
    real = select(func.count()).select_from(ScheduledSession).where(col(ScheduledSession.sample).is_(False))
    return session.exec(real).one() == 0


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]
