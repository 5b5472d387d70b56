"""How many there are comes from what was said, or is asked for."""

from __future__ import annotations

import pytest

from inclusion.understanding.languages import language_of

from .conftest import Conversation

COUNTED = {
    "椅子13脚": {"S00088": 13},
    "椅子二十三脚": {"S00088": 23},
    "スツール33脚": {"S00088": 33},
    "椅子が2脚、いや3脚": {"S00088": 3},
    "椅子2脚と三脚1本": {"S00088": 2, "S00196": 1},
    "三脚を捨てたい": {"S00196": 1},
    "ソファ 2人掛け2つと1人掛け1つ": {"S00077": 2, "S00251": 1},
    "自転車 26インチ2台と12インチ1台": {"S00072": 2, "S00200": 1},
    "テーブル 90cmが2つ、120cmが1つ": {"S00288": 2, "S00289": 1},
    "テーブル 台数2 幅120": {"S00289": 2},
    "衣装ケース10個": {"S00383": 10},
    "sofa for two?": {"S00077": 1},
    "枕をねえーとみっつ出したいの": {"S00417": 3},
    "寝袋ふたつ手放す": {"S00333": 2},
    "枕ふたつ目": {"S00417": 1},
    "姿見ってえーと立てかける鏡なんですけど": {"S00118": 1},
    "姿見と鏡": {"S00118": 2},
}
UNKNOWN = ["椅子0脚", "椅子を-3脚", "椅子1.5脚", "椅子2〜3脚", "毛布3枚か4枚", "椅子9999999脚", "椅子数脚", "椅子二、三脚", "座布団0枚"]


@pytest.mark.parametrize(("text", "pieces"), COUNTED.items())
def test_each_kind_has_the_count_that_was_said(conversation: Conversation, text: str, pieces: dict[str, int]) -> None:
    assert {item.id: item.pieces for item in conversation.say(text).items} == pieces


@pytest.mark.parametrize("later", ["言い忘れた、全部で3台", "合計3台", "すまん、よく見たら全部で3台あった", "3台でした"])
def test_a_count_may_come_later_by_itself(conversation: Conversation, later: str) -> None:
    conversation.say("扇風機を出したい")
    assert [(item.id, item.pieces) for item in conversation.say(later).items] == [("S00246", 3)]


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_number_nobody_can_mean_is_asked_for(conversation: Conversation, text: str) -> None:
    request = conversation.say(text)
    assert (request.guard, request.items) == ("how_many", ())


@pytest.mark.parametrize("text", ["椅子2脚", "椅子百二十脚", "学習机一台", "布団処分料金", "住民票申請"])
def test_kanji_that_are_also_japanese_are_japanese(text: str) -> None:
    assert language_of(text) == "ja"


@pytest.mark.parametrize("text", ["我想扔椅子", "椅子多少钱", "两把椅子", "沙发多少钱", "冰箱和椅子要扔"])
def test_words_only_chinese_has_are_chinese(text: str) -> None:
    assert language_of(text) == "zh"
