"""Telegram is written to at the pace it asks for, and a person who waits sees that we are at work."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bots import Parcel, TryLater
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
        await asyncio.sleep(0.1)  # a sign that was on its way when the channel closed still arrives
        shown = len(telegram.calls)
        await asyncio.sleep(0.1)
        assert shown > 2 and len(telegram.calls) == shown


async def test_with_a_webhook_in_place_nothing_can_be_fetched_until_it_is_taken_away() -> None:
    async with TelegramDouble() as telegram:
        telegram.webhook = "https://town.example/webhooks/telegram"
        channel = await open_telegram(telegram.token, telegram.url)
        with pytest.raises(TryLater, match="Conflict"):
            await channel.updates(0)
        await channel.forget_webhook()
        assert await channel.updates(0) == []
        await channel.close()


@pytest.mark.parametrize(("chat_s", "flooded"), [(0.7, False), (0.0, True)])
async def test_a_long_answer_floods_nobody_because_of_our_pace(chat_s: float, flooded: bool) -> None:
    """The second case is the control: without a pace of ours Telegram's own bites."""
    async with TelegramDouble() as telegram:
        telegram.keeps_pace = True
        channel = await open_telegram(telegram.token, telegram.url, pace=Pace(0.0, chat_s, 3.0))
        parcel = Parcel(str(RESIDENT), ({"text": "一"}, {"text": "二"}, {"text": "三"}, {"text": "四"}), "key")
        try:
            await channel.send(parcel, datetime.now(UTC))
        except TryLater as wait:
            assert flooded and wait.after_s == 1
        assert (len(telegram.delivered) < 4) == flooded
        await channel.close()
