"""What becomes of a parcel: sent once in effect, whatever happens on the way to LINE and back."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from linebot.v3.messaging import AsyncApiClient, Configuration

from bots import DeliveryError, OutcomeUnknown, Parcel, QuotaUsedUp, TryLater, Undeliverable
from bots.line import open_line
from bots.line.client import LineChannel
from tests.bots.conftest import push_parcel, reply_parcel, text
from tests.doubles.faults import Fault
from tests.doubles.line import LineDouble
from tests.doubles.line_events import RESIDENT
from tests.doubles.line_sending import LOADING, PUSH, REPLY


def now() -> datetime:
    return datetime.now(UTC)


async def failure(channel: LineChannel, parcel: Parcel) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        await channel.send(parcel, now())
    return raised.value


async def test_a_live_reply_token_is_used_and_lines_request_id_kept(line: LineDouble, channel: LineChannel) -> None:
    receipt = await channel.send(reply_parcel(), now())
    assert receipt.how == "reply" and uuid.UUID(receipt.request_id)
    assert [delivered.how for delivered in line.delivered] == ["reply"] and line.statuses() == [200]


async def test_after_its_time_the_reply_token_is_left_alone_and_the_answer_pushed(line: LineDouble, channel: LineChannel) -> None:
    parcel = reply_parcel(given_at=now() - timedelta(seconds=55))
    receipt = await channel.send(parcel, now())
    assert receipt.how == "push" and [call.path for call in line.calls] == [PUSH]
    assert line.calls[0].headers["x-line-retry-key"] == parcel.retry_key


async def test_a_token_line_no_longer_takes_leads_to_a_push_in_the_same_try(line: LineDouble, channel: LineChannel) -> None:
    parcel = replace(reply_parcel(), reply_token="0" * 32)
    receipt = await channel.send(parcel, now())
    assert receipt.how == "push" and [call.path for call in line.calls] == [REPLY, PUSH]


async def test_messages_arrive_exactly_as_they_were_made(line: LineDouble, channel: LineChannel) -> None:
    said = {**text("こんにちは😀"), "quickReply": {"items": [{"type": "action", "action": {"type": "message", "label": "a", "text": "b"}}]}}
    await channel.send(push_parcel(said, text("二つ目"), silent=True), now())
    assert line.delivered[0].messages == (said, text("二つ目")) and line.delivered[0].silent


LOST_ANSWERS = [
    Fault(delay_s=1.0, accepted=True),
    Fault(status=500, accepted=True),
    Fault(drop=True, accepted=True),
    Fault(raw_body="{", accepted=True),
]
NEVER_ARRIVED = [Fault(status=502, raw_body="<html>bad gateway</html>"), Fault(status=500), Fault(drop=True)]


@pytest.mark.parametrize("fault", LOST_ANSWERS)
async def test_a_reply_whose_answer_got_lost_is_not_sent_again(line: LineDouble, channel: LineChannel, fault: Fault) -> None:
    parcel = reply_parcel()
    line.faults.next_requests(1, fault)
    doubt = await failure(channel, parcel)
    assert isinstance(doubt, OutcomeUnknown) and doubt.used_reply_token
    receipt = await channel.send(replace(parcel, reply_tried=True), now())
    assert receipt.how == "already" and len(line.delivered) == 1


@pytest.mark.parametrize("fault", NEVER_ARRIVED)
async def test_a_reply_that_never_arrived_is_sent_on_the_next_try(line: LineDouble, channel: LineChannel, fault: Fault) -> None:
    parcel = reply_parcel()
    line.faults.next_requests(1, fault)
    doubt = await failure(channel, parcel)
    assert isinstance(doubt, OutcomeUnknown) and doubt.used_reply_token and line.delivered == []
    receipt = await channel.send(replace(parcel, reply_tried=True), now())
    assert receipt.how == "reply" and len(line.delivered) == 1


async def test_control_forgetting_the_first_try_would_send_the_answer_twice(line: LineDouble, channel: LineChannel) -> None:
    parcel = reply_parcel()
    line.faults.next_requests(1, Fault(status=500, accepted=True))
    await failure(channel, parcel)
    await channel.send(replace(parcel, reply_tried=False), now())
    assert len(line.delivered) == 2


async def test_when_the_token_has_died_meanwhile_the_answer_is_pushed_rather_than_lost(line: LineDouble, channel: LineChannel) -> None:
    parcel = replace(reply_parcel(given_at=now() - timedelta(seconds=61)), reply_tried=True)
    receipt = await channel.send(parcel, now())
    assert receipt.how == "push" and line.statuses(REPLY) == []


@pytest.mark.parametrize("fault", LOST_ANSWERS)
async def test_a_push_whose_answer_got_lost_is_recognised_by_its_retry_key(line: LineDouble, channel: LineChannel, fault: Fault) -> None:
    parcel = push_parcel()
    line.faults.next_requests(1, fault)
    doubt = await failure(channel, parcel)
    assert isinstance(doubt, OutcomeUnknown) and not doubt.used_reply_token
    receipt = await channel.send(parcel, now())
    assert receipt.how == "already" and uuid.UUID(receipt.request_id) and len(line.delivered) == 1


async def test_control_another_retry_key_would_send_the_push_twice(line: LineDouble, channel: LineChannel) -> None:
    parcel = push_parcel()
    await channel.send(parcel, now())
    await channel.send(replace(parcel, retry_key=str(uuid.uuid4())), now())
    assert len(line.delivered) == 2


async def test_a_line_that_cannot_be_reached_is_tried_later_and_no_token_is_lost() -> None:
    async with LineDouble() as gone:
        url = gone.url
    channel = await open_line("token", url)
    refusal = await failure(channel, reply_parcel())
    await channel.close()
    assert isinstance(refusal, TryLater) and refusal.after_s > 0


TOO_MUCH = [
    ("The API rate limit has been exceeded. Try again later.", TryLater),
    ("The number of concurrent requests has been exceeded", TryLater),
    ("Something new", TryLater),
    ("You have reached your monthly limit.", QuotaUsedUp),
]


@pytest.mark.parametrize(("told", "kind"), TOO_MUCH)
async def test_the_meanings_of_429_are_told_apart(line: LineDouble, channel: LineChannel, told: str, kind: type[DeliveryError]) -> None:
    line.faults.next_requests(1, Fault(status=429, message=told))
    refusal = await failure(channel, push_parcel())
    assert type(refusal) is kind and uuid.UUID(refusal.request_id)


async def test_the_months_last_message_is_noticed_by_lines_own_count(line: LineDouble, channel: LineChannel) -> None:
    line.monthly_left = 1
    await channel.send(push_parcel(), now())
    assert isinstance(await failure(channel, push_parcel()), QuotaUsedUp)
    assert (await channel.send(reply_parcel(), now())).how == "reply"


async def test_a_wrong_access_token_waits_for_staff_and_names_the_setting(line: LineDouble) -> None:
    channel = await open_line("wrong-token", line.url)
    refusal = await failure(channel, push_parcel())
    await channel.close()
    assert isinstance(refusal, TryLater) and refusal.after_s >= 600
    assert "LINE_CHANNEL_ACCESS_TOKEN" in refusal.reason and "wrong-token" not in refusal.reason


async def test_a_parcel_line_refuses_is_undeliverable_with_lines_own_details(line: LineDouble, channel: LineChannel) -> None:
    refusal = await failure(channel, push_parcel(text("秘密の相談" * 1200)))
    assert isinstance(refusal, Undeliverable)
    assert "messages[0].text: Length must be between 0 and 5000" in refusal.reason and "秘密" not in refusal.reason


async def test_even_when_line_quotes_the_message_our_error_does_not(line: LineDouble, channel: LineChannel) -> None:
    quoting = Fault(400, f"cannot send 秘密の相談 to {RESIDENT}", ({"message": "bad value 秘密の相談", "property": "messages[0]"},))
    line.faults.next_requests(1, quoting)
    refusal = await failure(channel, push_parcel(text("秘密の相談")))
    assert isinstance(refusal, Undeliverable) and "bad value …" in refusal.reason
    assert "秘密" not in repr(refusal) and RESIDENT not in repr(refusal) and refusal.__cause__ is None


async def test_a_blocked_bot_is_not_told_so(line: LineDouble, channel: LineChannel) -> None:
    line.blocked.add(RESIDENT)
    assert (await channel.send(push_parcel(), now())).how == "push" and line.delivered == []


async def test_without_id_and_with_a_dead_token_a_parcel_is_undeliverable(line: LineDouble, channel: LineChannel) -> None:
    late = reply_parcel(chat_id="", given_at=now() - timedelta(minutes=5))
    assert isinstance(await failure(channel, late), Undeliverable) and line.calls == []


async def test_the_thinking_sign_lasts_twenty_seconds_in_a_one_to_one_chat_only(line: LineDouble, channel: LineChannel) -> None:
    await channel.show_thinking(RESIDENT)
    await channel.show_thinking("C" + "2" * 32)
    await channel.show_thinking("")
    assert line.thinking == [RESIDENT] and line.calls[0].body["loadingSeconds"] == 20


@pytest.mark.parametrize("fault", [Fault(status=400), Fault(status=500, raw_body="\x00"), Fault(drop=True), Fault(delay_s=1.0)])
async def test_the_thinking_sign_never_stands_in_the_way(line: LineDouble, channel: LineChannel, fault: Fault) -> None:
    line.faults.next_requests(1, fault)
    await channel.show_thinking(RESIDENT)
    assert line.statuses(LOADING) in ([], [fault.status])


async def test_even_on_a_closed_client_the_thinking_sign_raises_nothing(line: LineDouble) -> None:
    channel = await open_line(line.access_token, line.url)
    await channel.close()
    await channel.show_thinking(RESIDENT)
    assert line.calls == []


async def test_five_hundred_answers_at_once_go_out_over_one_client(line: LineDouble, channel: LineChannel) -> None:
    calm = await open_line(line.access_token, line.url, timeout_s=30)
    started = time.perf_counter()
    receipts = await asyncio.gather(*(calm.send(reply_parcel(), now()) for _ in range(500)))
    took = time.perf_counter() - started
    await calm.close()
    assert {receipt.how for receipt in receipts} == {"reply"} and len(line.delivered) == 500 and took < 30


@pytest.fixture
def dead_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("dead_proxy")
async def test_proxy_settings_of_the_machine_do_not_catch_a_loopback_address(line: LineDouble) -> None:
    channel = await open_line(line.access_token, line.url)
    assert (await channel.send(push_parcel(), now())).how == "push"
    await channel.close()


@pytest.mark.usefixtures("dead_proxy")
async def test_control_the_library_alone_would_have_gone_to_the_proxy(line: LineDouble) -> None:
    channel = LineChannel(AsyncApiClient(Configuration(host=line.url, access_token=line.access_token)))
    assert isinstance(await failure(channel, push_parcel()), TryLater) and line.calls == []
    await channel.close()


async def test_no_log_at_any_level_shows_words_ids_or_the_token(line: LineDouble, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    channel = await open_line(line.access_token, line.url)
    parcel: Any = reply_parcel(text("秘密の相談"))
    line.faults.next_requests(2, Fault(400, "Invalid reply token"))
    await failure(channel, parcel)
    await channel.send(push_parcel(text("秘密の相談")), now())
    await channel.close()
    shown = caplog.text + repr(channel) + repr(parcel)
    assert not any(secret in shown for secret in ("秘密", RESIDENT, line.access_token, parcel.reply_token))
