"""Words that point at the last thing of the talk change it; the same words without one, and their neighbours, mean what they did."""

from __future__ import annotations

import pytest

from inclusion.understanding import Request

from .conftest import Conversation

CHAIR, FAN = "S00088", "S00246"


def _after(conversation: Conversation, *turns: str) -> Request:
    return [conversation.say(turn) for turn in turns][-1]


def _pieces(request: Request) -> dict[str, int]:
    return {item.id: item.pieces for item in request.items}


@pytest.mark.parametrize(
    "said",
    [
        "もう一つ", "もうひとつ", "もういっこ", "あと一個", "同じものをもう一つお願いします", "おんなじのもう一個", "もう一個あります",
        "one more", "再来一个", "하나 더",
    ],
)  # fmt: skip
def test_one_more_is_one_more_of_the_last_thing(conversation: Conversation, said: str) -> None:
    assert _pieces(_after(conversation, "椅子と扇風機", said)) == {CHAIR: 1, FAN: 2}


@pytest.mark.parametrize("said", ["もう一回言って", "もう一度", "もう一度お願い", "もう一つ教えて", "今のをもう一度"])
def test_who_wants_to_hear_it_again_gets_no_second_thing(conversation: Conversation, said: str) -> None:
    assert _after(conversation, "椅子と扇風機", said).ids == ("s.repeat",)
    assert {item.pieces for item in conversation.talk.basket} == {1}


def test_one_more_of_a_thing_whose_size_is_still_open_is_counted_when_it_is_known(conversation: Conversation) -> None:
    assert _after(conversation, "テーブルを捨てたい", "もう一つ").action == "clarify"
    assert _pieces(conversation.say("90センチです")) == {"S00288": 2}


@pytest.mark.parametrize(
    "said", ["それはいらない", "さっきの取り消して", "さっきのを取り消して", "やっぱりそれはやめる", "それ、やっぱりやめます", "今のはなし"]
)
def test_what_is_not_wanted_after_all_leaves_the_rest(conversation: Conversation, said: str) -> None:
    assert _pieces(_after(conversation, "椅子と扇風機", said)) == {CHAIR: 1}


def test_where_it_was_the_only_thing_everything_begins_anew(conversation: Conversation) -> None:
    assert _after(conversation, "椅子を捨てたい", "それはいらない").ids == ("s.start_over",)
    assert not conversation.talk.basket


@pytest.mark.parametrize("said", ["それはいらないから捨てたい", "申し込みを取り消したい", "それは取り消せますか"])
def test_a_reason_and_a_question_take_nothing_out(conversation: Conversation, said: str) -> None:
    _after(conversation, "椅子と扇風機", said)
    assert len(conversation.talk.basket) != 1


def test_without_a_thing_there_is_nothing_to_take_back(conversation: Conversation) -> None:
    """Controls: nothing was asked about, so nothing of ours changes."""
    assert conversation.say("さっきの取り消して").ids != ("s.start_over",)
    assert conversation.say("申し込みを取り消したい").ids == ("f.cancel",)


def test_what_it_costs_is_asked_of_the_things_held(conversation: Conversation) -> None:
    assert _after(conversation, "椅子と扇風機", "それはいくら").ids == (CHAIR, FAN)
    assert conversation.say("料金はどこで払うの").ids == ("f.pay",)


@pytest.mark.parametrize(
    "said",
    [
        "最初からやり直したい", "はじめに戻って", "全部なしにして", "一から聞き直したい", "リセットして", "白紙に戻して",
        "今までのはなかったことにして", "start over please", "重新开始吧", "처음부터 다시 할게요",
    ],
)  # fmt: skip
def test_starting_over_is_heard_with_and_without_things(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).ids == ("s.start_over",)
    assert _after(conversation, "椅子と扇風機", said).ids == ("s.start_over",)
    assert not conversation.talk.basket


@pytest.mark.parametrize("said", ["もう一度最初から説明して", "スマホをリセットしたい", "最初から入っているアプリを消したい"])
def test_an_explanation_from_the_start_and_a_telephone_keep_the_things(conversation: Conversation, said: str) -> None:
    assert "s.start_over" not in _after(conversation, "椅子と扇風機", said).ids


def test_within_the_steps_of_the_telephone_the_start_is_their_first(conversation: Conversation) -> None:
    steps = [conversation.say(said).step for said in ("写真の送り方", "次", "次", "はじめに戻って")]
    assert steps == [1, 2, 3, 1]


@pytest.mark.parametrize("said", ["キャンセルして", "やっぱり全部取り消して", "はじめから"])
def test_calling_all_of_it_off_needs_things(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).ids != ("s.start_over",)
    assert _after(conversation, "椅子と扇風機", said).ids == ("s.start_over",)
