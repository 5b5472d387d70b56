"""What is put into the outbox arrives, waits or is given up as its channel says, and never reaches somebody who left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bots import OutcomeUnknown, QuotaUsedUp, TryLater, Undeliverable
from bots.accounts import mark_blocked, open_account
from inclusion.courier import Courier
from inclusion.database import Database
from inclusion.leasing import TRIED_AT_MOST_FOR
from inclusion.outbox import OutboxFigures, Outgoing, cancel, outbox_figures, purge, put

from .fake_channel import FakeChannel
from .letters import courier_delivers, letter, put_all, row


@pytest.fixture
def line() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
async def courier(database: Database, line: FakeChannel, now: datetime) -> AsyncIterator[Courier]:
    courier = Courier(database, {"line": line}, lambda: now)
    yield courier
    await courier.close()


async def test_what_was_put_is_sent_once(database: Database, courier: Courier, line: FakeChannel, now: datetime) -> None:
    (retry_key,) = put_all(database, now, letter())
    assert await courier.deliver_once(now) == 1
    assert await courier.deliver_once(now) == 0
    assert line.delivered == [("G1", "明日は教室です")]
    assert line.tries[0].retry_key == retry_key
    assert (row(database).state, row(database).sent_at, row(database).request_id) == ("sent", now, "request-1")


async def test_what_was_rolled_back_is_never_sent(database: Database, courier: Courier, now: datetime) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        put(session, letter(), now)
        raise RuntimeError
    assert await courier.deliver_once(now) == 0


async def test_the_same_occasion_is_told_once(database: Database, courier: Courier, line: FakeChannel, now: datetime) -> None:
    keys = put_all(database, now, letter(dedup_key="reminder/7"), letter(dedup_key="reminder/7"), letter(dedup_key="reminder/8"))
    assert [key is None for key in keys] == [False, True, False]
    await courier.deliver_once(now)
    assert put_all(database, now, letter(dedup_key="reminder/7")) == [None]
    assert len(line.delivered) == 2


async def test_a_message_for_later_waits_for_its_time(database: Database, courier: Courier, line: FakeChannel, now: datetime) -> None:
    put_all(database, now, letter("あした", due_at=now + timedelta(days=1)), letter("きょう"))
    await courier.deliver_once(now)
    assert line.delivered == [("G1", "きょう")]
    await courier.deliver_once(now + timedelta(days=1))
    assert line.delivered[1:] == [("G1", "あした")]


def test_a_message_needs_exactly_one_addressee(database: Database, now: datetime) -> None:
    with pytest.raises(ValueError, match="one account or to one group"):
        put_all(database, now, Outgoing("line", ()))


def test_a_waiting_message_can_be_taken_back_and_a_sent_one_cannot(database: Database, now: datetime) -> None:
    put_all(database, now, letter(dedup_key="reminder/7"))
    with database.writing() as session:
        assert cancel(session, "reminder/7")
        assert not cancel(session, "reminder/7")
    assert row(database).state == "cancelled"


async def test_try_later_waits_as_long_as_the_channel_asks_and_longer_each_time(database: Database, now: datetime) -> None:
    line = FakeChannel([TryLater("busy", 30.0), *[TryLater("down", 0.0)] * 8])
    courier = Courier(database, {"line": line}, lambda: now)
    put_all(database, now, letter())
    pauses = []
    for _ in range(9):
        await courier.deliver_once(now)
        pauses.append((row(database).due_at - now).total_seconds())
        now = row(database).due_at
    await courier.close()
    assert 30 <= pauses[0] < 40
    assert all(4 * 2**n <= pause < 5.01 * 2**n for n, pause in enumerate(pauses[1:]))
    assert await courier_delivers(database, line, now) == [("G1", "明日は教室です")]


@pytest.mark.parametrize(("used", "tried"), [(True, True), (False, False)])
async def test_an_unknown_outcome_is_retried_with_the_same_key_and_tells_of_the_token(
    database: Database, now: datetime, used: bool, tried: bool
) -> None:
    line = FakeChannel([OutcomeUnknown("timeout", used_reply_token=used)])
    put_all(database, now, letter(reply_token="token", reply_until=now + timedelta(seconds=50)))
    await courier_delivers(database, line, now)
    await courier_delivers(database, line, row(database).due_at)
    first, second = line.tries
    assert first.retry_key == second.retry_key
    assert (first.reply_tried, second.reply_tried, second.reply_token) == (False, tried, "token")


async def test_without_free_messages_a_push_waits_and_staff_see_it_but_answers_go_on(database: Database, now: datetime) -> None:
    line = FakeChannel([QuotaUsedUp("quota")])
    put_all(database, now, letter("お知らせ"))
    await courier_delivers(database, line, now)
    put_all(database, now, letter("答え", reply_token="token"))
    assert await courier_delivers(database, line, now) == [("G1", "答え")]
    with database.reading() as session:
        assert outbox_figures(session, now) == OutboxFigures(waiting=0, later=1, oldest_age_s=0.0, held_by_quota=1, given_up=0)


async def test_a_refused_message_is_given_up_with_its_kind_only(database: Database, now: datetime) -> None:
    line = FakeChannel([Undeliverable("secret words", request_id="r-9")])
    put_all(database, now, letter())
    await courier_delivers(database, line, now)
    kept = row(database)
    assert (kept.state, kept.last_error, kept.request_id) == ("given_up", "undeliverable", "r-9")


async def test_a_message_is_given_up_before_the_channel_forgets_its_key(database: Database, now: datetime) -> None:
    put_all(database, now, letter())
    await courier_delivers(database, FakeChannel([TryLater("down", 0.0)]), now)
    await courier_delivers(database, FakeChannel([TryLater("down", 0.0)]), now + TRIED_AT_MOST_FOR)
    assert row(database).state == "given_up"


async def test_a_bug_in_a_channel_does_not_stop_the_others_and_ends(database: Database, now: datetime) -> None:
    line = FakeChannel([ZeroDivisionError()])
    put_all(database, now, letter("一", "G1"), letter("二", "G2"))
    assert await courier_delivers(database, line, now) == [("G2", "二")]
    for hours in (1, 2):
        await courier_delivers(database, FakeChannel([ZeroDivisionError()]), now + timedelta(hours=hours))
    with database.reading() as session:
        assert outbox_figures(session, now).given_up == 1


async def test_nothing_is_sent_to_somebody_who_left(database: Database, courier: Courier, line: FakeChannel, now: datetime) -> None:
    with database.writing() as session:
        account = open_account(session, "line", "U1", now)
        put(session, Outgoing("line", ({"text": "a"},), account_id=account.id), now)
        mark_blocked(session, account, now)
    assert await courier.deliver_once(now) == 0
    assert row(database).state == "cancelled"


async def test_an_account_is_reached_at_its_chat(database: Database, courier: Courier, line: FakeChannel, now: datetime) -> None:
    with database.writing() as session:
        account = open_account(session, "line", "U1", now)
        put(session, Outgoing("line", ({"text": "a"},), account_id=account.id), now)
    await courier.deliver_once(now)
    assert line.delivered == [("U1", "a")]


async def test_a_channel_that_is_off_keeps_its_messages_waiting(database: Database, courier: Courier, now: datetime) -> None:
    put_all(database, now, Outgoing("telegram", ({"text": "a"},), chat_id="1"))
    assert await courier.deliver_once(now) == 0
    assert row(database).state == "waiting"


async def test_old_messages_lose_words_and_addresses_but_not_the_occasion(database: Database, courier: Courier, now: datetime) -> None:
    put_all(database, now, letter(dedup_key="reminder/7"))
    await courier.deliver_once(now)
    with database.writing() as session:
        assert purge(session, now + timedelta(days=1)) == 1
    kept = row(database)
    assert (kept.payload, kept.chat_id, kept.target, kept.dedup_key) == (None, None, "", "reminder/7")


def test_figures_tell_what_waits_and_for_how_long(database: Database, now: datetime) -> None:
    put_all(database, now, letter(), letter(due_at=now + timedelta(hours=1)))
    with database.reading() as session:
        figures = outbox_figures(session, now + timedelta(minutes=2))
    assert figures == OutboxFigures(waiting=1, later=1, oldest_age_s=120.0, held_by_quota=0, given_up=0)
