"""Voice notes on Telegram, fetched and sent, against a double that checks every call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from accessibility import Aloud, Answer, Preferences, render
from accessibility.speaking import Manner, Tone
from bots import OutcomeUnknown, Parcel, RecordingNotReady, RecordingRefused
from bots.telegram import message_from, open_telegram, telegram_messages
from bots.telegram.client import TelegramChannel
from bots.telegram.pacing import Pace
from tests.doubles.faults import Fault
from tests.doubles.telegram import RESIDENT, TelegramDouble, voice

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
NOTE = Tone().say("はい。", Manner(), "ogg")
AT_ONCE = Pace(0, 0, 0)
SOUND = b"OggS" + bytes(900)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble() as double:
        double.files["v1"] = SOUND
        yield double


@pytest.fixture
async def channel(telegram: TelegramDouble) -> AsyncIterator[Callable[..., Any]]:
    opened: list[TelegramChannel] = []

    async def open_with(found: tuple[bytes, int] | None) -> TelegramChannel:
        opened.append(await open_telegram(telegram.token, telegram.url, 0.5, AT_ONCE, lambda _: found))
        return opened[-1]

    yield open_with
    for one in opened:
        await one.close()


def answer(text: str = "600円です。") -> Parcel:
    rendered = replace(render(Answer("faq", text), Preferences()), aloud=Aloud("", 0, "a" * 40))
    return Parcel(str(RESIDENT), telegram_messages(rendered), "11111111-1111-4111-8111-111111111111")


@pytest.mark.parametrize("kind", ["voice", "audio", "video_note"])
async def test_whatever_way_somebody_speaks_it_is_fetched(channel: Callable[..., Any], kind: str) -> None:
    spoken = message_from(voice("v1", kind=kind))
    assert spoken.kind == "audio" and spoken.may_answer
    assert await (await channel(None)).recording(spoken, 60, 10_000) == SOUND


async def test_too_long_and_too_large_are_known_before_anything_is_fetched(telegram: TelegramDouble, channel: Callable[..., Any]) -> None:
    opened = await channel(None)
    for told, code in (({"duration": 61}, "audio_too_long"), ({"file_size": 10_001}, "audio_too_large")):
        with pytest.raises(RecordingRefused, match=code):
            await opened.recording(message_from(voice("v1", **told)), 60, 10_000)
    assert telegram.calls == []


async def test_a_size_nobody_told_is_noticed(telegram: TelegramDouble, channel: Callable[..., Any]) -> None:
    telegram.files |= {"large": bytes(10_001), "huge": bytes(21 * 1024**2)}
    for file_id in ("large", "huge"):
        with pytest.raises(RecordingRefused, match="audio_too_large"):
            await (await channel(None)).recording(message_from(voice(file_id)), 60, 10_000)


async def test_what_is_gone_is_refused_and_trouble_may_pass(telegram: TelegramDouble, channel: Callable[..., Any]) -> None:
    opened = await channel(None)
    with pytest.raises(RecordingRefused, match="broken_audio"):
        await opened.recording(message_from(voice("nothing")), 60, 10_000)
    telegram.faults.next_requests(1, Fault(500))
    with pytest.raises(RecordingNotReady):
        await opened.recording(message_from(voice("v1")), 60, 10_000)


async def test_the_text_comes_first_and_the_note_behind_it(telegram: TelegramDouble, channel: Callable[..., Any]) -> None:
    await (await channel((NOTE.content, NOTE.duration_ms))).send(answer(), NOW)
    assert [call.method for call in telegram.calls] == ["sendMessage", "sendVoice"]
    assert telegram.voices == [NOTE.content] and telegram.calls[1].values["duration"] == "1"


@pytest.mark.parametrize("found", [None, (NOTE.content + bytes(1_000_000), 1000)], ids=["no sound", "too large for a note"])
async def test_without_a_fitting_note_the_text_is_the_answer(telegram: TelegramDouble, channel: Callable[..., Any], found: Any) -> None:
    await (await channel(found)).send(answer(), NOW)
    assert telegram.texts() == ["600円です。"] and telegram.voices == []


async def test_somebody_who_takes_no_notes_keeps_the_text(telegram: TelegramDouble, channel: Callable[..., Any]) -> None:
    telegram.takes_voice = False
    receipt = await (await channel((NOTE.content, 1000))).send(answer(), NOW)
    assert receipt.how == "push" and telegram.texts() == ["600円です。"]


async def test_a_retry_after_a_lost_note_does_not_say_the_text_twice(telegram: TelegramDouble, channel: Callable[..., Any]) -> None:
    opened = await channel((NOTE.content, 1000))
    telegram.faults.next_requests(1, Fault())
    telegram.faults.next_requests(1, Fault(502))
    with pytest.raises(OutcomeUnknown):
        await opened.send(answer(), NOW)
    await opened.send(answer(), NOW)
    assert len(telegram.texts()) == 1 and len(telegram.voices) == 1
