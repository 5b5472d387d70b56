"""What stands beside a thing and is none we know is named, and what is borrowed, bought or asked for is not thrown away."""

from __future__ import annotations

import pytest

from .conftest import Conversation


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("椅子と綿菓子機", "綿菓子機"),
        ("掃除機とホゲラッチョ", "ホゲラッチョ"),
        ("扇風機も操持機も", "操持機"),
        ("布団2枚とタオルケット", "タオルケット"),
    ],
)
def test_a_thing_we_do_not_know_is_never_left_out_of_a_sum_in_silence(conversation: Conversation, words: str, unknown: str) -> None:
    request = conversation.say(words)
    assert (request.action, request.unknown) == ("confirm", (unknown,))


@pytest.mark.parametrize(
    "words", ["椅子と料金", "扇風機とか掃除機とか", "椅子と一緒に捨てたい", "天体望遠鏡と扇風機", "椅子を娘と運びます", "机と椅子のセット"]
)
def test_words_that_are_no_things_are_not_called_unknown(conversation: Conversation, words: str) -> None:
    assert conversation.say(words).unknown == ()


@pytest.mark.parametrize(
    "words",
    ["防災ラジオはもらえる？", "シュレッダーを使わせてもらえますか", "ベビーカーを貸してもらえる？", "仏壇の拝み方", "布団の畳み方"],
)
def test_who_wants_to_have_borrow_or_use_a_thing_gets_no_fee_and_no_certain_answer(conversation: Conversation, words: str) -> None:
    request = conversation.say(words)
    assert request.action in ("refuse", "confirm")
    assert not request.items


@pytest.mark.parametrize(
    "words", ["もらったラジオを捨てたい", "掃除機は借り物だけど捨てたい", "布団の出し方", "扇風機を引き取ってもらえますか"]
)
def test_who_was_given_it_and_throws_it_away_is_told_the_fee(conversation: Conversation, words: str) -> None:
    assert conversation.say(words).items


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("消火器の期限が切れた", ("n.extinguisher",)),
        ("スマホ教室、キャンセル待ちしたい", ("l.signup",)),
        ("スマホ教室をキャンセルしたい", ("f.sp_cancel",)),
        ("我想丟床墊", ("mattress",)),
    ],
)
def test_a_state_of_a_thing_a_queue_and_a_mattress_in_traditional_signs_are_what_they_are(
    conversation: Conversation, words: str, ids: tuple[str, ...]
) -> None:
    assert conversation.say(words).ids == ids
