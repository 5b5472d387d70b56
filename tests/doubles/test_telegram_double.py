"""Telegram's double itself: each of the Bot API's rules bites, and a right call passes beside every wrong one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from .telegram import RESIDENT, TelegramDouble

Values = dict[str, Any]


class Caller:
    """A plain HTTP client, so that no library corrects a call before it leaves."""

    def __init__(self, double: TelegramDouble) -> None:
        self.double, self.session = double, aiohttp.ClientSession()

    async def call(self, method: str, values: Values, token: str = "") -> tuple[int, Values]:
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
        url = f"{self.double.url}/bot{token or self.double.token}/{method}"
        async with self.session.post(url, data=form) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with TelegramDouble() as double:
        caller = Caller(double)
        yield caller
        await caller.session.close()


def message(text: str = "あ", **more: Any) -> Values:
    return {"chat_id": RESIDENT, "text": text, **more}


def keys(**button: Any) -> Values:
    return message(reply_markup={"inline_keyboard": [[{"text": "はい", **button}]]})


RIGHT_BESIDE_WRONG: dict[str, tuple[Values, Values]] = {
    "a text is there": (message(), {"chat_id": RESIDENT}),
    "a chat is there": (message(), {"text": "あ"}),
    "a text is not blank": (message("あ"), message(" \n")),
    "a text of 4,096 units": (message("あ" * 4096), message("あ" * 4097)),
    "emoji count twice": (message("😀" * 2048), message("😀" * 2049)),
    "no unknown field": (message(protect_content=True), message(colour="red")),
    "a flag is a flag": (message(disable_notification=True), message(disable_notification=3)),
    "entities are described": (
        message(entities=[{"type": "bold", "offset": 0, "length": 1}]),
        message(entities=[{"type": "bold", "offset": 0, "size": 1}]),
    ),
    "button data of 64 bytes": (keys(callback_data="a" * 64), keys(callback_data="あ" * 22)),
    "button data is not empty": (keys(callback_data="a"), keys(callback_data="")),
    "a button opens a known address": (keys(url="https://example.jp"), keys(url="javascript:alert(1)")),
    "a button has one purpose": (keys(callback_data="a"), keys(callback_data="a", url="https://example.jp")),
    "a button has a purpose": (keys(callback_data="a"), keys()),
    "a keyboard has rows of buttons": (
        message(reply_markup={"keyboard": [[{"text": "はい"}]]}),
        message(reply_markup={"keyboard": ["はい", 3]}),
    ),
}


@pytest.mark.parametrize("rule", RIGHT_BESIDE_WRONG)
async def test_each_rule_refuses_the_wrong_message_and_lets_the_right_one_pass(caller: Caller, rule: str) -> None:
    right, wrong = RIGHT_BESIDE_WRONG[rule]
    assert (await caller.call("sendMessage", right))[0] == 200
    status, told = await caller.call("sendMessage", wrong)
    assert status == 400 and told["ok"] is False and told["description"].startswith("Bad Request: ")
    assert len(caller.double.delivered) == 1


async def test_a_wrong_bot_token_is_401_and_an_unknown_method_404(caller: Caller) -> None:
    assert (await caller.call("sendMessage", message(), token="7:wrong"))[0] == 401
    assert (await caller.call("shout", message()))[0] == 404


@pytest.mark.parametrize(("action", "status"), [("typing", 200), ("record_voice", 200), ("dancing", 400)])
async def test_only_the_described_chat_actions_are_taken(caller: Caller, action: str, status: int) -> None:
    assert (await caller.call("sendChatAction", {"chat_id": RESIDENT, "action": action}))[0] == status


async def test_a_resident_who_blocked_the_bot_is_403_and_gets_nothing(caller: Caller) -> None:
    caller.double.blocked.add(RESIDENT)
    assert (await caller.call("sendMessage", message()))[0] == 403 and caller.double.delivered == []


async def test_flood_control_names_the_seconds(caller: Caller) -> None:
    caller.double.flooded_for_s = 17
    status, told = await caller.call("sendMessage", message())
    assert (status, told["parameters"]) == (429, {"retry_after": 17}) and caller.double.delivered == []


@pytest.mark.parametrize(("secret", "status"), [("A-z_9" * 51, 200), ("a" * 257, 400), ("秘密", 400), ("a b", 400)])
async def test_a_webhooks_secret_has_its_letters_and_its_length(caller: Caller, secret: str, status: int) -> None:
    assert (await caller.call("setWebhook", {"url": "https://town.example/webhooks/telegram", "secret_token": secret}))[0] == status


async def test_a_webhook_is_reached_by_https_only(caller: Caller) -> None:
    assert (await caller.call("setWebhook", {"url": "http://town.example/webhooks/telegram"}))[0] == 400


async def test_updates_are_handed_out_only_where_no_webhook_stands(caller: Caller) -> None:
    assert (await caller.call("getUpdates", {"offset": 0}))[0] == 200
    await caller.call("setWebhook", {"url": "https://town.example/webhooks/telegram"})
    assert (await caller.call("getUpdates", {"offset": 0}))[0] == 409
    await caller.call("deleteWebhook", {})
    assert (await caller.call("getUpdates", {"offset": 0}))[0] == 200


async def test_many_messages_at_once_to_one_chat_are_a_flood_where_the_pace_is_kept(caller: Caller) -> None:
    caller.double.keeps_pace = True
    assert [(await caller.call("sendMessage", message()))[0] for _ in range(5)][-1] == 429
    assert (await caller.call("sendMessage", {**message(), "chat_id": 77}))[0] == 200
