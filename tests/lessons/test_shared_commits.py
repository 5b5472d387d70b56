"""Whoever applies at one moment shares a commit; a refusal takes nothing from the others and leaves nothing of its own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from inclusion.database import Database, open_database
from inclusion.group_commit import GroupCommit
from inclusion.web.classes.pages import LessonServices
from lessons import Contact, LessonError, Wish, apply
from lessons.tables import Booking, Learner
from tests.databases import database_url, migrated_postgres, migrated_sqlite, postgres_server

from .programme import faults, plan_class

__all__ = ["database_url", "migrated_postgres", "migrated_sqlite", "postgres_server"]


@pytest.fixture
def database(database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


def wish(room: str, number: int, **more) -> Wish:
    return Wish(room, Contact(f"人{number}", f"090{number:08d}", True), **more)


async def together(database: Database, wishes: list[Wish]) -> tuple[list[object], int]:
    """What became of each, and how many commits it took."""
    commits = GroupCommit(database)
    services = LessonServices(database, commits, lambda: datetime.now(UTC), "http://town.example")
    waiting = [services.write(lambda session, now, one=one: apply(session, one, now)) for one in wishes]
    done = await asyncio.gather(*waiting, return_exceptions=True)
    await commits.close()
    return done, commits.commits


async def test_fifty_at_one_moment_share_commits_and_nobody_is_promised_a_seat_too_many(database: Database) -> None:
    with database.writing() as session:
        room = plan_class(session, datetime.now(UTC), room_capacity=20, devices=20)
    done, commits = await together(database, [wish(room, n) for n in range(50)])
    states = [one.state for one in done]
    assert states.count("confirmed") == 20 and states.count("waitlisted") == 30 and commits < 10
    with database.reading() as session:
        assert faults(session, room) == []


async def test_a_refusal_among_them_is_only_its_own(database: Database) -> None:
    with database.writing() as session:
        room, told = plan_class(session, datetime.now(UTC)), plan_class(session, datetime.now(UTC), allocation="staff_invite")
    done, _ = await together(database, [wish(room, 1), wish(told, 2), wish("nowhere", 3), wish(room, 4)])
    assert [isinstance(one, LessonError) for one in done] == [False, True, True, False]
    with database.reading() as session:
        assert len(session.exec(select(Booking)).all()) == 2
        assert sorted(session.exec(select(Learner.name)).all()) == ["人1", "人4"]  # nobody refused is kept


async def test_one_key_pressed_many_times_is_one_application(database: Database) -> None:
    with database.writing() as session:
        room = plan_class(session, datetime.now(UTC))
    done, _ = await together(database, [wish(room, 1, idempotency_key="k") for _ in range(20)])
    assert len({one.application_id for one in done}) == 1
    with database.reading() as session:
        assert len(session.exec(select(Booking)).all()) == 1
