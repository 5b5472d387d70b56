"""Wishes in words no pattern knows are learnt; a thing or question of the same words stays one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from .conftest import Conversation

SAID = Path(__file__).with_name("wishes_said.csv")


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


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("声が大きすぎる", "s.softer"),
        ("耳は悪くないんだからどならないで", "s.softer"),
        ("声が小さくて聞こえないよ", "s.louder"),
        ("ゆっくりすぎて眠くなる", "s.faster"),
        ("話す速さを遅く", "s.slower"),
        ("字ぃでかすぎやわ、もうちょい小そうして", "s.smaller"),
        ("眼鏡を忘れちゃって ここの字が蟻みたいに小さくて", "s.larger"),
        ("簡単な言葉モードを解除", "s.easy_off"),
        ("声が出るようにして", "s.voice_on"),
        ("Don't read it aloud, I'm in a meeting", "s.voice_off"),
        ("Could you read it at a quicker pace?", "s.faster"),
        ("请慢慢讲", "s.slower"),
    ],
)
def test_of_two_opposites_the_one_that_helps_is_meant(conversation: Conversation, said: str, wanted: str) -> None:
    """Who complains of a loud voice says "loud", and was given a louder one."""
    assert conversation.say(said).ids == (wanted,)


@pytest.mark.parametrize("said", ["大きな音の出るラジオを捨てたい", "速い自転車を捨てたい", "スマホ教室はいくら", "字の小さい本は何ごみ"])
def test_things_and_questions_of_the_same_words_are_no_wishes(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).action not in ("settings", "lesson", "live")


def test_every_setting_is_understood_in_all_five_languages(conversation: Conversation) -> None:
    """Right off and behind an answer; every setting is said in each language at least once."""
    with SAID.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["wish"], row["language"]) for row in rows}) == 5 * len({row["wish"] for row in rows})
    missed = [(row["wish"], row["said"]) for row in rows if row["wish"] not in conversation.say(row["said"]).ids]
    assert missed == []


@pytest.mark.parametrize(
    "said",
    [
        "소리 없는 선풍기를 버리고 싶어요",
        "짧은 막대기를 버리고 싶어요",
        "한 번 더 신청하고 싶어요",
        "글씨가 작은 책은 어떻게 버려요?",
        "大声音的音响怎么扔？",
        "英语书怎么扔？",
        "How do I throw away a louder speaker?",
        "an English dictionary, where does it go?",
        "漢字ドリルは何ごみ",
        "시어머니 대신 신청하려는데 한국어로도 접수가 되나요",
    ],
)
def test_things_of_the_same_words_are_no_wishes_in_any_language(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).action != "settings"
