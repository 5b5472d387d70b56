"""One event, one transaction: what is remembered, what is sent, and what happens when something breaks on the way."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from accessibility import Person, Rendered
from bots import Channel, Message, Sender
from bots.accounts import Account
from inclusion.answerer import Answerer
from inclusion.answering import Answering, Door
from inclusion.conversations import Conversation
from inclusion.database import Database, LeaseLost
from inclusion.group_commit import GroupCommit
from inclusion.housekeeping import erase_old
from inclusion.inbox import EventRow, Inbox, IncomingEvent, LeasedEvent, inbox_figures
from inclusion.outbox import OutboxRow
from inclusion.understanding import Request, Talk, Understanding
from tests.towns import town_understood

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def read(raw: Mapping[str, Any]) -> Message:
    sender = Sender("line", raw.get("chat", "U1"), raw.get("chat", "U1"), in_group=raw.get("group", False))
    return Message(
        raw["id"], sender, raw.get("kind", "text"), NOW, raw.get("text", ""), reply_token="token", may_answer=raw.get("may_answer", True)
    )


def write(rendered: Rendered) -> tuple[dict[str, Any], ...]:
    return ({"type": "text", "text": rendered.text},)


class Thinking:
    """A channel that only remembers whom it showed the thinking sign."""

    name = "line"

    def __init__(self) -> None:
        self.shown: list[str] = []

    async def send(self, parcel: Any, now: datetime) -> Any:
        raise AssertionError("The answerer never sends; the courier does.")

    async def show_thinking(self, chat_id: str) -> None:
        self.shown.append(chat_id)

    async def close(self) -> None: ...


class Breaking:
    """An understanding that breaks on every question."""

    def understand(self, text: str, talk: Talk, now: datetime, sure: bool = True, channel: str = "typed") -> tuple[Request, Talk]:
        raise KeyError(text)


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return town_understood()


@pytest.fixture
def answering(database: Database, understanding: Understanding) -> Answering:
    return Answering(database, understanding.town, understanding, {"line": Door(read, write, timedelta(seconds=50))})


def saved(database: Database, **raw: Any) -> None:
    event = {"id": raw.pop("id", "e1"), "text": "扇風機はいくら", **raw}

    async def save() -> None:
        inbox = Inbox(database)
        await inbox.save([IncomingEvent("line", event["id"], event, NOW, event.get("chat", "U1"))])
        await inbox.close()

    asyncio.run(save())


def lease(database: Database, at: datetime = NOW) -> LeasedEvent:
    (leased,) = Inbox(database).lease_waiting(at)
    return leased


def answer(database: Database, answering: Answering, **raw: Any) -> None:
    saved(database, **raw)
    prepared = answering.prepare(lease(database), NOW)
    with database.writing() as session:
        answering.write_down(session, prepared, NOW)


def rows(database: Database, table: type[Any]) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(table)).all())


def texts(database: Database) -> list[str]:
    return [row.payload[0]["text"] for row in rows(database, OutboxRow)]


def test_a_question_is_answered_remembered_and_closed_together(database: Database, answering: Answering) -> None:
    answer(database, answering)
    assert "300円" in texts(database)[0]
    assert [row.state for row in rows(database, EventRow)] == ["answered"]
    assert rows(database, Conversation)[0].last_answer["total_yen"] == 300


def test_when_the_event_was_taken_by_another_nothing_at_all_is_kept(database: Database, answering: Answering) -> None:
    saved(database)
    prepared = answering.prepare(lease(database), NOW)
    lease(database, NOW + timedelta(minutes=5))
    with pytest.raises(LeaseLost), database.writing() as session:
        answering.write_down(session, prepared, NOW)
    assert rows(database, OutboxRow) == rows(database, Conversation) == rows(database, Account) == []


def test_a_preference_said_in_chat_is_kept_for_the_person(database: Database, answering: Answering) -> None:
    answer(database, answering, text="もっと大きく")
    assert rows(database, Person)[0].preferences.letter_size == "largest"


def test_someone_who_leaves_is_marked_and_gets_nothing(database: Database, answering: Answering) -> None:
    answer(database, answering, kind="unfollow", may_answer=False)
    assert rows(database, Account)[0].blocked_at == NOW
    assert texts(database) == []


def test_someone_who_comes_back_is_served_again(database: Database, answering: Answering) -> None:
    answer(database, answering, kind="unfollow", may_answer=False)
    answer(database, answering, id="e2", kind="follow")
    assert rows(database, Account)[0].blocked_at is None
    assert len(texts(database)) == 1


def test_what_is_said_in_a_group_is_not_remembered_about_anybody(database: Database, answering: Answering) -> None:
    answer(database, answering, chat="C1", group=True)
    assert rows(database, Account) == rows(database, Person) == rows(database, Conversation) == []
    assert len(texts(database)) == 1


def test_an_event_that_breaks_us_is_tried_again_and_then_apologised_for(database: Database, answering: Answering) -> None:
    saved(database)
    broken = replace(answering, understanding=Breaking())  # type: ignore[arg-type]
    first = lease(database)
    with pytest.raises(KeyError):
        broken.prepare(first, NOW)
    second = broken.prepare(lease(database, NOW + timedelta(minutes=1)), NOW)
    assert second.turn is not None
    assert second.turn.rendered.phones


def worker(database: Database, answering: Answering, thinking: Thinking, commits: GroupCommit, seconds_later: float) -> Answerer:
    channels: dict[str, Channel] = {"line": thinking}
    return Answerer(Inbox(database, commits), answering, channels, commits, lambda: NOW + timedelta(seconds=seconds_later), lambda: None)


@pytest.mark.parametrize(("seconds_later", "shown"), [(0.1, []), (0.9, ["U1"])])
def test_only_who_has_waited_sees_the_thinking_sign(
    database: Database, answering: Answering, seconds_later: float, shown: list[str]
) -> None:
    saved(database)
    thinking = Thinking()

    async def work() -> None:
        commits = GroupCommit(database)
        assert await worker(database, answering, thinking, commits, seconds_later).answer_waiting()
        await commits.close()

    asyncio.run(work())
    assert thinking.shown == shown
    assert len(texts(database)) == 1


def test_one_event_that_breaks_does_not_keep_others_from_being_answered(database: Database, answering: Answering) -> None:
    saved(database, id="e1", chat="U1", text=None)
    saved(database, id="e2", chat="U2")

    async def work() -> None:
        commits = GroupCommit(database)
        await worker(database, answering, Thinking(), commits, 0.1).answer_waiting()
        await commits.close()

    asyncio.run(work())
    assert len(texts(database)) == 1
    with database.reading() as session:
        assert inbox_figures(session, NOW).waiting == 1


def test_what_was_said_is_erased_in_time_and_its_id_stays(database: Database, answering: Answering) -> None:
    answer(database, answering)
    with database.writing() as session:
        erase_old(session, NOW + timedelta(days=31), timedelta(days=30))
    assert [(row.event_id, row.raw) for row in rows(database, EventRow)] == [("e1", None)]
    assert rows(database, Conversation) == []
