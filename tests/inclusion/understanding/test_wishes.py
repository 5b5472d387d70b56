"""Wishes in words no pattern knows are learnt; a thing or question of the same words stays one."""

from __future__ import annotations

import pytest

from .conftest import Conversation


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("年寄りには字がちっこすぎるわ、でかくしておくれ", "s.larger"),
        ("話がくどいよ、要点だけにして", "s.shorter"),
        ("やさしい ことばで はなして ください", "s.easy"),
        ("耳が遠くてね、もっと大きな音で", "s.louder"),
        ("글자를 더 크게 보여 주세요", "s.larger"),
        ("请你说慢一点好吗", "s.slower"),
        ("スマホの講習にわたしも入れて", "l.signup"),
        ("家にいながら神輿の中継を眺めたい", "v.watch"),
    ],
)
def test_wishes_in_new_words(conversation: Conversation, said: str, wanted: str) -> None:
    assert wanted in conversation.say(said).ids


@pytest.mark.parametrize("said", ["大きな音の出るラジオを捨てたい", "速い自転車を捨てたい", "スマホ教室はいくら", "字の小さい本は何ごみ"])
def test_things_and_questions_of_the_same_words_are_no_wishes(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).action not in ("settings", "lesson", "live")
