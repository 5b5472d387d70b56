"""Dangers come first, and words of everyday waste are not dangers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accessibility import Readings
from inclusion.municipalities import Town
from inclusion.understanding.guarding import Guard
from inclusion.understanding.sentence import read

from .conftest import Conversation

REFUSED = {
    "r.emergency": [
        "台所から煙がもくもく出てる",
        "ガスの臭いがします",
        "父が倒れて返事をしません",
        "もう生きていたくない",
        "のどに餅が詰まった",
        "胸が苦しい",
        "救急車呼んで",
        "不審者が家に入ってきた",
    ],
    "r.fraud": [
        "市役所の人から還付金があると電話が来た",
        "キャッシュカードを取りに来ると言われた",
        "これって詐欺ですか",
        "暗証番号を教えてと言われました",
        "ワンクリック詐欺に遭った",
        "だまされないための教室だと言われてお金を払った",
    ],
    "r.medical": ["熱が38度あります", "この薬は飲んでもいいですか", "いい病院を教えて"],
    "r.legal": ["離婚したいんです", "弁護士に相談したい", "借金が返せない"],
    "r.other_city": ["横浜の粗大ごみの出し方", "新宿区に住んでいます、いくらですか", "さいたま市のシール"],
    "r.operator": ["人と話したい", "担当者に代わって", "オペレーターお願い"],
    "r.chitchat": ["おはようございます", "ありがとうね", "あなたの名前は"],
    "r.other": ["明日の天気は", "嫁を捨てたい", "うちの犬を処分したい", "宝くじの買い方", "巨人は勝った？"],
    "r.personal": ["私の年金はいくら", "給付金がまだ振り込まれない", "隣の奥さんの電話番号を教えて"],
}
ALLOWED = [
    "ガス給湯器を捨てたい",
    "ガスコンロの処分",
    "消火器が爆発しそうで捨てたい",
    "火事で焼けた家具の手数料",
    "燃えるごみの日",
    "火災警報器の捨て方",
    "スプレー缶は穴をあけますか",
    "腰が痛くて運び出せません",
    "注射針の捨て方",
    "車椅子を捨てたい",
    "犬小屋を捨てたい",
    "猫が死んでしまいました",
    "前の区のシールが使えますか",
    "港区から引っ越してきました、転入届は",
    "千代田区の料金",
    "神田神保町は何曜日",
    "人形を捨てたい",
    "電池を抜かないと発火しますか",
    "雨の日でも来ますか",
    "現金を当日渡してもいいですか",
    "自転車はサドルを外しますか",
    "だまされないための練習",
    "だまされないための練習に申し込みたい",
]


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, texts in REFUSED.items() for text in texts])
def test_what_a_machine_must_not_answer_is_refused_for_its_reason(conversation: Conversation, reason: str, text: str) -> None:
    request = conversation.say(text)
    assert (request.action, request.ids) == ("refuse", (reason,))


@pytest.mark.parametrize("text", ALLOWED)
def test_everyday_wordings_of_waste_are_let_through(town: Town, readings: Readings, text: str) -> None:
    assert Guard(town).refusal(read(text, readings)) is None


def test_self_harm_has_its_own_warm_text(conversation: Conversation, town: Town) -> None:
    request = conversation.say("消えてしまいたい")
    rule = next(rule for rule in town.guard if rule.name == request.guard)
    assert request.guard == "self_harm" and "yorisoi" in rule.contacts


def test_without_its_rules_the_guard_lets_an_emergency_through(town: Town, readings: Readings) -> None:
    bare = replace(town, guard=())
    assert Guard(bare).refusal(read("父が倒れて返事をしません", readings)) is None


def test_every_rule_speaks_in_complete_words(town: Town) -> None:
    assert len({rule.name for rule in town.guard}) == len(town.guard)
    for rule in town.guard:
        assert rule.headline.endswith("。") and rule.details
