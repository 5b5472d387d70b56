"""An event is kept once, answered once, and forgotten when its time has come."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from inclusion.database import Database, LeaseLost, insert_unless_there
from inclusion.inbox import (
    LEASE,
    MAX_TRIES,
    EventRow,
    Inbox,
    IncomingEvent,
    LeasedEvent,
    erase_chat,
    inbox_figures,
    mark_answered,
    mark_failed,
    mark_kept,
    purge,
)


@pytest.fixture
async def inbox(database: Database) -> AsyncIterator[Inbox]:
    inbox = Inbox(database)
    yield inbox
    await inbox.close()


def said(event_id: str, now: datetime, chat: str = "U1", **changes: Any) -> IncomingEvent:
    return IncomingEvent("line", event_id, {"text": "長いす"}, now, chat, **changes)


def rows(database: Database) -> list[EventRow]:
    with database.reading() as session:
        return list(session.exec(select(EventRow).order_by(EventRow.number)))


def ids(leased: list[LeasedEvent]) -> list[str]:
    return [event.event_id for event in leased]


async def test_a_second_delivery_of_the_same_event_is_kept_once(inbox: Inbox, database: Database, now: datetime) -> None:
    assert await inbox.save([said("e1", now), said("e2", now)]) == 2
    assert await inbox.save([said("e1", now)]) == 0
    assert [row.event_id for row in rows(database)] == ["e1", "e2"]


async def test_the_same_id_on_another_channel_is_another_event(inbox: Inbox, now: datetime) -> None:
    await inbox.save([said("1", now)])
    assert await inbox.save([IncomingEvent("telegram", "1", {}, now)]) == 1


async def test_nothing_to_save_is_fine(inbox: Inbox) -> None:
    assert await inbox.save([]) == 0


async def test_a_leased_event_is_not_handed_out_twice(inbox: Inbox, now: datetime) -> None:
    await inbox.save([said("e1", now, "U1"), said("e2", now, "U2")])
    assert ids(inbox.lease_waiting(now)) == ["e1", "e2"]
    assert inbox.lease_waiting(now) == []


async def test_one_chat_is_answered_in_the_order_it_spoke(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("e1", now), said("e2", now), said("other", now, "U2")])
    first, other = inbox.lease_waiting(now)
    assert [first.event_id, other.event_id] == ["e1", "other"]
    with database.writing() as session:
        mark_answered(session, first, now)
    assert ids(inbox.lease_waiting(now)) == ["e2"]


async def test_an_event_whose_worker_died_is_handed_out_again(inbox: Inbox, now: datetime) -> None:
    await inbox.save([said("e1", now)])
    inbox.lease_waiting(now)
    again = inbox.lease_waiting(now + LEASE)
    assert [(event.event_id, event.tries) for event in again] == [("e1", 2)]


async def test_a_worker_that_lost_its_lease_changes_nothing(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("e1", now)])
    (slow,) = inbox.lease_waiting(now)
    (quick,) = inbox.lease_waiting(now + LEASE)
    with pytest.raises(LeaseLost), database.writing() as session:
        mark_answered(session, slow, now)
    with database.writing() as session:
        mark_answered(session, quick, now)
    with pytest.raises(LeaseLost), database.writing() as session:
        mark_answered(session, quick, now)


async def test_a_failed_event_pauses_longer_each_time_and_is_given_up(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("e1", now)])
    pauses = []
    for _ in range(MAX_TRIES):
        (event,) = inbox.lease_waiting(now)
        with database.writing() as session:
            mark_failed(session, event, now)
        pauses.append((rows(database)[0].due_at - now).total_seconds())
        now += timedelta(minutes=10)
    assert pauses[:4] == [2, 4, 8, 16]
    assert rows(database)[0].state == "failed"


async def test_an_event_that_kills_its_worker_every_time_is_given_up(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("e1", now)])
    for _ in range(MAX_TRIES):
        assert len(inbox.lease_waiting(now)) == 1
        now += LEASE
    assert inbox.lease_waiting(now) == []
    assert rows(database)[0].state == "failed"


async def test_a_pausing_event_does_not_hold_up_its_chat(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("e1", now), said("e2", now)])
    (first,) = inbox.lease_waiting(now)
    with database.writing() as session:
        mark_failed(session, first, now)
    assert ids(inbox.lease_waiting(now)) == ["e2"]


async def test_what_needs_no_answer_is_only_kept(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("quiet", now, wants_answer=False), said("sticker", now, "U2")])
    (sticker,) = inbox.lease_waiting(now)
    with database.writing() as session:
        mark_kept(session, sticker, now)
    assert [row.state for row in rows(database)] == ["kept", "kept"]


async def test_old_events_forget_what_was_said_but_are_still_recognised(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("old", now), said("new", now + timedelta(days=30), "U2")])
    with database.writing() as session:
        assert purge(session, now + timedelta(days=1)) == 1
        assert purge(session, now + timedelta(days=1)) == 0
    assert [(row.raw, row.chat == "") for row in rows(database)] == [(None, True), ({"text": "長いす"}, False)]
    assert await inbox.save([said("old", now)]) == 0
    assert ids(inbox.lease_waiting(now + timedelta(days=31))) == ["new"]


async def test_one_chat_can_be_erased_and_only_that_one(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("mine", now, "U1"), said("theirs", now, "U2")])
    with database.writing() as session:
        assert erase_chat(session, "line", "U1") == 1
    assert [row.raw for row in rows(database)] == [None, {"text": "長いす"}]


async def test_a_chat_id_is_never_stored_in_clear(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("e1", now, "Uabcdef")])
    with database.reading() as session:
        stored = session.connection().execute(text("SELECT * FROM incoming_event")).all()
    assert "Uabcdef" not in str(stored)


async def test_staff_see_how_many_wait_and_for_how_long(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said("e1", now), said("e2", now + timedelta(seconds=30))])
    with database.reading() as session:
        figures = inbox_figures(session, now + timedelta(minutes=1))
    assert (figures.waiting, figures.oldest_age_s, figures.failed) == (2, 60.0, 0)


def _deliver_twice_at_once(database: Database, now: datetime, event_id: str) -> int:
    """Two servers get the same event at the same moment, each looking first whether it is there."""
    ready = threading.Barrier(2)

    def one() -> None:
        with database.reading() as session:
            there = session.exec(select(EventRow).where(EventRow.event_id == event_id)).first()
        ready.wait()
        if there is None:
            with database.writing() as session:
                _insert(session, now, event_id)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(rows(database))


def _insert(session: Session, now: datetime, event_id: str) -> None:
    row = {
        "channel": "line",
        "event_id": event_id,
        "chat": "",
        "raw": {},
        "received_at": now,
        "state": "waiting",
        "tries": 0,
        "due_at": now,
    }
    insert_unless_there(session, SQLModel.metadata.tables["incoming_event"], [row])


def test_the_same_event_at_the_same_moment_is_one_row(database: Database, now: datetime) -> None:
    assert _deliver_twice_at_once(database, now, "e1") == 1


def test_control_without_the_unique_rule_there_are_two(database: Database, now: datetime) -> None:
    with database.writing() as session:
        if database.engine.dialect.name == "postgresql":
            session.connection().execute(text("ALTER TABLE incoming_event DROP CONSTRAINT uq_incoming_event"))
        else:
            session.connection().execute(text("DROP TABLE incoming_event"))
            session.connection().execute(text(WITHOUT_UNIQUE_RULE))
    assert _deliver_twice_at_once(database, now, "e1") == 2


WITHOUT_UNIQUE_RULE = """CREATE TABLE incoming_event (number INTEGER PRIMARY KEY, channel TEXT, event_id TEXT, chat TEXT, raw JSON,
received_at DATETIME, state TEXT, tries INTEGER, due_at DATETIME, leased_until DATETIME, answered_at DATETIME)"""


def _lease_in_two_threads(database: Database, now: datetime) -> list[str]:
    handed_out: list[str] = []
    ready = threading.Barrier(2)

    def one() -> None:
        ready.wait()
        handed_out.extend(ids(Inbox(database).lease_waiting(now, limit=100)))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return handed_out


async def test_two_workers_never_get_the_same_event(inbox: Inbox, database: Database, now: datetime) -> None:
    await inbox.save([said(f"e{n}", now, f"U{n}") for n in range(100)])
    handed_out = await asyncio.to_thread(_lease_in_two_threads, database, now)
    assert len(handed_out) == len(set(handed_out))
