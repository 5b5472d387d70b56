"""The double itself: each of LINE's rules bites, and a right request passes beside every wrong one."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from .faults import Fault
from .line import LineDouble
from .line_events import RESIDENT, new_reply_token
from .line_limits import CONCURRENCY_TOLD, RATE_TOLD
from .line_sending import LOADING, MULTICAST, PUSH, REPLY

Body = dict[str, Any]
REPOSITORY = Path(__file__).parents[2]


class MovableClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Caller:
    """A plain HTTP client, so that no library of LINE's corrects a request before it leaves."""

    def __init__(self, double: LineDouble, clock: MovableClock) -> None:
        self.double, self.clock = double, clock
        self.session = aiohttp.ClientSession()

    async def post(self, path: str, body: Any, token: str = "double-access-token", **headers: str) -> tuple[int, Body, dict[str, str]]:
        given = {"Authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with self.session.post(self.double.url + path, json=body, headers=given) as answer:
            return answer.status, await answer.json(), dict(answer.headers)

    async def push(self, *messages: Body, to: str = RESIDENT, **headers: str) -> tuple[int, Body, dict[str, str]]:
        return await self.post(PUSH, {"to": to, "messages": list(messages)}, **headers)

    async def reply(self, token: str) -> int:
        return (await self.post(REPLY, {"replyToken": token, "messages": [text()]}))[0]


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    clock = MovableClock()
    async with LineDouble(clock=clock, rates={MULTICAST: 2}) as double:
        caller = Caller(double, clock)
        yield caller
        await caller.session.close()


def text(said: str = "あ", **more: Any) -> Body:
    return {"type": "text", "text": said, **more}


def flex(contents: Body, alt: str = "あ") -> Body:
    return {"type": "flex", "altText": alt, "contents": contents}


def bubble(*parts: Body) -> Body:
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": list(parts)}}


def carousel(count: int, said: str = "あ") -> Body:
    return {"type": "carousel", "contents": [bubble(text(said))] * count}


def button(action: Body) -> Body:
    return flex(bubble({"type": "button", "action": action}))


def uri(address: str) -> Body:
    return button({"type": "uri", "label": "あ", "uri": address})


def quick(label: str, count: int = 1) -> Body:
    item = {"type": "action", "action": {"type": "message", "label": label, "text": "あ"}}
    return text(quickReply={"items": [item] * count})


def audio(url: str = "https://example.jp/a.m4a", **more: Any) -> Body:
    return {"type": "audio", "originalContentUrl": url, "duration": 1000, **more}


RIGHT_BESIDE_WRONG = {
    "text is there": (text(), {"type": "text"}),
    "text of 5,000 units": (text("あ" * 5000), text("あ" * 5001)),
    "emoji count twice": (text("😀" * 2500), text("😀" * 2501)),
    "text is not empty": (text("あ"), text("")),
    "kind exists": (text(), {"type": "speech", "text": "あ"}),
    "no undescribed field": (text(), text(colour="red")),
    "audio has a duration": (audio(), {"type": "audio", "originalContentUrl": "https://example.jp/a.m4a"}),
    "audio comes by https": (audio(), audio("http://example.jp/a.m4a")),
    "alternative text of 1,500": (flex(bubble(text()), "あ" * 1500), flex(bubble(text()), "あ" * 1501)),
    "alternative text is there": (flex(bubble(text())), {"type": "flex", "contents": bubble(text())}),
    "bubble of 30 KB": (flex(bubble(text("あ" * 10_000))), flex(bubble(text("あ" * 10_240)))),
    "carousel of 12": (flex(carousel(12)), flex(carousel(13))),
    "carousel of 50 KB": (flex(carousel(4, "あ" * 4000)), flex(carousel(5, "あ" * 4000))),
    "flex text is not empty": (flex(bubble(text())), flex(bubble(text("")))),
    "flex parts are described": (flex(bubble(text(scaling=True))), flex(bubble(text(scalling=True)))),
    "a body is a box": (flex(bubble(text())), flex({"type": "bubble", "body": text()})),
    "quick reply label of 20": (quick("あ" * 20), quick("あ" * 21)),
    "quick reply label counts characters": (quick("👨‍👩‍👧‍👦" * 20), quick("👨‍👩‍👧‍👦" * 21)),
    "thirteen quick replies": (quick("あ", 13), quick("あ", 14)),
    "an action says something": (quick("あ"), button({"type": "message", "label": "あ", "text": ""})),
    "an action says 300 units": (
        button({"type": "message", "label": "あ", "text": "あ" * 300}),
        button({"type": "message", "label": "あ", "text": "あ" * 301}),
    ),
    "postback data of 300": (
        button({"type": "postback", "label": "あ", "data": "a" * 300}),
        button({"type": "postback", "label": "あ", "data": "a" * 301}),
    ),
    "a known address scheme": (uri("https://example.jp"), uri("javascript:alert(1)")),
    "a number that can be dialled": (uri("tel:%237119"), uri("tel:#7119")),
    "a number without words": (uri("tel:0312345678"), uri("tel:03-1234")),
    "an encoded address": (uri("https://example.jp/%E3%81%82"), uri("https://example.jp/あ")),
    "sender name of 20": (text(sender={"name": "あ" * 20}), text(sender={"name": "あ" * 21})),
    "sender name of its own": (text(sender={"name": "案内係"}), text(sender={"name": "LINE案内係"})),
    "sender icon by https": (text(sender={"iconUrl": "https://a.jp/i.png"}), text(sender={"iconUrl": "http://a.jp/i.png"})),
}


@pytest.mark.parametrize("rule", RIGHT_BESIDE_WRONG)
async def test_each_rule_refuses_the_wrong_message_and_lets_the_right_one_pass(caller: Caller, rule: str) -> None:
    right, wrong = RIGHT_BESIDE_WRONG[rule]
    assert (await caller.push(right))[0] == 200
    status, told, headers = await caller.push(wrong)
    assert status == 400 and "error(s)" in told["message"] and told["details"][0]["property"].startswith("messages[0]")
    assert uuid.UUID(headers["X-Line-Request-Id"]) and len(caller.double.delivered) == 1


@pytest.mark.parametrize("count", [0, 6])
async def test_a_call_carries_one_to_five_messages(caller: Caller, count: int) -> None:
    assert (await caller.push(*[text()] * 5))[0] == 200
    assert (await caller.push(*[text()] * count))[0] == 400


async def test_a_reply_token_answers_once(caller: Caller) -> None:
    token = new_reply_token(caller.clock())
    assert [await caller.reply(token), await caller.reply(token)] == [200, 400]


async def test_a_reply_token_dies_after_a_minute(caller: Caller) -> None:
    lively, late = new_reply_token(caller.clock()), new_reply_token(caller.clock())
    caller.clock.now += timedelta(seconds=59)
    assert await caller.reply(lively) == 200
    caller.clock.now += timedelta(seconds=2)
    assert await caller.reply(late) == 400


async def test_a_token_nobody_gave_out_is_refused_in_lines_words(caller: Caller) -> None:
    status, told, _ = await caller.post(REPLY, {"replyToken": "invented", "messages": [text()]})
    assert (status, told) == (400, {"message": "Invalid reply token"})


async def test_a_retry_key_does_not_belong_on_a_reply(caller: Caller) -> None:
    body = {"replyToken": new_reply_token(caller.clock()), "messages": [text()]}
    assert (await caller.post(REPLY, body, X_Line_Retry_Key=str(uuid.uuid4())))[0] == 400
    assert (await caller.post(REPLY, body))[0] == 200


async def test_a_retry_key_is_a_uuid(caller: Caller) -> None:
    assert (await caller.push(text(), X_Line_Retry_Key="17"))[0] == 400
    assert (await caller.push(text(), X_Line_Retry_Key=uuid.uuid4().hex))[0] == 400


async def test_a_repeated_retry_key_is_a_conflict_that_names_the_first_request(caller: Caller) -> None:
    key = str(uuid.uuid4())
    _, _, first = await caller.push(text(), X_Line_Retry_Key=key)
    status, told, second = await caller.push(text(), X_Line_Retry_Key=key)
    assert status == 409 and second["X-Line-Accepted-Request-Id"] == first["X-Line-Request-Id"] and told["sentMessages"]
    assert len(caller.double.delivered) == 1


async def test_a_retry_key_is_forgotten_after_a_day(caller: Caller) -> None:
    key = str(uuid.uuid4())
    await caller.push(text(), X_Line_Retry_Key=key)
    caller.clock.now += timedelta(hours=25)
    assert (await caller.push(text(), X_Line_Retry_Key=key))[0] == 200


async def test_a_blocked_resident_gets_nothing_and_the_sender_a_200(caller: Caller) -> None:
    caller.double.blocked.add(RESIDENT)
    assert (await caller.push(text()))[0] == 200 and caller.double.delivered == []


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_wrong_access_token_is_401(caller: Caller, token: str) -> None:
    assert (await caller.post(PUSH, {"to": RESIDENT, "messages": [text()]}, token=token))[0] == 401


@pytest.mark.parametrize(("seconds", "status"), [(5, 202), (60, 202), (7, 400), (0, 400), (65, 400)])
async def test_the_loading_sign_takes_multiples_of_five_up_to_sixty(caller: Caller, seconds: int, status: int) -> None:
    assert (await caller.post(LOADING, {"chatId": RESIDENT, "loadingSeconds": seconds}))[0] == status


async def test_the_loading_sign_is_for_one_person(caller: Caller) -> None:
    assert (await caller.post(LOADING, {"chatId": "C" + "2" * 32}))[0] == 400


async def test_a_full_rate_bucket_is_429_until_it_refills(caller: Caller) -> None:
    body = {"to": [RESIDENT], "messages": [text()]}
    assert [(await caller.post(MULTICAST, body))[0] for _ in range(3)] == [200, 200, 429]
    caller.clock.now += timedelta(seconds=1)
    assert (await caller.post(MULTICAST, body))[0] == 200


async def test_more_requests_at_once_than_line_works_on_are_429_until_one_is_done(caller: Caller) -> None:
    caller.double.limits.at_once = 2
    caller.double.faults.next_requests(2, Fault(delay_s=0.5))
    slow = [asyncio.create_task(caller.push(text())) for _ in range(2)]
    while caller.double.limits.most_seen < 2:  # noqa: ASYNC110  # the double is what tells
        await asyncio.sleep(0.01)
    status, told, _ = await caller.push(text())
    assert (status, told["message"]) == (429, CONCURRENCY_TOLD)
    assert await caller.reply(new_reply_token(caller.clock())) == 200  # another address has room of its own
    assert [answer[0] for answer in await asyncio.gather(*slow)] == [200, 200]
    assert (await caller.push(text()))[0] == 200


async def test_the_three_meanings_of_429_are_told_in_three_sentences(caller: Caller) -> None:
    caller.double.limits.at_once, caller.double.monthly_left = 0, 0
    told = [(await caller.push(text()))[1]["message"]]
    caller.double.limits.at_once = 1
    told.append((await caller.push(text()))[1]["message"])
    for _ in range(3):
        last = await caller.post(MULTICAST, {"to": [RESIDENT], "messages": [text()]})
    assert [*told, last[1]["message"]] == [CONCURRENCY_TOLD, "You have reached your monthly limit.", RATE_TOLD]


async def test_the_months_quota_counts_pushes_and_not_replies(caller: Caller) -> None:
    caller.double.monthly_left = 0
    status, told, _ = await caller.push(text())
    assert (status, told["message"]) == (429, "You have reached your monthly limit.")
    assert await caller.reply(new_reply_token(caller.clock())) == 200


@pytest.mark.parametrize("to", ["", "someone", "U123", "X" + "1" * 32])
async def test_an_address_that_is_none_is_refused(caller: Caller, to: str) -> None:
    assert (await caller.push(text(), to=to))[0] == 400


async def test_multicast_takes_five_hundred_people(caller: Caller) -> None:
    assert (await caller.post(MULTICAST, {"to": [RESIDENT] * 500, "messages": [text()]}))[0] == 200
    assert (await caller.post(MULTICAST, {"to": [RESIDENT] * 501, "messages": [text()]}))[0] == 400


async def test_an_unknown_path_is_404(caller: Caller) -> None:
    assert (await caller.post("/v2/bot/message/shout", {}))[0] == 404


async def test_ordered_faults_happen_once_each_and_in_order(caller: Caller) -> None:
    caller.double.faults.next_requests(1, Fault(status=503))
    caller.double.faults.next_requests(1, Fault(drop=True))
    assert (await caller.push(text()))[0] == 503
    with pytest.raises(aiohttp.ClientError):
        await caller.push(text())
    assert (await caller.push(text()))[0] == 200


async def test_the_double_runs_as_a_process_of_its_own() -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.doubles.line", cwd=REPOSITORY, stdout=pipe)
    assert process.stdout
    url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{url}/double/counts") as answer:
        assert (await answer.json())["delivered"] == 0
    process.terminate()
    await process.wait()
