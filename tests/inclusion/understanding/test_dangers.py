"""Families of danger are met in any wording, before anything is priced; the same words about waste stay answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accessibility import Readings
from inclusion.municipalities import Town
from inclusion.understanding.guarding import Guard
from inclusion.understanding.sentence import read

from .conftest import Conversation

EMERGENCIES = {
    "swallowed": [
        "孫がボタン電池を飲んじゃった",
        "姑が漂白剤をコップで飲みました",
        "my child swallowed a battery",
        "薬をたくさん飲んでしまった",
    ],
    "burning_thing": [
        "リチウム電池から火が出た",
        "天ぷら油に火がついた",
        "こたつから焦げた臭い",
        "コンセントから火花",
        "I smell gas",
        "电池起火了",
    ],
    "hurt_or_pinned": [
        "タンスが倒れてきて足を挟まれた",
        "冷蔵庫が倒れてきて父が下敷き",
        "呼びかけても反応しない",
        "息をしていない",
        "ベッドと壁の間に挟まって抜け出せない",
        "包丁で手を切った、血がすごい",
        "ストーブ 火事",
        "help my husband collapsed",
        "爷爷没有呼吸",
    ],
    "intruder_or_threat": ["誰かが家に入ってきた", "ベランダに不審な人がいます", "someone broke into my house", "殺してやると言われた"],
}
FRAUDS = {
    "money_demanded": ["コンビニで電子マネーを買ってと言われました", "キャッシュカードを預かると言われた", "未払い料金の請求メール"],
    "impersonation": [
        "息子から会社の金をなくしたと電話",
        "国税庁からメールが来た",
        "警察から口座が犯罪に使われてると電話が",
        "有人自称公安要银行卡",
    ],
    "pushy_trader": ["訪問買取が帰ってくれない", "屋根が壊れていると言われて契約", "一億円当選のメールが来ました"],
}
HARMLESS = [
    "ストーブ",
    "しびん",
    "線香花火",
    "ストーブを捨てたい",
    "ボタン電池を捨てたい",
    "洗剤の空き容器の捨て方",
    "火鉢を捨てたい",
    "火が出た電子レンジを処分したい",
    "焦げた鍋を捨てたい",
    "下敷きを捨てたい",
    "足を挟む健康器具",
    "けがをして運べないので取りに来てほしい",
    "本棚が倒れないための器具を捨てたい",
    "誰か家にいないといけませんか",
    "コンビニで電子マネーは使えますか",
    "カードで手数料を払えますか",
    "区役所から電話は来ますか",
    "処理券を買ってと言われました",
    "スマホ教室の抽選に当選しましたか",
    "息子が使っていた机を捨てたい",
    "受け付けられたか心配",
    "足をけがしたときの杖",
    "会社から机を捨てるように言われた",
    "息子から電話でテレビを捨てたいと頼まれた",
    "誰かに運んでもらえますか",
]


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in EMERGENCIES.items() for text in texts])
def test_an_emergency_is_met_before_the_thing_in_it(conversation: Conversation, rule: str, text: str) -> None:
    request = conversation.say(text)
    assert (request.ids, request.items) == (("r.emergency",), ()), rule


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FRAUDS.items() for text in texts])
def test_a_fraud_is_met_before_the_question_in_it(conversation: Conversation, rule: str, text: str) -> None:
    assert conversation.say(text).ids == ("r.fraud",), rule


@pytest.mark.parametrize("text", HARMLESS)
def test_the_same_words_about_waste_are_no_danger(town: Town, readings: Readings, text: str) -> None:
    assert Guard(town).refusal(read(text, readings)) is None


@pytest.mark.parametrize("name", [*EMERGENCIES, *FRAUDS])
def test_without_its_rule_a_danger_is_missed(town: Town, readings: Readings, name: str) -> None:
    text = {**EMERGENCIES, **FRAUDS}[name][0]
    bare = replace(town, guard=tuple(rule for rule in town.guard if rule.name != name))
    assert Guard(bare).refusal(read(text, readings)) is None


def test_the_numbers_said_in_danger_are_the_towns_own(town: Town) -> None:
    for rule in town.guard:
        assert all(contact in town.contacts for contact in rule.contacts), rule.name


def test_a_dead_persons_things_are_things(conversation: Conversation) -> None:
    assert conversation.say("死んだ父のベッド").ids == ("bed",)


def test_a_dead_animal_is_still_one(conversation: Conversation) -> None:
    assert conversation.say("道で猫が死んでいます").ids == ("f.cat_dead",)


@pytest.mark.parametrize(
    "text",
    [
        "kaji desu",
        "kaji da",
        "haha ga taoremashita",
        "moeteru",
        "もえてる",
        "かじ です",
        "かさい です",
        "けいさつ を よんで",
        "furikomi sagi kamo",
    ],
)
def test_a_danger_in_romaji_or_with_spaces_between_its_words_is_met(conversation: Conversation, text: str) -> None:
    assert conversation.say(text).ids[0] in ("r.emergency", "r.fraud")


@pytest.mark.parametrize("text", ["moeru gomi wa itsu desu ka", "もえない ごみは いつ ですか", "isu wo futatsu sutetai", "かぎ です"])
def test_spaces_make_no_danger_of_other_words(conversation: Conversation, text: str) -> None:
    assert conversation.say(text).ids[0] not in ("r.emergency", "r.fraud")
