"""A telephone number that somebody gives is theirs, not a wish for ours."""

from __future__ import annotations

import pytest

from inclusion.understanding import Talk, Understanding
from inclusion.understanding.own_data import without_own_data

from .conftest import NOW

UNHEARD_OF = "せんぷうろんを捨てたい"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("机を捨てたい。電話は090-1234-5678", "机を捨てたい。"),
        ("机を捨てたい。電話は090-1234-5678です。", "机を捨てたい。"),
        ("机を捨てたいです、携帯は08012345678なので", "机を捨てたいです、"),
        ("机を捨てたい。03-1234-5678に折り返しください", "机を捨てたい。"),
        ("山田と申しますが、母の連絡先は03-1234-5678です。机は", "机は"),
        ("机を捨てたい。メールは hanako@example.jp です", "机を捨てたい。"),
        ("a desk please. my number is 090-1234-5678", "a desk please."),
        ("桌子。我的电话是090-1234-5678", "桌子。"),
        ("책상. 제 전화는 090-1234-5678입니다", "책상."),
    ],
)
def test_what_somebody_tells_of_themselves_is_left_out(said: str, left: str) -> None:
    assert without_own_data(said) == left


@pytest.mark.parametrize(
    "text",
    [
        "090-1234-5678から電話が来て、お金を払えと言われた",
        "03-6743-0603は何の番号ですか",
        "電話は03-6743-0603ですか",
        "電話は03-6743-0603でいいの",
        "電話番号は何番",
        "電話は1台です",
        "棚は高さ180です",
        "090-1234-5678",
    ],
)
def test_numbers_that_are_asked_about_and_a_text_of_nothing_else_stay(text: str) -> None:
    assert without_own_data(text) == text


@pytest.mark.parametrize("given", ["", "。電話は090-1234-5678", "。連絡先は03-1234-5678です", "。山田と申します。09012345678まで"])
def test_an_unknown_thing_stays_unknown_beside_a_number(understanding: Understanding, given: str) -> None:
    request, _ = understanding.understand(UNHEARD_OF + given, Talk(), NOW)
    assert (request.action, request.ids) == ("refuse", ("r.unknown",))


def test_a_wish_for_our_number_is_still_answered(understanding: Understanding) -> None:
    request, _ = understanding.understand("粗大ごみ受付センターの電話番号を教えて", Talk(), NOW)
    assert request.ids == ("f.apply_phone",)
