"""Telegram: trusted only with our secret, every update kept, answers within its limits, every failure told apart."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from accessibility import Answer, Choice, Link, Preferences, Rendered, render
from bots import BadBody, BadSignature, DeliveryError, OutcomeUnknown, Parcel, TryLater, Undeliverable
from bots.telegram import event_id, events, message_from, open_telegram, telegram_messages, verify
from bots.telegram.client import TelegramChannel
from bots.telegram.pacing import Pace
from tests.doubles.faults import Fault
from tests.doubles.telegram import RESIDENT, TelegramDouble, press, said, update
from tests.doubles.telegram_schema import complaints

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
# python-telegram-bot warns from inside its own RetryAfter that a later version will count in timedelta; both are read.
pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after.*")


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble() as double:
        yield double


@pytest.fixture
async def channel(telegram: TelegramDouble) -> AsyncIterator[TelegramChannel]:
    opened = await open_telegram(telegram.token, telegram.url, timeout_s=0.5, pace=Pace(0, 0, 0))
    yield opened
    await opened.close()


def rendered(headline: str = "長いすは1,200円です。", **parts: Any) -> Rendered:
    return render(Answer("answer", headline, **parts), Preferences())


def parcel(*texts: str, chat_id: str = str(RESIDENT), **more: Any) -> Parcel:
    return Parcel(chat_id, tuple({"text": text} for text in texts or ("長いす",)), str(uuid.uuid4()), **more)


async def failure(channel: TelegramChannel, sent: Parcel) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        await channel.send(sent, NOW)
    return raised.value


def test_only_our_secret_opens_the_door() -> None:
    verify("our-secret", "our-secret")
    for given, expected in ((None, "our-secret"), ("", "our-secret"), ("Our-secret", "our-secret"), ("あ", "our-secret"), ("", "")):
        with pytest.raises(BadSignature):
            verify(given, expected)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"update_id":"1"}', b"\xff"])
def test_a_body_that_is_no_update_is_refused(body: bytes) -> None:
    with pytest.raises(BadBody):
        events(body)


def test_a_text_becomes_a_message() -> None:
    (raw,) = events(json.dumps(said("長いす", number=9)).encode())
    message = message_from(raw)
    assert (message.kind, message.text, message.event_id, message.sender.chat_id) == ("text", "長いす", "update:9", str(RESIDENT))
    assert message.may_answer and message.sent_at.year == 2026 and message.message_id == "59"


def test_a_pressed_button_is_a_choice_and_carries_its_query() -> None:
    message = message_from(press("ガラス製"))
    assert (message.kind, message.text, message.reply_token, message.may_answer) == ("choice", "ガラス製", "q-77", True)


def test_start_is_a_greeting_and_a_block_a_farewell() -> None:
    kicked = update(3, my_chat_member={"chat": {"id": 5, "type": "private"}, "date": 1, "new_chat_member": {"status": "kicked"}})
    assert message_from(said("/start")).kind == "follow"
    assert (message_from(kicked).kind, message_from(kicked).may_answer) == ("unfollow", False)


CONTENT = {
    "voice": "audio",
    "audio": "audio",
    "photo": "image",
    "video": "video",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
}


@pytest.mark.parametrize("name", CONTENT)
def test_every_kind_of_content_is_known(name: str) -> None:
    assert message_from(said({name: {}})).kind == CONTENT[name]


@pytest.mark.parametrize("name", ["edited_channel_post", "channel_post", "poll", "chat_boost", "message_reaction", "tomorrow"])
def test_other_updates_are_kept_and_not_answered(name: str) -> None:
    raw = update(4, **{name: said("あ")["message"]})
    message = message_from(raw)
    assert (message.kind, message.may_answer, message.raw) == ("unknown", False, raw)


def test_an_edited_text_is_a_new_question_that_replaces_the_old_one() -> None:
    message = message_from(update(4, edited_message={**said("扇風機")["message"], "edit_date": 1_777_600_050}))
    assert (message.kind, message.text, message.edited, message.may_answer) == ("text", "扇風機", True, True)
    moved = message_from(update(5, edited_message=said({"location": {"latitude": 35.7, "longitude": 139.7}})["message"]))
    assert moved.edited and not moved.may_answer


def test_a_command_or_a_reply_meant_for_another_bot_is_left_to_it() -> None:
    def hears(*arguments: Any, **more: Any) -> bool:
        return message_from(said(*arguments, chat_type="group", **more), "ward_bot", "7").may_answer

    assert hears("/help@Ward_Bot") and not hears("/help@other_bot")
    assert hears("長いす", reply_to_message={"from": {"is_bot": True, "id": 7}})
    assert not hears("長いす", reply_to_message={"from": {"is_bot": True, "id": 8}})


@pytest.mark.parametrize(
    "raw", [{}, {"message": 3}, {"callback_query": {"data": 5}}, {"message": {"text": 1, "date": "x", "chat": {"id": "a"}}}]
)
def test_no_shape_makes_reading_fail(raw: dict[str, Any]) -> None:
    assert message_from(raw).raw == raw and event_id(raw).startswith("sha256:")


def test_in_a_group_the_bot_is_quiet_unless_addressed() -> None:
    replied = {"reply_to_message": {"from": {"is_bot": True}}}
    assert not message_from(said("暑いね", chat_type="supergroup")).may_answer
    assert message_from(said("/help", chat_type="group")).may_answer
    assert message_from(said("長いす", chat_type="group", **replied)).may_answer
    named = message_from(said("@ward_bot 長いす", chat_type="group"), bot_name="ward_bot")
    assert named.may_answer and named.text == "長いす"


def test_another_bot_gets_no_answer() -> None:
    assert not message_from(said("あ", **{"from": {"id": 9, "is_bot": True}})).may_answer


def sendable(messages: tuple[dict[str, Any], ...]) -> bool:
    return not [found for message in messages for found in complaints("sendMessage", {"chat_id": 1, **message})]


def test_an_answer_has_a_bold_headline_and_a_button_for_each_choice_and_page() -> None:
    answer = rendered(choices=(Choice("ガラス製", "ガラス製です"),), links=(Link("区のページ", "https://example.jp/あ"),))
    (message,) = telegram_messages(answer)
    rows = message["reply_markup"]["inline_keyboard"]
    assert rows[0] == [{"text": "ガラス製", "callback_data": "ガラス製です"}] and rows[1][0]["url"] == "https://example.jp/%E3%81%82"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 13}] and sendable((message,))


def test_a_choice_that_says_more_than_64_bytes_becomes_a_keyboard_that_says_it_whole() -> None:
    long = "ガラス製のローテーブルで、いちばん長い辺が100センチ以上のもの"
    (message,) = telegram_messages(rendered(choices=(Choice("大", long), Choice("人に聞く", "人に聞く"))))
    assert message["reply_markup"]["keyboard"] == [[{"text": long}], [{"text": "人に聞く"}]] and sendable((message,))


def test_control_the_long_choice_would_have_been_refused_as_a_button() -> None:
    markup = {"inline_keyboard": [[{"text": "大", "callback_data": "あ" * 22}]]}
    assert not sendable(({"text": "あ", "reply_markup": markup},))


@pytest.mark.parametrize("character", ["あ", "😀", "👨‍👩‍👧‍👦"])
def test_long_answers_are_split_within_the_limit_and_between_characters(character: str) -> None:
    messages = telegram_messages(rendered(character * 30_000, choices=(Choice("はい", "はい"),)), more_label="つづく")
    assert sendable(messages) and len(messages) == 5 and "reply_markup" in messages[-1]
    assert {"".join(message["text"].removesuffix("…つづく").split(character)) for message in messages} == {""}


async def test_a_parcel_arrives_whole_and_in_order(telegram: TelegramDouble, channel: TelegramChannel) -> None:
    receipt = await channel.send(parcel("一", "二", silent=True), NOW)
    assert telegram.texts() == ["一", "二"] and (receipt.how, receipt.request_id) == ("push", "2")
    assert telegram.delivered[0]["disable_notification"] is True


async def test_an_answer_with_buttons_is_taken_by_the_double(telegram: TelegramDouble, channel: TelegramChannel) -> None:
    answer = telegram_messages(rendered(choices=(Choice("はい", "はい"),)))
    await channel.send(Parcel(str(RESIDENT), answer, str(uuid.uuid4()), reply_token="q-77"), NOW)
    assert [call.method for call in telegram.calls] == ["answerCallbackQuery", "sendMessage"]
    assert telegram.delivered[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "はい"


async def test_flood_control_says_how_long_to_wait(telegram: TelegramDouble, channel: TelegramChannel) -> None:
    telegram.flooded_for_s = 17
    refusal = await failure(channel, parcel())
    assert isinstance(refusal, TryLater) and refusal.after_s == 17


async def test_a_resident_who_blocked_the_bot_is_undeliverable(telegram: TelegramDouble, channel: TelegramChannel) -> None:
    telegram.blocked.add(RESIDENT)
    assert isinstance(await failure(channel, parcel()), Undeliverable)


async def test_a_refused_message_is_undeliverable_and_not_repeated(telegram: TelegramDouble, channel: TelegramChannel) -> None:
    telegram.faults.next_requests(1, Fault(400, "Bad Request: cannot send 秘密の相談"))
    refusal = await failure(channel, parcel("秘密の相談"))
    assert isinstance(refusal, Undeliverable) and "annot send …" in refusal.reason and "秘密" not in refusal.reason


@pytest.mark.parametrize("fault", [Fault(delay_s=1.0), Fault(drop=True), Fault(status=502), Fault(status=500, raw_body="<html>")])
async def test_an_answer_that_never_comes_leaves_the_outcome_unknown(
    telegram: TelegramDouble, channel: TelegramChannel, fault: Fault
) -> None:
    telegram.faults.next_requests(1, fault)
    assert isinstance(await failure(channel, parcel()), OutcomeUnknown)


async def test_a_retry_goes_on_after_what_was_taken(telegram: TelegramDouble, channel: TelegramChannel) -> None:
    sent = parcel("一", "二", "三")
    telegram.faults.next_requests(1, Fault())
    telegram.faults.next_requests(1, Fault(status=502))
    assert isinstance(await failure(channel, sent), OutcomeUnknown)
    await channel.send(sent, NOW)
    assert telegram.texts() == ["一", "二", "三"]


async def test_a_telegram_that_cannot_be_reached_is_tried_later() -> None:
    async with TelegramDouble() as gone:
        url = gone.url
    channel = await open_telegram("7:token", url)
    assert isinstance(await failure(channel, parcel()), TryLater)
    await channel.show_thinking(str(RESIDENT))
    await channel.close()


async def test_a_wrong_bot_token_waits_for_staff_and_is_not_shown(telegram: TelegramDouble) -> None:
    channel = await open_telegram("7:wrong", telegram.url)
    refusal = await failure(channel, parcel())
    await channel.close()
    assert isinstance(refusal, TryLater) and "TELEGRAM_BOT_TOKEN" in refusal.reason and "7:wrong" not in repr(refusal)


async def test_thinking_shows_as_typing(telegram: TelegramDouble, channel: TelegramChannel) -> None:
    await channel.show_thinking(str(RESIDENT))
    await channel.show_thinking("")
    assert [(call.method, call.values["action"]) for call in telegram.calls] == [("sendChatAction", "typing")]


async def test_no_log_shows_the_bot_token_or_what_was_said(telegram: TelegramDouble, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    channel = await open_telegram(telegram.token, telegram.url)
    await channel.send(parcel("秘密の相談"), NOW)
    await channel.close()
    assert telegram.token not in caplog.text and "秘密" not in caplog.text
