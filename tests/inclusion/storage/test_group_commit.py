"""Saves that share a commit: fast together, safe alone, and none lost at the end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from inclusion.database import Database, insert_unless_there
from inclusion.group_commit import GroupCommit, QueueFull, WriterClosed
from inclusion.inbox import EventRow, Inbox, IncomingEvent


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


async def test_hundreds_of_webhooks_share_a_few_commits(database: Database, now: datetime) -> None:
    commits = GroupCommit(database)
    inbox = Inbox(database, commits)
    saved = await asyncio.gather(*(inbox.save([said(f"e{n}", now)]) for n in range(300)))
    await commits.close()
    assert sum(saved) == len(rows(database)) == 300
    assert commits.commits < 30


async def test_one_event_that_cannot_be_kept_does_not_spoil_the_others(inbox: Inbox, database: Database, now: datetime) -> None:
    broken = IncomingEvent("line", "broken", {"not json": object()}, now)
    saves = [inbox.save([said("e1", now)]), inbox.save([broken]), inbox.save([said("e2", now)])]
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    assert [outcomes[0], outcomes[2]] == [1, 1]
    assert isinstance(outcomes[1], Exception)
    assert [row.event_id for row in rows(database)] == ["e1", "e2"]


async def test_the_event_loop_goes_on_while_the_disk_is_slow(database: Database, now: datetime) -> None:
    commits = GroupCommit(database)
    slow = asyncio.create_task(commits.write(lambda session: time.sleep(0.3)))
    beats = 0
    while not slow.done():
        await asyncio.sleep(0.01)
        beats += 1
    await commits.close()
    assert beats > 10


async def test_a_full_queue_says_so_at_once(database: Database, now: datetime) -> None:
    commits, gate = GroupCommit(database, longest_queue=2), threading.Event()
    blocked = asyncio.create_task(commits.write(lambda session: gate.wait(5)))
    await asyncio.sleep(0.1)  # the writer is busy with the first
    waiting = [asyncio.create_task(commits.write(lambda session: None)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(QueueFull, match="503"):
        await commits.write(lambda session: None)
    gate.set()
    await asyncio.gather(blocked, *waiting)
    await commits.close()


async def test_closing_loses_nothing_that_was_handed_over(database: Database, now: datetime) -> None:
    inbox = Inbox(database)
    saves = [asyncio.create_task(inbox.save([said(f"e{n}", now)])) for n in range(50)]
    await asyncio.sleep(0)
    await inbox.close()
    assert sum(await asyncio.gather(*saves)) == len(rows(database)) == 50
    with pytest.raises(WriterClosed):
        await inbox.save([said("late", now)])


async def test_a_caller_that_stopped_waiting_does_not_disturb_the_others(inbox: Inbox, database: Database, now: datetime) -> None:
    gone = asyncio.create_task(inbox.save([said("e1", now)]))
    await asyncio.sleep(0)
    gone.cancel()
    assert await inbox.save([said("e2", now)]) == 1
    assert [row.event_id for row in rows(database)] == ["e1", "e2"]


async def _cross(database: Database, commits: Sequence[GroupCommit], now: datetime) -> list[object]:
    """Two processes save the same two events in opposite orders at the same moment."""
    both_began = threading.Barrier(2)

    def save(session: Session, first: str, second: str) -> None:
        _insert(session, first, now)
        with contextlib.suppress(threading.BrokenBarrierError):  # the repeat meets nobody
            both_began.wait(timeout=0.5)
        _insert(session, second, now)

    works = (lambda session: save(session, "a", "b"), lambda session: save(session, "b", "a"))
    saves = (one.write(work) for one, work in zip(commits, works, strict=True))
    return await asyncio.gather(*saves, return_exceptions=True)


def _insert(session: Session, event_id: str, now: datetime) -> None:
    row = {"channel": "line", "event_id": event_id, "chat": "", "raw": {}, "received_at": now, "state": "kept", "tries": 0, "due_at": now}
    insert_unless_there(session, SQLModel.metadata.tables["incoming_event"], [row])


@pytest.mark.parametrize("repeats", [True, False], ids=["repeated", "control without repeating"])
async def test_two_processes_that_cross_each_other_both_get_through(
    database: Database, now: datetime, repeats: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not repeats:
        monkeypatch.setattr("inclusion.group_commit._must_repeat", lambda error: False)
    commits = [GroupCommit(database) for _ in range(2)]
    outcomes = await _cross(database, commits, now)
    await asyncio.gather(*(one.close() for one in commits))
    one_writer_at_a_time = database.engine.dialect.name == "sqlite"
    assert (outcomes == [None, None]) == (repeats or one_writer_at_a_time)
    assert [row.event_id for row in rows(database)] in (["a", "b"], ["b", "a"])
