"""Couriers keep the order, never send twice, survive a crash, and hurry when told."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import pytest

from bots import TryLater, Undeliverable
from inclusion.courier import Courier
from inclusion.database import Database
from inclusion.leasing import LEASE, lease_due

from .fake_channel import FakeChannel
from .letters import courier_delivers, letter, put_all, row


@pytest.fixture
def line() -> FakeChannel:
    return FakeChannel()


async def test_one_chat_gets_its_messages_in_order_and_chats_go_side_by_side(database: Database, now: datetime) -> None:
    line = FakeChannel([0.05] * 9)
    put_all(database, now, *[letter(f"{n}", f"G{chat}") for n in range(3) for chat in range(3)])
    await courier_delivers(database, line, now)
    for chat in range(3):
        assert [text for chat_id, text in line.delivered if chat_id == f"G{chat}"] == ["0", "1", "2"]
        assert line.most_at_once[f"G{chat}"] == 1
    assert line.most_at_once["all"] == 3


async def test_a_failed_message_keeps_its_place_for_a_moment_but_not_for_ever(database: Database, now: datetime) -> None:
    line = FakeChannel([TryLater("down", 50.0)])
    put_all(database, now, letter("一"), letter("二"))
    assert await courier_delivers(database, line, now + timedelta(seconds=1)) == []
    assert await courier_delivers(database, line, now + timedelta(seconds=70)) == [("G1", "一"), ("G1", "二")]
    stuck = FakeChannel([TryLater("down", 3600.0)])
    put_all(database, now, letter("三"), letter("四"))
    assert await courier_delivers(database, stuck, now + timedelta(seconds=80)) == []
    assert await courier_delivers(database, stuck, now + timedelta(seconds=200)) == [("G1", "四")]


async def test_a_courier_that_died_after_sending_does_not_make_it_arrive_twice(database: Database, now: datetime) -> None:
    line = FakeChannel()
    put_all(database, now, letter(reply_token="token"))
    await _send_and_die(database, line, now)
    assert await courier_delivers(database, line, now + timedelta(seconds=1)) == [("G1", "明日は教室です")]
    assert len(line.tries) == 1  # the lease still holds
    await courier_delivers(database, line, now + LEASE)
    assert line.delivered == [("G1", "明日は教室です")]
    assert [parcel.reply_tried for parcel in line.tries] == [False, True]
    assert row(database).state == "sent"


async def test_control_a_channel_without_retry_keys_would_deliver_it_twice(database: Database, now: datetime) -> None:
    line = FakeChannel(knows_retry_keys=False)
    put_all(database, now, letter())
    await _send_and_die(database, line, now)
    assert len(await courier_delivers(database, line, now + LEASE)) == 2


async def _send_and_die(database: Database, line: FakeChannel, now: datetime) -> None:
    with database.writing() as session:
        (leased,) = lease_due(session, "dying", ["line"], now, 10)
    await line.send(leased.parcel, now)


async def test_two_couriers_never_send_one_message_twice(database: Database, now: datetime) -> None:
    line = FakeChannel([0.01] * 60, knows_retry_keys=False)
    put_all(database, now, *[letter(f"{n}", f"G{n}") for n in range(60)])
    couriers = [Courier(database, {"line": line}, lambda: now) for _ in range(3)]
    counts = await asyncio.gather(*(courier.deliver_once(now) for courier in couriers))
    await asyncio.gather(*(courier.close() for courier in couriers))
    assert sum(counts) == len(line.delivered) == len(set(line.delivered)) == 60


async def _second_courier_while_the_first_sends(database: Database, now: datetime) -> int:
    arrived = asyncio.Event()
    line = FakeChannel([arrived], knows_retry_keys=False)
    put_all(database, now, letter())
    first, second = (Courier(database, {"line": line}, lambda: now) for _ in range(2))
    sending = asyncio.create_task(first.deliver_once(now))
    await line.was_asked()
    await second.deliver_once(now)
    arrived.set()
    await sending
    await asyncio.gather(first.close(), second.close())
    return len(line.delivered)


async def test_a_message_under_way_is_left_alone(database: Database, now: datetime) -> None:
    assert await _second_courier_while_the_first_sends(database, now) == 1


async def test_control_without_a_lease_it_would_be_sent_twice(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inclusion.leasing.LEASE", timedelta(0))
    assert await _second_courier_while_the_first_sends(database, now) == 2


async def test_a_late_outcome_does_not_overwrite_the_other_couriers(database: Database, line: FakeChannel, now: datetime) -> None:
    put_all(database, now, letter())
    slow = FakeChannel([0.2])
    late = Courier(database, {"line": slow}, lambda: now)
    sending = asyncio.create_task(late.deliver_once(now))
    await asyncio.sleep(0.1)
    await courier_delivers(database, FakeChannel([Undeliverable("no")]), now + LEASE)
    await sending
    await late.close()
    assert row(database).state == "given_up"


async def test_a_running_courier_sends_at_once_when_told(database: Database, line: FakeChannel, now: datetime) -> None:
    courier = Courier(database, {"line": line}, lambda: now, look_every_s=60.0)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(0.2)
    put_all(database, now, letter())
    begun = time.monotonic()
    courier.notify()
    await line.something_came(within_s=5)
    assert time.monotonic() - begun < 1.0
    await courier.stop()
    await running


async def test_a_running_courier_finds_by_itself_what_nobody_told_it_of(database: Database, line: FakeChannel, now: datetime) -> None:
    courier = Courier(database, {"line": line}, lambda: now, look_every_s=0.05)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(0.1)
    put_all(database, now, letter())
    await line.something_came(within_s=5)
    await courier.stop()
    await running
    assert line.delivered == [("G1", "明日は教室です")]


async def test_stopping_finishes_what_is_under_way(database: Database, now: datetime) -> None:
    line = FakeChannel([0.3])
    put_all(database, now, letter())
    courier = Courier(database, {"line": line}, lambda: now)
    running = asyncio.create_task(courier.run())
    await line.was_asked()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert row(database).state == "sent"


async def test_a_slow_chat_does_not_hold_up_the_others(database: Database, now: datetime) -> None:
    line = FakeChannel([1.0])
    put_all(database, now, letter("遅い", "G0"), *[letter(f"{n}", f"G{n}") for n in range(1, 50)])
    courier = Courier(database, {"line": line}, lambda: now)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(0.8)
    in_time = len(line.delivered)
    await courier.stop()
    await running
    assert in_time == 49
