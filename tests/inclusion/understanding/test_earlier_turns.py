"""What earlier turns were about: それ, all together, and what is only where another thing stands."""

from __future__ import annotations

import pytest

from inclusion.understanding import Talk

from .conftest import NOW, Conversation


def counts(request: object) -> dict[str, int]:
    return {item.id: item.units for item in request.items}  # type: ignore[attr-defined]  # a Request


@pytest.mark.parametrize("asked", ["合わせるといくら？", "全部でいくらですか", "両方だとなんぼ", "合計は？"])
def test_two_things_asked_about_one_after_another_are_added_when_asked(conversation: Conversation, asked: str) -> None:
    conversation.say("椅子2脚を捨てたい")
    conversation.say("座椅子1つ捨てたい")
    assert counts(conversation.say(asked)) == {"S00088": 2, "S00193": 1}


def test_what_was_replaced_is_not_added(conversation: Conversation) -> None:
    conversation.say("扇風機を捨てたい")
    conversation.say("じゃあ掃除機は？")
    assert counts(conversation.say("合計は？")) == {"S00248": 1}


def test_the_sum_is_forgotten_with_the_talk(conversation: Conversation) -> None:
    conversation.say("椅子2脚を捨てたい")
    conversation.say("座椅子1つ捨てたい")
    assert Talk.from_dict(conversation.talk.as_dict()) == conversation.talk
    conversation.say("やっぱりやめます")
    assert conversation.talk.earlier == ()


def test_it_is_the_last_thing(conversation: Conversation) -> None:
    """Control: without an earlier turn それ points at nothing."""
    conversation.say("テレビを捨てたい")
    assert (
        conversation.say("それを置いてた台は？幅は90cm").ids == conversation.understanding.understand("テレビ台 幅90cm", Talk(), NOW)[0].ids
    )


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("柱にかけてぼーんぼーんって鳴る時計", ("S00317",)),
        ("ガスコンロはいりません。ガスオーブンだけ", ("S00124",)),
    ],
)
def test_only_what_is_meant(conversation: Conversation, said: str, ids: tuple[str, ...]) -> None:
    assert conversation.say(said).ids == ids
