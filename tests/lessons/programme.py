"""Makes a class to try things on; without it each story would begin with twenty lines of timetable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlmodel import Session, SQLModel, col, func, select

from lessons import TABLES, Application, Booking, Course, ScheduledSession, Venue, WaitlistEntry
from lessons.states import SEAT_STATES


def open_engine(url: str, make: bool = True) -> Engine:
    """What a caller without the platform would write: SQLite in WAL with BEGIN IMMEDIATE, PostgreSQL as it is."""
    engine = create_engine(url, **({"connect_args": {"timeout": 30}} if url.startswith("sqlite") else {"pool_size": 30}))
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    file = Path(engine.url.database) if url.startswith("sqlite:///") and engine.url.database else None
    if make and file and not file.exists():
        file.write_bytes(_empty_file())
    elif make:
        make_tables(engine)
    return engine


def make_tables(engine: Engine) -> None:
    SQLModel.metadata.create_all(engine, tables=[table.__table__ for table in TABLES])


@cache
def _empty_file() -> bytes:
    """A SQLite file with the tables in it: making sixty of them anew took longer than most stories."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/empty.db")
        make_tables(engine)
        engine.dispose()
        return (Path(folder) / "empty.db").read_bytes()


def _prepare(connection: Any, _entry: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def plan_class(session: Session, now: datetime, **changes: Any) -> str:
    """A class of two places ten days from now; returns its id."""
    if session.get(Course, "call") is None:
        session.add_all([Course(code="call", name="電話の使い方"), Venue(id="hall", name="会場", is_accessible=["step_free"])])
        session.flush()
    start = now + timedelta(days=10)
    given: dict[str, Any] = {
        "course_code": "call",
        "venue_id": "hall",
        "name": "電話の使い方",
        "start_date": start,
        "end_date": start + timedelta(hours=1),
        "room_capacity": 2,
        "devices": 10,
        "registration_opens": now - timedelta(days=1),
        "registration_closes": start - timedelta(days=1),
        "cancel_deadline": start,
        "changed_at": now,
    } | changes
    given.setdefault("maximum_attendee_capacity", min(given["room_capacity"], given["devices"]))
    place = ScheduledSession(**given)
    session.add(place)
    session.flush()
    return place.id


def books(session: Session, session_id: str) -> ScheduledSession:
    return session.get_one(ScheduledSession, session_id, populate_existing=True)


def seated(session: Session, session_id: str) -> int:
    taken = select(func.count()).select_from(Booking).where(Booking.session_id == session_id, col(Booking.state).in_(SEAT_STATES))
    return session.exec(taken).one()


def faults(session: Session, session_id: str) -> Sequence[str]:
    """Everything that must always hold, checked against the rows themselves."""
    session.flush()
    place, taken = books(session, session_id), seated(session, session_id)
    waiting = (
        select(func.count()).select_from(WaitlistEntry).where(WaitlistEntry.session_id == session_id, WaitlistEntry.state == "waiting")
    )
    held = _count(session, Booking.session_id == session_id, Booking.state == "held")
    offered = (
        select(func.count()).select_from(WaitlistEntry).where(WaitlistEntry.session_id == session_id, WaitlistEntry.state == "offered")
    )
    invited = select(func.count()).select_from(Application).where(Application.session_id == session_id, Application.state == "invited")
    lottery = select(func.count()).select_from(Application).where(Application.session_id == session_id, Application.state == "in_draw")
    checks = {
        f"{taken} seats are promised, the count says {place.seats_taken}": taken == place.seats_taken,
        f"{taken} seats of {place.maximum_attendee_capacity} are promised": taken <= place.maximum_attendee_capacity,
        "a hold belongs to nobody": held == session.exec(offered).one() + session.exec(invited).one(),
        "a free seat is not offered": place.state in ("cancelled", "drawing") or place.seats_free == 0 or session.exec(waiting).one() == 0,
        "somebody is still in a draw that is over": place.state != "awarded" or session.exec(lottery).one() == 0,
        "somebody stands twice": _twice(session, session_id) == 0,
    }
    return [fault for fault, holds in checks.items() if not holds]


def _count(session: Session, *conditions: Any) -> int:
    return session.exec(select(func.count()).select_from(Booking).where(*conditions)).one()


def _twice(session: Session, session_id: str) -> int:
    standing = col(Application.state).in_(("confirmed", "won", "waitlisted", "reserve", "in_draw", "invited"))
    doubled = select(Application.learner_id).where(Application.session_id == session_id, standing)
    return len(session.exec(doubled.group_by(Application.learner_id).having(func.count() > 1)).all())
