"""What LINE sends: trusted only when signed, understood whatever its kind."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from linebot.v3.webhook import SignatureValidator

from bots import BadBody, BadSignature
from bots.line import event_id, events, message_from, verify
from tests.bots.conftest import SECRET
from tests.doubles.line import (
    follow_event,
    in_group,
    message_event,
    postback_event,
    redelivered,
    sign,
    text_event,
    unfollow_event,
    unsend_event,
    webhook,
)
from tests.doubles.line_events import RESIDENT
from tests.doubles.line_schema import API, described

BODY = webhook(text_event("長いす捨てたいんだけど、いくら？"))
WEBHOOK = described(API.with_name("webhook.yml"))["components"]["schemas"]
EVENT_KINDS = sorted(WEBHOOK["Event"]["discriminator"]["mapping"])
MESSAGE_KINDS = sorted(WEBHOOK["MessageContent"]["discriminator"]["mapping"])


def test_a_body_signed_with_our_secret_is_trusted_and_with_another_is_not() -> None:
    verify(BODY, sign(BODY, SECRET), SECRET)
    with pytest.raises(BadSignature):
        verify(BODY, sign(BODY, SECRET + "!"), SECRET)


def test_the_official_library_agrees_with_our_signature_check() -> None:
    assert SignatureValidator(SECRET).validate(BODY.decode(), sign(BODY, SECRET))


@pytest.mark.parametrize("place", [0, 17, -200, -1], ids=["first", "early", "middle", "last"])
def test_one_changed_byte_is_noticed(place: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= 1
    with pytest.raises(BadSignature):
        verify(bytes(changed), sign(BODY, SECRET), SECRET)


def test_control_the_forged_body_would_have_been_answered() -> None:
    forged = BODY.replace("長いす".encode(), "テレビ".encode())
    (event,) = events(forged)
    assert message_from(event).may_answer
    with pytest.raises(BadSignature):
        verify(forged, sign(BODY, SECRET), SECRET)


GOOD = sign(BODY, SECRET)
WRONG_HEADERS = {
    "missing": None,
    "empty": "",
    "nonsense": "nonsense",
    "not ascii": "あ",
    "another secret": sign(BODY, "another secret"),
    "cut": GOOD[:-1],
    "longer": GOOD + "=",
}


@pytest.mark.parametrize("header", WRONG_HEADERS.values(), ids=WRONG_HEADERS.keys())
def test_a_missing_or_foreign_signature_is_refused(header: str | None) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, header, SECRET)


def test_without_a_channel_secret_nothing_is_trusted() -> None:
    with pytest.raises(BadSignature):
        verify(BODY, sign(BODY, ""), "")


def test_bytes_that_are_no_text_can_be_checked_too() -> None:
    body = b"\xff\xfe not utf-8"
    verify(body, sign(body, SECRET), SECRET)
    with pytest.raises(BadSignature):
        verify(body, sign(body + b"!", SECRET), SECRET)


def test_an_empty_webhook_is_no_error() -> None:
    assert events(webhook()) == ()


BAD_BODIES = [b"", b"{", b"[]", b"null", b"{}", b'{"events":{}}', b'{"events":[1]}', b"\xff", b'{"events":[{"a":NaN}]}', b"[" * 100_000]


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: body[:12].decode("ascii", "replace"))
def test_a_body_that_is_not_lines_is_refused_without_repeating_it(body: bytes) -> None:
    with pytest.raises(BadBody) as refusal:
        events(body)
    assert "NaN" not in str(refusal.value)


def test_a_text_becomes_a_message_with_everything_an_answer_needs() -> None:
    at = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    event = text_event("長いす", at=at)
    message = message_from(event)
    assert (message.kind, message.text, message.sender.chat_id, message.sender.user_id) == ("text", "長いす", RESIDENT, RESIDENT)
    assert (message.sent_at, message.event_id, message.reply_token) == (at, event["webhookEventId"], event["replyToken"])
    assert message.may_answer and not message.redelivered and message.message_id == event["message"]["id"]


def test_a_pressed_postback_is_a_choice_that_says_its_data() -> None:
    message = message_from(postback_event("長いす ガラス製"))
    assert (message.kind, message.text, message.may_answer) == ("choice", "長いす ガラス製", True)


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_event_kind_line_describes_becomes_a_message_that_keeps_it(kind: str) -> None:
    event = described_event(kind)
    message = message_from(event)
    known = {"message": "text", "postback": "choice", "join": "joined", "accountLink": "account_link"}
    assert message.kind == known.get(kind, kind if kind in ("follow", "unfollow", "unsend") else "unknown")
    assert message.raw == event and message.event_id
    assert message.may_answer == (kind in ("message", "postback", "follow", "join", "accountLink"))


@pytest.mark.parametrize("kind", MESSAGE_KINDS)
def test_every_message_kind_line_describes_is_known(kind: str) -> None:
    message = message_from(message_event(described_part(f"{kind.capitalize()}MessageContent") | {"type": kind, "id": "77"}))
    assert (message.kind, message.message_id, message.may_answer) == (kind, "77", True)


def test_kinds_of_the_future_are_kept_and_only_a_message_is_answered() -> None:
    hologram = message_from(message_event({"type": "hologram"}))
    comet = message_from({**unfollow_event(), "type": "comet"})
    assert (hologram.kind, hologram.may_answer, comet.kind, comet.may_answer) == ("unknown", True, "unknown", False)


def test_an_event_of_the_future_that_can_be_answered_is_answered_in_a_chat_of_two_only() -> None:
    wave = {**follow_event(), "type": "wave"}
    assert message_from(wave).may_answer and not message_from(in_group(wave)).may_answer
    assert not message_from({**wave, "type": "beacon"}).may_answer  # control: LINE's own silent kinds carry a token too


STRANGE: list[dict[str, Any]] = [
    {},
    {"type": None, "source": [], "message": "x", "timestamp": "soon", "mode": 3},
    {"type": ["message"], "timestamp": 10**30, "deliveryContext": None, "webhookEventId": 7},
    {"type": "message", "message": {"type": "text", "text": 5, "id": None, "mention": {"mentionees": 3}}, "timestamp": True},
    {"type": "message", "message": {"type": "text", "text": "a", "mention": {"mentionees": [None, {"isSelf": True, "index": -4}]}}},
    {"type": "postback", "postback": None, "timestamp": -(10**17)},
]


@pytest.mark.parametrize("event", STRANGE)
def test_no_shape_however_strange_makes_reading_fail(event: dict[str, Any]) -> None:
    assert message_from(event).raw == event


def test_a_resident_whose_id_line_withholds_can_still_be_answered_by_reply() -> None:
    message = message_from(text_event("長いす", user_id=None))
    assert message.sender.user_id is None and message.sender.chat_id == "" and message.may_answer and message.reply_token


def test_in_a_group_the_bot_is_quiet_unless_addressed() -> None:
    overheard = message_from(in_group(text_event("今日は暑いね")))
    assert overheard.sender.in_group and not overheard.may_answer and overheard.sender.chat_id.startswith("C")


def test_in_a_group_a_mention_addresses_the_bot_and_is_left_out_of_the_question() -> None:
    event = in_group(text_event("😀 @ちよだ 長いすは？"))
    event["message"]["mention"] = {"mentionees": [{"type": "user", "isSelf": True, "index": 3, "length": 4}]}
    message = message_from(event)
    assert message.may_answer and message.text == "😀  長いすは？"


def test_in_a_group_somebody_elses_mention_does_not_address_the_bot() -> None:
    event = in_group(text_event("@花子 元気？"))
    event["message"]["mention"] = {"mentionees": [{"type": "user", "isSelf": False, "index": 0, "length": 3}, {"type": "all"}]}
    message = message_from(event)
    assert not message.may_answer and message.text == "@花子 元気？"


def test_in_standby_another_module_speaks_and_we_do_not() -> None:
    assert not message_from(text_event("長いす", mode="standby")).may_answer


def test_a_redelivery_says_so_and_keeps_its_id() -> None:
    event = text_event("長いす")
    again = message_from(redelivered(event))
    assert again.redelivered and again.event_id == message_from(event).event_id


def test_an_event_without_an_id_gets_the_same_one_on_redelivery_and_another_one_for_other_words() -> None:
    event = text_event("長いす")
    del event["webhookEventId"]
    other = json.loads(json.dumps(event)) | {"timestamp": event["timestamp"] + 1}
    assert event_id(event) == event_id(redelivered(event)) != event_id(other)


def test_an_unsend_names_the_message_to_forget() -> None:
    message = message_from(unsend_event("4711"))
    assert (message.kind, message.message_id, message.may_answer, message.reply_token) == ("unsend", "4711", False, None)


def test_a_follow_may_be_greeted() -> None:
    assert message_from(follow_event()).may_answer and not message_from(unfollow_event()).may_answer


def test_characters_no_database_can_hold_are_replaced() -> None:
    (event,) = events(webhook(text_event("x")).replace(b'"x"', b'"a\\u0000b\\ud83dc"'))
    assert message_from(event).text == "a\ufffdb\ufffdc"


def test_a_printed_message_shows_neither_words_nor_ids() -> None:
    event = text_event("長いす")
    shown = repr(message_from(event))
    assert "長いす" not in shown and RESIDENT not in shown and event["replyToken"] not in shown


def described_event(kind: str) -> dict[str, Any]:
    """An event of this kind with every field its description requires."""
    name = WEBHOOK["Event"]["discriminator"]["mapping"][kind].rsplit("/", 1)[1]
    return described_part(name) | {"type": kind, "mode": "active", "source": {"type": "user", "userId": RESIDENT}}


def described_part(name: str) -> dict[str, Any]:
    schema = WEBHOOK[name]
    if "allOf" in schema:
        parts = [described_part(part["$ref"].rsplit("/", 1)[1]) if "$ref" in part else _required(part) for part in schema["allOf"]]
        return {key: value for part in parts for key, value in part.items()}
    return _required(schema)


def _required(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: _example(name, schema.get("properties", {}).get(name, {})) for name in schema.get("required", [])}


def _example(name: str, schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return described_part(schema["$ref"].rsplit("/", 1)[1]) | ({"type": "text"} if name == "message" else {})
    if "enum" in schema:
        return schema["enum"][0]
    return {"integer": 7, "number": 1.5, "boolean": False, "array": [], "object": {}}.get(schema.get("type", ""), "x")
