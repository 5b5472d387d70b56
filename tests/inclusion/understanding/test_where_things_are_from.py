"""What comes out of a shop, an office or a society is a business's; what was only bought, given or told there is a household's."""

from __future__ import annotations

import pytest

from .conftest import Conversation


@pytest.mark.parametrize(
    "said",
    [
        "会社の椅子",
        "店の冷蔵庫",
        "事務所の机",
        "夫の会社の机",
        "事業所の机",
        "パン屋の棚",
        "レストランの椅子",
        "ホテルのベッド",
        "お寺の座布団",
        "町内会のテント",
        "店舗用の棚",
        "仕事で使っていた机",
        "廃業して冷蔵庫がいらない",
    ],
)
def test_things_of_a_place_of_business(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).ids == ("f.business",)


@pytest.mark.parametrize(
    "said",
    [
        "店の前の自転車",
        "会社を辞めたので机を捨てたい",
        "会社員の息子の机",
        "会社の帰りに椅子を出したい",
        "部屋の椅子",
        "小屋の棚",
        "店で買った椅子",
    ],
)
def test_things_of_a_household_that_tell_of_a_shop(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).ids != ("f.business",)


@pytest.mark.parametrize("said", ["会社のなんです", "店で使っていたものです", "事務所のです"])
def test_where_a_thing_is_from_may_be_told_afterwards(conversation: Conversation, said: str) -> None:
    conversation.say("椅子を捨てたい")
    assert conversation.say(said).ids == ("f.business",)


def test_a_home_told_afterwards_is_no_business(conversation: Conversation) -> None:
    conversation.say("椅子を捨てたい")
    assert conversation.say("家のです").ids != ("f.business",)
