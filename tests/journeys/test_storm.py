"""A storm of mixed events, one in five delivered again and all of them shuffled: nothing lost, nothing answered twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from inclusion.answerer import Answerer
from inclusion.courier import Courier
from inclusion.group_commit import GroupCommit
from inclusion.inbox import Inbox, IncomingEvent, inbox_figures
from tests.doubles.line_events import follow_event, in_group, message_event, postback_event, redelivered, text_event, unfollow_event
from tests.doubles.telegram import press, said

from .small_town import Phone, SmallTown

QUESTIONS = ("扇風機はいくら", "傘は何ごみですか", "粗大ごみの申し込み方を教えて", "椅子2脚", "こんにちは", "係の人と話したい", "123456")
SEED = 20261125


def line_event(number: int, dice: random.Random) -> tuple[dict[str, Any], bool]:
    """An event and whether somebody waits for its answer."""
    user = f"U{number:032x}"
    kinds = ("image", "sticker", "location", "audio", "tomorrow")
    return dice.choice(
        [
            lambda: (text_event(dice.choice(QUESTIONS), user), True),
            lambda: (text_event(dice.choice(QUESTIONS), user), True),
            lambda: (message_event({"type": dice.choice(kinds)}, user), True),
            lambda: (postback_event("扇風機はいくら", user), True),
            lambda: (follow_event(user_id=user), True),
            lambda: (text_event("傘", None), True),
            lambda: (unfollow_event(user), False),
            lambda: (in_group(text_event("今日は暑いね", user)), False),
        ]
    )()


def telegram_event(number: int, dice: random.Random) -> tuple[dict[str, Any], bool]:
    person = {"id": 10_000 + number, "is_bot": False, "first_name": "花子"}
    chat = {"id": 10_000 + number, "type": "private"}
    if dice.random() < 0.2:
        pressed = press("ガラス製", number)
        pressed["callback_query"]["message"]["chat"] = chat
        return pressed, True
    content = dice.choice([dice.choice(QUESTIONS), {"voice": {}}, {"photo": []}, {"location": {}}])
    return said(content, number, chat=chat, **{"from": person}), True


def storm(many: int) -> tuple[list[tuple[str, dict[str, Any]]], list[tuple[str, str]]]:
    """The deliveries in the order they arrive, and (channel, event id) of each that must be answered once."""
    dice = random.Random(SEED)
    events = [("telegram", *telegram_event(n, dice)) if n % 4 == 0 else ("line", *line_event(n, dice)) for n in range(many)]
    again = dice.sample(events, many // 5)
    deliveries = [(channel, raw) for channel, raw, _ in events]
    deliveries += [(channel, redelivered(raw) if channel == "line" else raw) for channel, raw, _ in again]
    dice.shuffle(deliveries)
    wanted = [(channel, str(raw.get("webhookEventId") or f"update:{raw['update_id']}")) for channel, raw, answered in events if answered]
    return deliveries, wanted


async def weather(town: SmallTown, deliveries: list[tuple[str, dict[str, Any]]]) -> Counter[str]:
    """Two answerers and two couriers work while the deliveries come in; returns how often each parcel was sent."""
    commits, phones = GroupCommit(town.database), {"line": Phone("line"), "telegram": Phone("telegram")}
    inbox = Inbox(town.database, commits)
    couriers = [Courier(town.database, phones, clock, commits, 0.05) for _ in range(2)]
    answerers = [Answerer(inbox, town.answering, phones, commits, clock, couriers[0].notify) for _ in range(2)]
    tasks = [asyncio.create_task(worker.run()) for worker in (*couriers, *answerers)]
    doors = town.answering.doors
    for start in range(0, len(deliveries), 50):
        read = [(channel, raw, doors[channel].read(raw)) for channel, raw in deliveries[start : start + 50]]
        await inbox.save([IncomingEvent(c, message.event_id, raw, clock(), message.sender.chat_id) for c, raw, message in read])
    while waiting(town):  # noqa: ASYNC110  # the database is what tells, for all workers
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await commits.close()
    return Counter(parcel.retry_key for phone in phones.values() for parcel in phone.parcels)


def waiting(town: SmallTown) -> bool:
    with town.database.reading() as session:
        unsent = session.connection().exec_driver_sql("SELECT count(*) FROM outbox_message WHERE state = 'waiting'").scalar_one()
        return bool(inbox_figures(session, clock()).waiting or unsent)


def answered(town: SmallTown) -> dict[str, str]:
    """Retry key -> the event it answers."""
    with town.database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT id, dedup_key FROM outbox_message WHERE dedup_key LIKE 'answer/%'")
        return {row[0]: row[1] for row in rows}


def clock() -> datetime:
    return datetime.now(UTC)


async def lost_and_doubled(town: SmallTown, many: int) -> tuple[set[str], list[str]]:
    """What was lost or answered though nobody asked, and what was answered more than once."""
    deliveries, wanted = storm(many)
    sent = await weather(town, deliveries)
    events = answered(town)
    arrived = Counter(events[key] for key in sent.elements())
    return set(arrived) ^ {f"answer/{channel}/{event_id}" for channel, event_id in wanted}, [one for one, n in arrived.items() if n > 1]


async def test_300_mixed_events_a_fifth_of_them_twice_are_each_answered_once(small_town: SmallTown) -> None:
    assert await lost_and_doubled(small_town, 300) == (set(), [])


@pytest.mark.soak
async def test_5000_mixed_events_a_fifth_of_them_twice_are_each_answered_once(small_town: SmallTown) -> None:
    assert await lost_and_doubled(small_town, 5000) == (set(), [])


async def test_control_without_the_unique_event_a_second_delivery_would_be_answered(small_town: SmallTown) -> None:
    event = text_event("扇風機はいくら")
    assert "300円" in await small_town.event("line", event)
    assert await small_town.event("line", redelivered(event)) == ""
    assert "300円" in await small_town.event("line", {**event, "webhookEventId": "another"})
