"""Every event and message LINE and Telegram describe is read, kept, and answered where somebody spoke: made from their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bots import line as line_bot
from bots import telegram as telegram_bot
from tests.doubles.line_events import RESIDENT, new_reply_token
from tests.doubles.line_schema import API, described
from tests.doubles.telegram import said

WEBHOOK = described(API.with_name("webhook.yml"))["components"]["schemas"]
KINDS = json.loads(
    (Path(telegram_bot.__file__).parents[2] / "tests" / "doubles" / "telegram_api" / "kinds.json").read_text(encoding="utf-8")
)

LINE_ANSWERED = {"message", "postback", "follow", "join", "accountLink"}
# In these nobody spoke to the bot.
LINE_SILENT = {
    "unsend",
    "unfollow",
    "leave",
    "memberJoined",
    "memberLeft",
    "videoPlayComplete",
    "beacon",
    "membership",
    "module",
    "activated",
    "deactivated",
    "botSuspended",
    "botResumed",
    "delivery",
}
TELEGRAM_ANSWERED = {"message", "edited_message", "callback_query"}
TELEGRAM_CONTENT = {
    "text": "text",
    "voice": "audio",
    "audio": "audio",
    "photo": "image",
    "video": "video",
    "video_note": "audio",
    "document": "file",
    "animation": "file",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
}


def line_event(kind: str, **more: Any) -> dict[str, Any]:
    source = {"type": "user", "userId": RESIDENT}
    common = {"webhookEventId": "01H", "timestamp": 1_777_600_000_000, "mode": "active", "deliveryContext": {"isRedelivery": False}}
    return {"type": kind, "source": source, "replyToken": new_reply_token(), **common, **more}


@pytest.mark.parametrize("kind", sorted(WEBHOOK["Event"]["discriminator"]["mapping"]))
def test_every_line_event_is_decided_on(kind: str) -> None:
    raw = line_event(kind, message={"type": "text", "id": "1", "text": "長いす"}, postback={"data": "長いす"})
    message = line_bot.message_from(raw)
    assert kind in LINE_ANSWERED | LINE_SILENT
    assert message.may_answer == (kind in LINE_ANSWERED) and message.raw == raw
    assert not line_bot.message_from({**raw, "mode": "standby"}).may_answer


@pytest.mark.parametrize("kind", [*sorted(WEBHOOK["MessageContent"]["discriminator"]["mapping"]), "invented_tomorrow"])
def test_every_line_message_is_answered(kind: str) -> None:
    message = line_bot.message_from(line_event("message", message={"type": kind, "id": "1"}))
    assert message.may_answer and message.kind == (kind if kind != "invented_tomorrow" else "unknown")


def test_no_described_event_is_missing_from_the_table() -> None:
    """Control: LINE's file and our two lists name the same events."""
    assert set(WEBHOOK["Event"]["discriminator"]["mapping"]) == LINE_ANSWERED | LINE_SILENT


@pytest.mark.parametrize("kind", [name for name in KINDS["update"] if name != "update_id"])
def test_every_telegram_update_is_decided_on(kind: str) -> None:
    content = {**said("長いす")["message"], "id": "q", "data": "長いす", "message": said("どれ")["message"]}
    raw = {"update_id": 9, kind: content}
    message = telegram_bot.message_from(raw)
    assert message.may_answer == (kind in TELEGRAM_ANSWERED) and message.raw == raw and message.event_id == "update:9"


@pytest.mark.parametrize("name", KINDS["content"])
def test_every_telegram_content_is_answered_kindly(name: str) -> None:
    message = telegram_bot.message_from(said({name: "長いす" if name == "text" else {}}))
    assert message.may_answer and message.kind == TELEGRAM_CONTENT.get(name, "unknown")


@pytest.mark.parametrize("name", KINDS["service"])
def test_what_telegram_itself_writes_into_a_chat_is_not_answered(name: str) -> None:
    assert not telegram_bot.message_from(said({name: {}})).may_answer
