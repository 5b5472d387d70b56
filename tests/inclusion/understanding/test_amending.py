"""The basket changes as people say it does."""

from __future__ import annotations

import pytest

from inclusion.understanding import Request

from .conftest import Conversation

CHANGES = {
    ("椅子2脚とテーブル1つ", "90センチです", "やっぱり椅子は3脚"): {"S00088": 3, "S00288": 1},
    ("椅子2脚と扇風機1台", "扇風機はいらない"): {"S00088": 2},
    ("椅子を三つとテーブルを一つ", "丸いテーブル", "直径80センチ"): {"S00088": 3, "S00288": 1},
    ("扇風機と電子レンジ", "電子レンジはなし", "いくら"): {"S00246": 1},
    ("椅子2脚とテーブル1つ", "テーブルはやめます"): {"S00088": 2},
    ("布団3枚", "もう2枚増えた"): {"S00376": 5},
    ("布団3枚", "1枚減った"): {"S00376": 2},
    ("扇風機", "あと2台"): {"S00246": 3},
    ("扇風機2台", "1台だけにする"): {"S00246": 1},
    ("扇風機", "同じものをもう一つ"): {"S00246": 2},
    ("ソファ2人掛け", "もう一つ1人用も"): {"S00077": 1, "S00251": 1},
    ("扇風機と炊飯器と布団", "炊飯器と布団はいりません"): {"S00246": 1},
    ("自転車2台", "26インチ", "1台は12インチ"): {"S00072": 1, "S00200": 1},
    ("枕2個と毛布1枚", "枕は1個でした"): {"S00417": 1, "S00427": 1},
    ("椅子2脚", "椅子もう1脚"): {"S00088": 3},
}


def _after(conversation: Conversation, turns: tuple[str, ...]) -> Request:
    return [conversation.say(turn) for turn in turns][-1]


@pytest.mark.parametrize(("turns", "pieces"), CHANGES.items())
def test_the_basket_follows_what_is_said(conversation: Conversation, turns: tuple[str, ...], pieces: dict[str, int]) -> None:
    assert {item.id: item.pieces for item in _after(conversation, turns).items} == pieces


@pytest.mark.parametrize("word", ["やっぱりやめた", "取り消し", "キャンセル", "最初からやり直し"])
def test_calling_it_off_empties_the_basket(conversation: Conversation, word: str) -> None:
    assert _after(conversation, ("布団3枚", word)).ids == ("s.start_over",)
    assert not conversation.talk.basket


def test_a_thing_not_wanted_any_more_is_thrown_away_when_no_basket_holds_it(conversation: Conversation) -> None:
    assert conversation.say("扇風機はいらない").ids == ("S00246",)


@pytest.mark.parametrize("words", ["やっぱり扇風機はいい", "扇風機はいいわ", "やっぱり扇風機はもういいや"])
def test_no_thank_you_takes_the_thing_out_and_it_can_come_back(conversation: Conversation, words: str) -> None:
    conversation.say("椅子3脚と扇風機")
    assert conversation.say(words).ids == ("S00088",)
    assert conversation.say("やっぱり扇風機も").ids == ("S00088", "S00246")


def test_is_it_all_right_takes_nothing_out(conversation: Conversation) -> None:
    conversation.say("椅子3脚と扇風機")
    assert "S00246" in conversation.say("扇風機はいい？").ids


@pytest.mark.parametrize("words", ["やっぱ、やめた", "じゃあやめとく", "ごめん、今回はやめます"])
def test_a_change_of_mind_empties_the_talk(conversation: Conversation, words: str) -> None:
    conversation.say("椅子3脚")
    assert conversation.say(words).ids == ("s.start_over",)


def test_a_corrected_size_is_not_called_by_the_old_one(conversation: Conversation) -> None:
    assert conversation.say("二人用ソファ").items[0].said == "2人用ソファ"
    smaller = conversation.say("やっぱり一人用だったわ")
    assert [(item.id, item.said) for item in smaller.items] == [("S00251", "")]
