"""Beside a tool the town already has: it hears every webhook unchanged, and whatever happens to it costs us nothing."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bots import BadSignature
from bots.line import message_from
from bots.neighbour import Neighbour
from inclusion.database import Database, open_database
from inclusion.group_commit import GroupCommit
from inclusion.inbox import Inbox, IncomingEvent, inbox_figures
from inclusion.neighbours import HandingOn, forget, keep, lease
from inclusion.settings import Settings
from inclusion.web.next_door import NextDoor, left_to_others
from inclusion.web.services import CameAs
from inclusion.web.ways_in import webhooks
from tests.doubles.line_events import postback_event, sign, text_event, unsend_event, webhook
from tests.doubles.other_tool import OtherTool

SECRET = "town-secret"
START = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


class Beside:
    """A database, the other tool, and a clock moved by hand."""

    def __init__(self, database: Database, tool: OtherTool, neighbour: Neighbour) -> None:
        self.database, self.tool, self.now = database, tool, START
        self.commits = GroupCommit(database)
        self.handing_on = HandingOn({"line": neighbour}, self.commits, lambda: self.now)

    async def keep(self, body: bytes, signature: str | None = None) -> None:
        headers = {"x-line-signature": signature or sign(body, SECRET), "content-type": "application/json"}
        await self.commits.write(lambda session: keep(session, "line", body, headers, self.now))

    def waiting(self) -> int:
        with self.database.reading() as session:
            return len(session.connection().exec_driver_sql("SELECT 1 FROM waiting_webhook").all())


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Database:
    (tmp_path / "town.db").write_bytes(migrated_sqlite.read_bytes())
    return open_database(f"sqlite:///{tmp_path / 'town.db'}")


@pytest.fixture
async def beside(database: Database) -> AsyncIterator[Beside]:
    async with OtherTool(SECRET) as tool, Neighbour(tool.url, timeout_s=1) as neighbour:
        beside = Beside(database, tool, neighbour)
        yield beside
        await beside.commits.close()
    database.close()


async def test_a_webhook_arrives_byte_for_byte_under_lines_own_signature(beside: Beside) -> None:
    await beside.keep(webhook(text_event("長いす😀")))
    assert await beside.handing_on.hand_on_waiting()
    assert [event["message"]["text"] for event in beside.tool.heard] == ["長いす😀"]
    assert beside.tool.headers[0]["content-type"] == "application/json" and beside.waiting() == 0


async def test_control_a_changed_byte_would_be_refused_by_the_other_tool(beside: Beside) -> None:
    body = webhook(text_event("長いす"))
    await beside.keep(body + b" ", sign(body, SECRET))
    await beside.handing_on.hand_on_waiting()
    assert beside.tool.heard == [] and beside.tool.knocks == 1


async def test_while_the_tool_is_away_it_is_knocked_at_by_one_and_then_gets_everything_in_order(beside: Beside) -> None:
    for number in range(20):
        await beside.keep(webhook(text_event(f"{number}番")))
    beside.tool.statuses = [503] * 9
    for _ in range(60):
        await beside.handing_on.hand_on_waiting()
        beside.now += timedelta(seconds=3)
    assert sorted(event["message"]["text"] for event in beside.tool.heard) == sorted(f"{n}番" for n in range(20))
    assert beside.tool.knocks == 20 + 9 and beside.waiting() == 0


async def test_what_the_tool_refuses_is_not_tried_again_and_holds_nothing_up(beside: Beside) -> None:
    await beside.keep(webhook(text_event("一")))
    await beside.keep(webhook(text_event("二")))
    beside.tool.statuses = [400]
    await beside.handing_on.hand_on_waiting()
    assert len(beside.tool.heard) == 1 and beside.waiting() == 0


async def test_a_redirection_is_not_followed(beside: Beside) -> None:
    await beside.keep(webhook(text_event("一")))
    beside.tool.statuses = [307]
    await beside.handing_on.hand_on_waiting()
    assert (beside.tool.knocks, beside.waiting()) == (1, 0)


async def test_after_a_day_it_is_given_up_and_its_words_are_erased(beside: Beside) -> None:
    await beside.keep(webhook(text_event("秘密")))
    beside.tool.statuses = [500] * 2
    await beside.handing_on.hand_on_waiting()
    assert beside.waiting() == 1
    beside.now += timedelta(days=1, minutes=6)
    await beside.handing_on.hand_on_waiting()
    assert beside.waiting() == 0


async def test_an_unsent_message_that_still_waits_is_not_handed_on_but_the_news_of_it_is(beside: Beside) -> None:
    said = text_event("取り消します")
    await beside.keep(webhook(said))
    await beside.keep(webhook(unsend_event(said["message"]["id"])))
    with beside.database.writing() as session:
        assert forget(session, "line", said["message"]["id"]) == 1
    await beside.handing_on.hand_on_waiting()
    assert [event["type"] for event in beside.tool.heard] == ["unsend"]


async def test_no_word_and_no_address_is_in_the_log(beside: Beside, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    beside.tool.statuses = [500, 400]
    await beside.keep(webhook(text_event("秘密の相談")))
    await beside.handing_on.hand_on_waiting()
    beside.now += timedelta(minutes=10)
    await beside.handing_on.hand_on_waiting()
    assert "refused by the other tool" in caplog.text and "秘密" not in caplog.text


async def test_two_workers_never_hand_the_same_webhook_on(beside: Beside) -> None:
    await beside.keep(webhook(text_event("一")))
    with beside.database.writing() as session:
        assert len(lease(session, ["line"], beside.now)) == 1
    assert not await beside.handing_on.hand_on_waiting()
    beside.now += timedelta(seconds=31)  # the other worker died
    assert await beside.handing_on.hand_on_waiting()


async def test_our_events_are_kept_even_when_nothing_can_be_kept_for_the_other_tool(beside: Beside) -> None:
    with beside.database.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE waiting_webhook")
    inbox = Inbox(beside.database, beside.commits)
    door = NextDoor(settings(line_forward_url=beside.tool.url), beside.commits, lambda: beside.now)
    event = text_event("長いす")
    kept = door.kept("line", CameAs(webhook(event), {}), beside.now)
    assert await inbox.save([IncomingEvent("line", "e1", event, beside.now)], kept) == 1
    with beside.database.reading() as session:
        assert inbox_figures(session, beside.now).waiting == 1


async def test_what_comes_back_from_the_other_tool_is_not_handed_to_it_again(beside: Beside) -> None:
    inbox = Inbox(beside.database, beside.commits)
    door = NextDoor(settings(line_forward_url=beside.tool.url), beside.commits, lambda: beside.now)
    event = text_event("長いす")
    for _ in range(3):
        kept = door.kept("line", CameAs(webhook(event), {}), beside.now)
        await inbox.save([IncomingEvent("line", "e1", event, beside.now)], kept)
    assert beside.waiting() == 1


def test_nothing_is_kept_or_handed_on_unless_the_town_says_where_to(database: Database) -> None:
    door = NextDoor(settings(), GroupCommit(database), lambda: START)
    assert door.kept("line", CameAs(b"{}", {}), START) is None and door.works() == {}


@pytest.mark.parametrize("url", ["http://tool.example/hook", "ftp://tool.example", "tool.example", "https://"])
def test_residents_words_travel_by_https_only(url: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        settings(line_forward_url=url)
    assert settings(line_forward_url="https://tool.example/hook").line_forward_url


def test_a_webhook_handed_on_to_us_is_taken_under_lines_signature_or_the_tools_own() -> None:
    body = webhook(text_event("長いす"))
    way_in = webhooks(settings(line_forward_secret=SecretStr("tool-secret")))["line"]
    for secret in (SECRET, "tool-secret"):
        assert len(way_in.open(body, {"x-line-signature": sign(body, secret)})) == 1
    for wrong in (sign(body, "other"), sign(body, ""), "", "あ"):
        with pytest.raises(BadSignature):
            way_in.open(body, {"x-line-signature": wrong})


def test_control_without_the_second_secret_only_line_is_believed() -> None:
    body = webhook(text_event("長いす"))
    with pytest.raises(BadSignature):
        webhooks(settings())["line"].open(body, {"x-line-signature": sign(body, "")})


def test_what_the_other_tool_answers_gets_no_second_answer_from_us() -> None:
    read = left_to_others(message_from, settings(forward_only_words="予約, action=tool"))
    assert not read(text_event("予約する")).may_answer and not read(postback_event("action=tool&x=1")).may_answer
    assert read(text_event("長いす")).may_answer and message_from(text_event("予約する")).may_answer


def settings(**more: object) -> Settings:
    secrets = {"line_channel_secret": SecretStr(SECRET), "line_channel_access_token": SecretStr("t")}
    return Settings(_env_file=None, **(secrets | more))  # type: ignore[arg-type]  # the tests name real fields
