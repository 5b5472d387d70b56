"""What somebody said on LINE is fetched when LINE has prepared it, and never in a size or from a place that could hurt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bots import Message, RecordingNotReady, RecordingRefused
from bots.line import message_from
from bots.line.client import LineChannel, open_line
from tests.doubles.faults import Fault
from tests.doubles.line import LineDouble, audio_event, message_event
from tests.doubles.line_content import Recording

SOUND = b"\x00\x00\x00\x1cftypM4A " + bytes(5000)


@pytest.fixture
async def line() -> AsyncIterator[LineDouble]:
    async with LineDouble() as double:
        double.recordings.kept["77"] = Recording(SOUND)
        yield double


@pytest.fixture
async def channel(line: LineDouble, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LineChannel]:
    opened = await open_line(line.access_token, line.url, timeout_s=0.5)
    real_sleep = asyncio.sleep
    monkeypatch.setattr(opened._content, "_sleep", lambda _: real_sleep(0))
    yield opened
    await opened.close()


def spoken(**more: Any) -> Message:
    return message_from(audio_event("77", **more))


async def fetched(channel: LineChannel, message: Message | None = None, most: int = 10_000) -> bytes:
    return await channel.recording(message or spoken(), 60.0, most)


async def test_a_prepared_recording_is_fetched_whole(line: LineDouble, channel: LineChannel) -> None:
    assert await fetched(channel) == SOUND
    assert line.recordings.calls == ["transcoding", "content"]


async def test_while_line_prepares_it_we_wait(line: LineDouble, channel: LineChannel) -> None:
    line.recordings.kept["77"] = Recording(SOUND, looks=3, accepts=2)
    assert await fetched(channel) == SOUND
    assert line.recordings.calls.count("transcoding") == 6 and line.recordings.calls.count("content") == 3


async def test_what_is_not_prepared_in_ten_seconds_is_asked_for_again_later(line: LineDouble, channel: LineChannel) -> None:
    line.recordings.kept["77"] = Recording(SOUND, looks=100)
    with pytest.raises(RecordingNotReady, match="still preparing"):
        await fetched(channel)


@pytest.mark.parametrize("fault", [Fault(500), Fault(429), Fault(401), Fault(delay_s=0.8)])
async def test_trouble_on_the_way_may_pass(line: LineDouble, channel: LineChannel, fault: Fault) -> None:
    line.faults.next_requests(1, fault)
    with pytest.raises(RecordingNotReady):
        await fetched(channel)
    assert await fetched(channel) == SOUND


async def test_what_is_gone_or_could_not_be_prepared_is_refused_for_good(line: LineDouble, channel: LineChannel) -> None:
    line.recordings.kept["77"] = Recording(SOUND, broken=True)
    with pytest.raises(RecordingRefused, match="broken_audio"):
        await fetched(channel)
    line.recordings.kept.clear()
    with pytest.raises(RecordingRefused, match="broken_audio"):
        await fetched(channel)


async def test_too_long_is_known_before_anything_is_fetched(line: LineDouble, channel: LineChannel) -> None:
    with pytest.raises(RecordingRefused, match="audio_too_long"):
        await fetched(channel, spoken(duration=61_000))
    assert line.recordings.calls == []


async def test_too_large_is_given_up_while_it_is_read(channel: LineChannel) -> None:
    with pytest.raises(RecordingRefused, match="audio_too_large"):
        await fetched(channel, most=4_000)


async def test_an_address_somebody_wrote_is_never_opened(line: LineDouble, channel: LineChannel) -> None:
    provider = {"type": "external", "originalContentUrl": f"{line.url}/double/counts"}
    with pytest.raises(RecordingRefused, match="not_audio"):
        await fetched(channel, message_from(message_event({"type": "audio", "id": "77", "contentProvider": provider})))
    assert line.calls == [] and line.recordings.calls == []
