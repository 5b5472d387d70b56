"""Telegram is written to at the pace it asks for, and a person who waits sees that we are at work."""

from __future__ import annotations

import asyncio

import pytest

from bots import TryLater
from bots.telegram import client, open_telegram
from bots.telegram.pacing import Pace, Pacing
from tests.doubles.telegram import RESIDENT, TelegramDouble


class Hands:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(("chat", "seconds"), [("1001", 3.0), ("-5", 9.0)])
async def test_a_chat_gets_one_message_a_second_and_a_group_twenty_a_minute(chat: str, seconds: float) -> None:
    hands = Hands()
    pacing = Pacing(Pace(), hands.clock, hands.sleep)
    for _ in range(4):
        await pacing.turn(chat)
    assert hands.now == pytest.approx(seconds)


async def test_thirty_different_people_are_answered_within_a_second() -> None:
    hands = Hands()
    pacing = Pacing(Pace(), hands.clock, hands.sleep)
    for person in range(31):
        await pacing.turn(str(person))
    assert hands.now == pytest.approx(1.0)


async def test_a_chat_telegram_told_us_to_leave_alone_is_left_alone() -> None:
    hands = Hands()
    pacing = Pacing(Pace(), hands.clock, hands.sleep)
    pacing.hold("1001", 40)
    with pytest.raises(TryLater) as wait:
        await pacing.turn("1001")
    assert wait.value.after_s == pytest.approx(40) and hands.now == 0


async def test_the_typing_sign_is_shown_again_until_the_channel_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TYPING_EVERY_S", 0.02)
    async with TelegramDouble() as telegram:
        channel = await open_telegram(telegram.token, telegram.url)
        await channel.show_thinking(str(RESIDENT))
        await asyncio.sleep(0.3)
        await channel.close()
        shown = len(telegram.calls)
        await asyncio.sleep(0.1)
        assert shown > 2 and len(telegram.calls) == shown
