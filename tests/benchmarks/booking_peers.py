"""Serves the same platform with another way of keeping seats; without it ours would be compared with two bare statements.

    python -m tests.benchmarks.booking_peers for_update --port 9000

Only the mechanism is exchanged: pages, rows, notices and database stay. Each application is
a transaction of its own on a thread of its own, as frameworks do it; what the class holds is counted from its seats.
"""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool

import lessons.booking
import lessons.waiting_list
from inclusion.cli import main
from inclusion.web.classes.pages import Command, LessonServices
from lessons import Booking, ScheduledSession
from lessons.errors import SessionUnknown
from lessons.states import SEAT_STATES


async def write_alone(services: LessonServices, command: Command[Any]) -> Any:
    """One application, one transaction."""
    return await run_in_threadpool(_written, services, command)


def _written(services: LessonServices, command: Command[Any]) -> Any:
    with services.database.writing() as session:
        made = command(session, services.clock())
        services.told(session, services.clock())
        return made


def select_for_update(session: Session, session_id: str) -> ScheduledSession:
    """SELECT … FOR UPDATE; SQLite has none, there BEGIN IMMEDIATE has locked the whole file already."""
    place = session.exec(select(ScheduledSession).where(ScheduledSession.id == session_id).with_for_update()).one_or_none()
    if place is None:
        raise SessionUnknown
    return place


def only_read(session: Session, session_id: str) -> ScheduledSession:
    """No lock at all. On SQLite the platform's BEGIN IMMEDIATE still protects it, by accident; on PostgreSQL nothing does."""
    place = session.get(ScheduledSession, session_id)
    if place is None:
        raise SessionUnknown
    return place


def count_and_take(session: Session, place: ScheduledSession, ceiling: int | None = None) -> bool:
    """Count the seats given and compare here; the seat itself is written next, as with ours. No counter, so no rule of the database."""
    session.flush()
    given = select(func.count()).select_from(Booking).where(Booking.session_id == place.id, col(Booking.state).in_(SEAT_STATES))
    return session.exec(given).one() < place.seats_offered


def exchange(mechanism: str) -> None:
    """Puts `for_update` or `check_then_insert` in the place of ours."""
    applying: Any = lessons.booking
    queueing: Any = lessons.waiting_list
    applying.lock_session = select_for_update if mechanism == "for_update" else only_read
    applying.take_seat = queueing.take_seat = count_and_take
    services: Any = LessonServices
    services.write = write_alone


if __name__ == "__main__":
    exchange(sys.argv[1])
    sys.argv[1:] = ["serve", *sys.argv[2:]]
    main()
