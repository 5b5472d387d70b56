"""Numbers as residents say them: old measures, dozens, sheets of 畳, and numbers that are no size at all."""

from __future__ import annotations

import pytest

from inclusion.understanding import Request
from inclusion.understanding.measures import measures
from inclusion.understanding.normalising import normalise

from .conftest import Conversation


def units(request: Request) -> dict[str, int]:
    return {item.id: item.units for item in request.items}


@pytest.mark.parametrize("aside", ["2階にあるの", "20年前に買ったのよ", "3日前に壊れた", "猫が2匹いるの", "5000円で買ったの", "2"])
def test_a_number_that_counts_something_else_is_no_size(conversation: Conversation, aside: str) -> None:
    conversation.say("テーブルを捨てたい")
    assert conversation.say(aside).action != "answer"


@pytest.mark.parametrize(
    ("thing", "size", "item"),
    [
        ("テーブル", "120ぐらいかな", "S00289"),
        ("本棚", "1.8と0.9", "S00347"),
        ("本棚", "180、90です", "S00347"),
        ("自転車", "26", "S00072"),
    ],
)
def test_a_bare_size_still_answers_the_question(conversation: Conversation, thing: str, size: str, item: str) -> None:
    conversation.say(f"{thing}を捨てたい")
    assert conversation.say(size).ids == (item,)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("高さ六尺の本棚", "高さ182cmの本棚"),
        ("五尺八寸", "176cm"),
        ("幅一間半のたんす", "幅273cmのたんす"),
        ("椅子参脚と布団弐枚", "椅子3脚と布団2枚"),
        ("2ダースの椅子", "24個椅子"),
        ("a dozen chairs", "12 chairs"),
        ("教室に参加したい", "教室に参加したい"),
        ("三週間", "3週間"),
    ],
)
def test_old_measures_formal_numbers_and_dozens_are_read(said: str, read: str) -> None:
    assert normalise(said) == read


def test_feet_and_korean_sides_are_lengths_and_inches_of_a_side_are_no_centimetres() -> None:
    assert [(m.slot, m.amount) for m in measures("높이 180 너비 90")] == [("height_cm", 180.0), ("width_cm", 90.0)]
    assert [(m.slot, m.amount) for m in measures("高さ6フィート")] == [("height_cm", 182.9)]
    assert [m.slot for m in measures("高さ70いんち")] == ["inch"]


def test_a_room_of_tatami_is_as_many_sheets(conversation: Conversation) -> None:
    assert units(conversation.say("畳を四畳半捨てたい")) == {"S00263": 4, "S00265": 1}
    assert units(conversation.say("半畳の畳2枚と一畳の畳4枚")) == {"S00265": 2, "S00263": 4}


def test_so_is_the_answer_to_our_question(conversation: Conversation) -> None:
    conversation.say("畳を捨てたい")
    assert units(conversation.say("6畳です")) == {"S00263": 6}
    assert units(conversation.say("六畳のじゅうたん")) == {"S00199": 1}


def test_two_of_which_each_has_its_size_are_no_guess_between_two_numbers(conversation: Conversation) -> None:
    each = conversation.say("本棚2つ、1つは高さ180幅90、もう1つは高さ90幅60")
    assert units(each) == {"S00347": 1, "S00346": 1}
    assert conversation.say("椅子を2つ、3つ").guard == "how_many"


def test_several_sizes_and_a_kind_are_said_of_both(conversation: Conversation) -> None:
    assert units(conversation.say("本棚とたんす、どっちも高さ180幅90")) == {"S00347": 2}
    assert units(conversation.say("マットレスとベッド、どっちもダブル")) == {"S00394": 1, "S00271": 1}
    assert units(conversation.say("シングルベッドとマットレス、それぞれ2台")) == {"S00212": 2, "S00076": 2}


def test_as_large_as_a_mat_is_a_size(conversation: Conversation) -> None:
    conversation.say("テーブルを捨てたい")
    assert conversation.say("畳一枚分くらい").ids == ("S00290",)
