"""Things that a recogniser wrote with other signs are heard, and put as a question; what only resembles them is left alone."""

from __future__ import annotations

import pytest

from .conftest import Conversation

HEARD = {
    "先風気二台でいくらになりますか": ("S00246", 2),  # 扇風機
    "踏み代ひとつ処分したいです台所で乗るための": ("S00378", 1),  # 踏み台
    "服をかける半ガラック高さは150センチあります": ("S00362", 1),  # ハンガーラック
    "母の解雇ベッドを片付けるにはいくらかかりますか": ("S00116", 1),  # 介護ベッド
    "電子レジンの料金教えて": ("S00311", 1),  # two kana changed places
}


@pytest.mark.parametrize(("said", "meant"), HEARD.items())
def test_a_thing_written_by_its_sound_is_asked_about(conversation: Conversation, said: str, meant: tuple[str, int]) -> None:
    request = conversation.say(said)
    assert request.action == "confirm"
    assert [(item.id, item.pieces) for item in request.items] == [meant]


def test_a_rule_is_heard_where_nothing_else_was_understood(conversation: Conversation) -> None:
    request = conversation.say("消化器の期限が切れてて赤くて重いやつ捨てたいんですけど")
    assert (request.action, request.ids) == ("confirm", ("n.extinguisher",))


@pytest.mark.parametrize("said", ["証明書を捨てたい", "消化器の具合が悪い", "商標の捨て方", "人生いくら"])
def test_words_that_mean_something_else_are_not_taken_for_a_thing(conversation: Conversation, said: str) -> None:
    assert not conversation.say(said).items


@pytest.mark.parametrize(("said", "named"), [("介護ベッドはいくら", "S00116"), ("シングルベッドはいくら", "S00212")])
def test_a_thing_written_as_we_do_needs_no_question(conversation: Conversation, said: str, named: str) -> None:
    request = conversation.say(said)
    assert named in request.ids and request.action != "confirm"


@pytest.mark.parametrize(
    ("said", "things"),
    [
        ("sojiki wo sutetai", ["S00248"]),
        ("senpuki to sojiki, ryoho suteru to goukei wa", ["S00246", "S00248"]),
        ("soujiki wo sutetai", ["S00248"]),
    ],
)
def test_romaji_may_leave_out_long_vowels(conversation: Conversation, said: str, things: list[str]) -> None:
    assert [item.id for item in conversation.say(said).items] == things


def test_two_words_with_a_space_between_them_are_no_third_word(conversation: Conversation) -> None:
    assert conversation.say("やかん なにごみ").ids == ("b.kettle",)  # not かんな
    assert [item.id for item in conversation.say("長い いす を すてたい").items] == ["S00324"]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("そうじk 捨てる", ["S00248"]),
        ("ふとn 2まい", ["S00376"]),
        ("テーブr 90cm", ["S00288"]),
        ("テレビtvを捨てたい", []),
        ("ビタミンcを捨てたい", []),
    ],
)
def test_a_letter_left_by_the_keyboard_ends_a_word_of_ours(conversation: Conversation, said: str, named: list[str]) -> None:
    assert [item.id for item in conversation.say(said).items] == named


@pytest.mark.parametrize(("said", "target"), [("本だなを捨てたい", "hakomono"), ("本を捨てたい", "b.newspaper")])
def test_a_sign_that_begins_a_longer_word_is_no_word_of_its_own(conversation: Conversation, said: str, target: str) -> None:
    assert conversation.say(said).ids == (target,)


@pytest.mark.parametrize("said", ["父の介護用のベッド、もう要らなくて", "介護用ベッドを捨てたい"])
def test_a_use_may_be_joined_to_its_thing(conversation: Conversation, said: str) -> None:
    assert [item.id for item in conversation.say(said).items] == ["S00116"]
