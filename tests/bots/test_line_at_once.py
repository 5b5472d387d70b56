"""How we behave towards a LINE that finds us too many at once: fewer together, nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from bots import Parcel, TryLater
from bots.line.at_once import AtOnce
from bots.line.client import LineChannel, open_line
from tests.bots.conftest import push_parcel
from tests.doubles.faults import Fault
from tests.doubles.line import LineDouble
from tests.doubles.line_sending import PUSH

TOGETHER, ROUNDS = 32, 5


@pytest.fixture
async def small_line() -> AsyncIterator[LineDouble]:
    """A LINE that works on four requests at once and takes its time over each."""
    async with LineDouble(at_once=4) as double:
        double.faults.next_requests(5000, Fault(delay_s=0.02))
        yield double


async def delivered(channel: LineChannel, parcel: Parcel) -> int:
    """Send as the outbox does, without its waiting; returns how often LINE refused."""
    for refusals in range(200):
        try:
            await channel.send(parcel, datetime.now(UTC))
        except TryLater as refused:
            assert "at once" in refused.reason
        else:
            return refusals
    raise AssertionError("LINE never took the parcel")


async def refused(channel: LineChannel, line: LineDouble) -> int:
    """Several rounds of many parcels: how many requests LINE refused in the last one."""
    for _ in range(ROUNDS):
        before = line.statuses(PUSH).count(429)
        await asyncio.gather(*(delivered(channel, push_parcel()) for _ in range(TOGETHER)))
    return line.statuses(PUSH).count(429) - before


async def test_after_a_while_a_crowded_line_hardly_has_to_refuse(small_line: LineDouble) -> None:
    channel = await open_line(small_line.access_token, small_line.url)
    again = await refused(channel, small_line)
    await channel.close()
    assert small_line.statuses(PUSH).count(429) > 0  # the rule did bite
    assert again < TOGETHER / 2 and len(small_line.delivered) == TOGETHER * ROUNDS


class Stubborn(AtOnce):
    def crowded(self, began: int) -> None:
        pass


async def test_control_who_never_gives_way_is_refused_more_often_than_served(small_line: LineDouble) -> None:
    channel = await open_line(small_line.access_token, small_line.url)
    channel._at_once = Stubborn(TOGETHER)
    again = await refused(channel, small_line)
    await channel.close()
    assert again > TOGETHER


async def in_place(gate: AtOnce, done: asyncio.Event, began: list[int]) -> None:
    async with gate.place() as one:
        began.append(one)
        await done.wait()


@pytest.fixture
def gate() -> Iterator[AtOnce]:
    gate = AtOnce(8)
    yield gate
    assert gate.open == 0


async def test_a_burst_of_refusals_halves_the_room_once(gate: AtOnce) -> None:
    done, began = asyncio.Event(), list[int]()
    waiting = [asyncio.create_task(in_place(gate, done, began)) for _ in range(8)]
    await asyncio.sleep(0)
    for one in began:
        gate.crowded(one)
    assert (len(began), gate.room) == (8, 4.0)
    done.set()
    await asyncio.gather(*waiting)


async def test_the_room_is_never_less_than_one_and_grows_back_to_the_most_and_no_further(gate: AtOnce) -> None:
    for _ in range(9):
        async with gate.place() as began:
            gate.crowded(began)
    assert gate.room == 1.0
    for _ in range(200):
        gate.went_well()
    assert gate.room == 8.0


async def test_somebody_who_gives_up_waiting_leaves_the_place_to_the_next(gate: AtOnce) -> None:
    done, began = asyncio.Event(), list[int]()
    waiting = [asyncio.create_task(in_place(gate, done, began)) for _ in range(10)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    waiting[8].cancel()
    await asyncio.sleep(0.01)
    assert len(began) == 9
    done.set()
    await asyncio.gather(*waiting, return_exceptions=True)
