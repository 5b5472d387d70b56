"""Yes and no, as people say them twice over, are answers to our question and nothing else."""

from __future__ import annotations

import pytest

from .conftest import Conversation


@pytest.mark.parametrize(
    "yes", ["うん、それ", "ええ、そうです", "はいはい、そうですよ", "そうそう、それで合ってます", "はい、それでお願いします"]
)
def test_a_yes_said_twice_confirms(conversation: Conversation, yes: str) -> None:
    assert conversation.say("走時期を捨てたい").action == "confirm"
    assert conversation.say(yes).ids == ("S00248",)


def test_the_same_words_with_nothing_asked_are_chat(conversation: Conversation) -> None:
    assert conversation.say("ええ、そうです").ids == ("r.chitchat",)


@pytest.mark.parametrize("no", ["違います", "いいえ", "ちがうちがう", "そうじゃないの", "それじゃないんだけど"])
def test_no_to_an_answer_is_heard_and_nothing_that_sounds_like_it_is_offered(conversation: Conversation, no: str) -> None:
    conversation.say("掃除機を捨てたい")
    refused = conversation.say(no)
    assert (refused.guard, refused.suggestions) == ("not_that", ())


def test_after_that_no_the_count_may_still_be_put_right(conversation: Conversation) -> None:
    conversation.say("椅子3脚")
    conversation.say("違います")
    assert [(item.id, item.pieces) for item in conversation.say("4脚です").items] == [("S00088", 4)]
