"""Things told by what they are used for: found in words no list holds, always put as a question, and never where something is named."""

from __future__ import annotations

import pytest

from inclusion.understanding.uses import _uses

from .conftest import Conversation


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("お米を炊く機械なんだけど", "S00216"),
        ("傘を何本も立てておくもの", "S00122"),
        ("布団をふかふかにしてくれる機械", "S00377"),
        ("部屋で走る機械", "S00439"),
        ("お魚を釣る竿", "S00286"),
        ("車に子供を座らせるやつ", "S00276"),
    ],
)
def test_a_thing_told_by_its_use_is_put_as_a_question(conversation: Conversation, said: str, target: str) -> None:
    request = conversation.say(said)
    assert (request.action, request.ids) == ("confirm", (target,))


def test_one_with_size_classes_is_asked_about(conversation: Conversation) -> None:
    assert conversation.say("猫が登るやつ").ids == ("cattower",)


@pytest.mark.parametrize(("said", "target"), [("傘を捨てたい", "b.kasa"), ("本を束ねて出したい", "b.newspaper"), ("掃除機と本", "S00248")])
def test_what_is_named_itself_is_not_read_as_a_use(conversation: Conversation, said: str, target: str) -> None:
    assert target in conversation.say(said).ids


def test_every_thing_of_the_table_is_a_word_of_the_town(conversation: Conversation) -> None:
    assert [thing for thing, _ in _uses() if thing not in conversation.understanding.lexicon.entries] == []
