"""What LINE shows: one bubble that grows with the reader's letters, within every limit, or plain text when it cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from accessibility import Answer, Choice, Link, Phone, Preferences, Rendered, render
from bots.line import line_messages
from bots.wording import utf16_length
from tests.doubles.line_rules import message_complaints, visible_characters
from tests.doubles.line_schema import Bodies

BODIES = Bodies()
SOURCE = "出典：千代田区「粗大ごみ」（2026年4月1日 確認）"


def rendered(headline: str = "長いすは1,200円です。", notes: tuple[str, ...] = (SOURCE,), large: bool = True, **parts: Any) -> Rendered:
    preferences = Preferences(letter_size="large" if large else "standard")
    return render(Answer("answer", headline, **parts), preferences, notes)


def choices(count: int) -> tuple[Choice, ...]:
    numbered = (Choice(f"{number}番", f"{number}番でお願いします") for number in range(1, count))
    return (*numbered, Choice("人に聞く", "人に聞く"))


def parts_of(form: Any) -> Iterator[dict[str, Any]]:
    if isinstance(form, dict):
        yield form
    for inner in form.values() if isinstance(form, dict) else form if isinstance(form, list | tuple) else ():
        yield from parts_of(inner)


def complaints(messages: tuple[dict[str, Any], ...]) -> list[Any]:
    body = {"replyToken": "token", "messages": list(messages)}
    return BODIES.complaints("ReplyMessageRequest", body) + message_complaints(list(messages))


def texts_in(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in parts_of(message["contents"]) if part.get("type") == "text"]


def addresses_in(message: dict[str, Any]) -> list[str]:
    return [part["uri"] for part in parts_of(message["contents"]) if part.get("type") == "uri"]


FULL = rendered(
    details=("有料粗大ごみ処理券 B券を4枚 買ってください。", ""),
    choices=choices(4),
    phones=(Phone("粗大ごみ受付センター", "03-1234-5678", "8:00〜19:00"), Phone("救急相談", "＃７１１９")),
    links=(Link("区のページ", "https://www.example.lg.jp/粗大 ごみ?x=1"),),
)


def test_an_answer_is_one_bubble_that_line_accepts() -> None:
    (message,) = line_messages(FULL, "千代田区 案内係")
    assert message["type"] == "flex" and complaints((message,)) == []
    assert message["sender"] == {"name": "千代田区 案内係"}


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("https://town.example/live/aki", "https://town.example/live/aki?openExternalBrowser=1"),
        ("https://town.example/live/aki?key=1-a#top", "https://town.example/live/aki?key=1-a&openExternalBrowser=1#top"),
    ],
)
def test_a_page_that_wants_the_microphone_opens_outside_line_and_no_other(url: str, opened: str) -> None:
    links = (Link("見る", url, microphone=True), Link("読む", url))
    assert addresses_in(line_messages(rendered(links=links), "")[0]) == [opened, url]


def test_every_text_grows_with_the_readers_letter_size() -> None:
    (message,) = line_messages(FULL, "")
    assert all(text["scaling"] and text["wrap"] for text in texts_in(message))


def test_the_headline_is_large_and_bold_and_the_source_small() -> None:
    (message,) = line_messages(FULL, "")
    first, *_, last = texts_in(message)
    assert (first["text"], first["size"], first["weight"]) == ("長いすは1,200円です。", "xxl", "bold")
    assert (last["text"], last["size"]) == (SOURCE, "md")


def test_standard_letters_are_smaller_than_large_ones() -> None:
    (message,) = line_messages(rendered(large=False), "")
    assert texts_in(message)[0]["size"] == "xl" and message["contents"]["size"] == "mega"


def test_notification_and_screen_reader_get_the_whole_answer() -> None:
    (message,) = line_messages(FULL, "")
    for said in ("長いすは1,200円です。", "処理券 B券を4枚", "03-1234-5678", SOURCE, "・人に聞く"):
        assert said in message["altText"]


def test_phone_numbers_and_pages_open_with_one_tap() -> None:
    (message,) = line_messages(FULL, "")
    page = "https://www.example.lg.jp/%E7%B2%97%E5%A4%A7%20%E3%81%94%E3%81%BF?x=1"
    assert addresses_in(message) == ["tel:0312345678", "tel:%237119", page]


def test_a_number_or_address_nobody_can_open_is_shown_as_text() -> None:
    odd = rendered(phones=(Phone("窓口", "区役所2階"),), links=(Link("資料", "ftp://example.jp"), Link("壊れた", "http://[::1")))
    (message,) = line_messages(odd, "")
    assert addresses_in(message) == [] and "☎ 窓口 区役所2階" in [text["text"] for text in texts_in(message)]


def test_a_choice_says_its_words_in_the_chat_and_stands_in_the_bubble_and_below() -> None:
    (message,) = line_messages(FULL, "")
    pressed = {"type": "message", "label": "1番", "text": "1番でお願いします"}
    assert message["quickReply"]["items"][0]["action"] == pressed
    assert [part["action"] for part in parts_of(message["contents"]) if part.get("action") == pressed] == [pressed]


def test_more_than_four_choices_are_a_list_that_can_still_be_pressed_on_a_computer() -> None:
    (message,) = line_messages(rendered(choices=choices(7)), "")
    pressed = [part["action"]["text"] for part in parts_of(message["contents"]) if "action" in part]
    assert len(pressed) == 7 and pressed[-1] == "人に聞く"
    assert complaints((message,)) == []


def test_of_fifteen_choices_thirteen_are_quick_replies_and_help_by_a_person_stays() -> None:
    (message,) = line_messages(rendered(choices=choices(15)), "")
    labels = [item["action"]["label"] for item in message["quickReply"]["items"]]
    assert len(labels) == 13 and labels[-1] == "人に聞く" and complaints((message,)) == []


def test_a_long_label_is_cut_between_characters_a_person_sees() -> None:
    family = "👨‍👩‍👧‍👦" * 25
    (message,) = line_messages(rendered(choices=(Choice(family, "あ" * 400),)), "")
    action = message["quickReply"]["items"][0]["action"]
    assert visible_characters(action["label"]) == 20 and action["label"].endswith("👦…")
    assert complaints((message,)) == []


@pytest.mark.parametrize("name", ["LINE案内", "line", "", "   "])
def test_a_sender_name_line_refuses_is_left_out(name: str) -> None:
    (message,) = line_messages(rendered(), name)
    assert "sender" not in message


def test_a_long_sender_name_is_shortened() -> None:
    (message,) = line_messages(rendered(), "千代田区デジタル推進課くらしの案内係です。よろしく")
    assert utf16_length(message["sender"]["name"]) == 20 and complaints((message,)) == []


def test_a_long_answer_keeps_its_bubble_and_its_alternative_text_says_that_more_follows() -> None:
    (message,) = line_messages(rendered(details=("説明です。" * 400,)), "", more_label="つづきは画面で")
    assert message["type"] == "flex" and complaints((message,)) == []
    assert utf16_length(message["altText"]) <= 1500 and message["altText"].endswith("…つづきは画面で")


def test_a_bubble_over_thirty_kilobytes_becomes_plain_text_split_after_sentences() -> None:
    long = rendered(details=tuple(f"{number}行目の説明です。" * 20 for number in range(40)), choices=choices(3))
    messages = line_messages(long, "案内係")
    assert [message["type"] for message in messages] == ["text"] * len(messages) and 1 < len(messages) <= 5
    assert all(message["text"].endswith(("。", "）", "人に聞く")) for message in messages)
    assert complaints(messages) == [] and ["quickReply" in message for message in messages] == [False] * (len(messages) - 1) + [True]


def test_nothing_is_lost_when_an_answer_is_split() -> None:
    long = rendered(details=tuple(f"{number}行目の説明です。" * 20 for number in range(40)))
    said = "".join(message["text"] for message in line_messages(long, ""))
    assert said.replace("\n", "") == long.text.replace("\n", "")


@pytest.mark.parametrize("character", ["あ", "😀", "👨‍👩‍👧‍👦", "🇯🇵", "が"])
def test_no_limit_cuts_a_character_in_half(character: str) -> None:
    messages = line_messages(rendered(character * 20_000, notes=()), "", more_label="つづく")
    assert complaints(messages) == [] and len(messages) <= 5
    for message in messages:
        assert set(message["text"].removesuffix("…つづく").split(character)) == {""}


def test_control_the_bubble_that_was_avoided_would_have_been_refused() -> None:
    (small,) = line_messages(rendered(), "")
    text = small["contents"]["body"]["contents"][0]
    small["contents"]["body"]["contents"] = [{**text, "text": "あ" * 11_000}]
    assert len(json.dumps(small["contents"], ensure_ascii=False).encode()) > 30 * 1024
    assert complaints((small,)) != []


def test_even_an_empty_answer_is_something_line_accepts() -> None:
    nothing = Rendered("", (), (), (), (), (), "", "", "ja", False)
    assert complaints(line_messages(nothing, "")) == []


def test_an_empty_label_never_reaches_line() -> None:
    messages = line_messages(rendered(choices=(Choice("", "はい"), Choice("いいえ", ""))), "")
    assert complaints(messages) == []


def test_the_small_button_of_doubt_stands_under_the_message_and_in_no_bubble() -> None:
    doubted = replace(FULL, doubt=Choice("ちがう答えだった", "ちがう答えだった"))
    (message,) = line_messages(doubted, "千代田区 案内係")
    assert message["quickReply"]["items"][-1]["action"]["text"] == "ちがう答えだった" and complaints((message,)) == []
    assert "ちがう答えだった" not in json.dumps(message["contents"], ensure_ascii=False)
    (crowded,) = line_messages(replace(doubted, choices=choices(13)), "千代田区 案内係")
    assert len(crowded["quickReply"]["items"]) == 13 and crowded["quickReply"]["items"][-1]["action"]["text"] == "人に聞く"
