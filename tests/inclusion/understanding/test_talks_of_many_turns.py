"""Everyday talks of several turns: short names, parts of a count, short questions, and who only says that a question will come."""

from __future__ import annotations

import pytest

from inclusion.understanding import Request

from .conftest import Conversation

CHAIR, FLOOR_CHAIR, POLE, STAND = "S00088", "S00193", "S00429", "S00430"


def _after(conversation: Conversation, *turns: str) -> Request:
    return [conversation.say(turn) for turn in turns][-1]


def _pieces(request: Request) -> dict[str, int]:
    return {item.id: item.pieces for item in request.items}


@pytest.mark.parametrize(
    ("turns", "pieces"),
    [
        (("物干し竿3本と物干し台", "台は1つ"), {POLE: 3, STAND: 1}),
        (("物干し竿3本と物干し台", "竿は2本だった"), {POLE: 2, STAND: 1}),
        (("椅子を2脚", "1脚は座椅子なの"), {CHAIR: 1, FLOOR_CHAIR: 1}),
        (("椅子を2脚", "1脚は壊れています"), {}),
        (("椅子4つと扇風機", "椅子は2つです"), {CHAIR: 2, "S00246": 1}),
        (("掃除機、じゃなくて扇風機",), {"S00246": 1}),
        (("炊飯器", "あと電子レンジ", "全部で"), {"S00216": 1, "S00311": 1}),
    ],
)
def test_the_things_held_follow_what_is_said_of_them(conversation: Conversation, turns: tuple[str, ...], pieces: dict[str, int]) -> None:
    assert _pieces(_after(conversation, *turns)) == pieces


def test_a_stand_alone_is_any_stand(conversation: Conversation) -> None:
    """Control: the short name is a thing of its own where no longer one is held."""
    assert _after(conversation, "扇風機", "台は1つ").ids != ("S00246", STAND)


def test_a_thing_held_is_named_while_another_is_asked_about(conversation: Conversation) -> None:
    asked = _after(conversation, "たんすと椅子", "椅子を3つ")
    assert (asked.action, _pieces(asked)) == ("clarify", {CHAIR: 3})


@pytest.mark.parametrize(
    ("turns", "faq"),
    [
        (("住民票を取りたい", "何時まで"), "f.office_hours"),
        (("住民票を取りたい", "何時まで", "土曜日は"), "f.office_hours"),
        (("スマホ教室に行きたい", "いつあるの"), "f.sp_when"),
        (("スマホ教室に行きたい", "お金はいくら"), "f.sp_fee"),
    ],
)
def test_a_short_question_is_about_what_was_spoken_of(conversation: Conversation, turns: tuple[str, ...], faq: str) -> None:
    assert _after(conversation, *turns).ids == (faq,)


def test_the_same_short_question_first_or_of_a_thing_is_not(conversation: Conversation) -> None:
    """Controls."""
    assert conversation.say("何時まで").ids != ("f.office_hours",)
    assert _after(conversation, "椅子を2脚", "お金はいくら").ids != ("f.sp_fee",)


@pytest.mark.parametrize(("thing", "ids"), [("毛布を捨てるのはいくら", ("S00427",)), ("傘が5本あるんだけど", ("b.kasa",))])
def test_which_waste_it_is_may_be_asked_of_the_last_thing(conversation: Conversation, thing: str, ids: tuple[str, ...]) -> None:
    conversation.say(thing)
    assert conversation.say("燃えるごみで出せる？").ids == ids == conversation.say("何ごみ").ids


def test_without_a_thing_the_kinds_of_waste_are_a_question_of_their_own(conversation: Conversation) -> None:
    assert conversation.say("燃えるごみの日").ids == ("f.normal_sched",)
    assert _after(conversation, "毛布", "燃えるごみの日はいつ").ids == ("f.normal_sched",)


@pytest.mark.parametrize(
    "said",
    [
        "すみません、ちょっとお聞きしたいんですが",
        "もう一つ聞きたいことがあるの",
        "質問があります",
        "聞いてもいいですか",
        "I have a question",
    ],
)
def test_who_only_says_that_a_question_will_come_is_told_to_go_on(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).guard == "go_on"
    conversation.say("椅子を2脚")
    assert conversation.say(said).guard == "go_on" and [item.id for item in conversation.talk.basket] == [CHAIR]


@pytest.mark.parametrize("said", ["住民票のことを聞きたい", "もう一度聞きたい", "話を聞いてほしい"])
def test_a_question_or_a_wish_is_not_only_announced(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).guard != "go_on"
