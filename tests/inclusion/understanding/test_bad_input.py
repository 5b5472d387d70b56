"""Whatever arrives, a kind answer leaves, and soon."""

from __future__ import annotations

from time import process_time

import pytest

from inclusion.understanding import Talk, Understanding

from .conftest import NOW, Conversation

ODD = {
    "empty": "",
    "spaces": " \n\t　",
    "punctuation": "、。？！…（）「」",
    "emoji": "😀🎉🇯🇵👨‍👩‍👧",
    "control": "\x00\x07\x1b[31m\x7f",
    "long": "あ" * 100_000,
    "long words": "椅子と" * 33_000,
    "long digits": "9" * 100_000,
    "long spaces": " " * 100_000 + "枕",
    "long kanji numbers": "百" * 100_000,
    "brackets": "(" * 5_000 + ")" * 5_000,
    "stretched": "え" + "ー" * 100_000,
    "markup": "<script>alert(1)</script>",
    "surrogate": "枕\ud800",
    "mixed scripts": "مرحبا שלום привет สวัสดี",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_input_is_answered_quickly(understanding: Understanding, text: str) -> None:
    started = process_time()
    request, _ = understanding.understand(text, Talk(), NOW)
    assert request.action in ("refuse", "answer", "confirm", "clarify", "faq", "policy")
    assert process_time() - started < 0.2


@pytest.mark.parametrize("text", ["\u202e枕\u202cを捨てたい", "枕😀を\u200b捨て\x00たい", "枕\r\nを捨てたい", "ﾏｸﾗを捨てたい", "　枕　"])
def test_marks_and_signs_between_letters_do_not_hide_a_thing(conversation: Conversation, text: str) -> None:
    assert conversation.say(text).ids == ("S00417",)


def test_nothing_said_is_told_apart_from_something_unknown(conversation: Conversation) -> None:
    assert conversation.say("😀").guard == "nothing_said"
    assert conversation.say("麻雀卓を捨てたい").guard == ""


def test_a_question_stays_open_over_an_empty_turn(conversation: Conversation) -> None:
    conversation.say("ソファを捨てたい")
    conversation.say("")
    assert conversation.say("二人用").ids == ("S00077",)
