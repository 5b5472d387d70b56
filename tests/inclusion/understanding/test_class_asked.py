"""A question for yes or no is answered with yes or no and the class by its name."""

from __future__ import annotations

import pytest

from accessibility import Preferences
from inclusion.turn import Memory, Turn, take_turn
from inclusion.understanding import Talk, Understanding
from inclusion.understanding.class_asked import class_asked, class_named
from inclusion.understanding.sentence import read

from .conftest import NOW


def turn(understanding: Understanding, said: str) -> Turn:
    return take_turn(said, Memory(preferences=Preferences()), understanding.town, understanding, NOW)


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("扇風機って粗大ごみ？", "はい、「扇風機」は粗大ごみです。"),
        ("布団は粗大ごみですか", "はい、「布団」は粗大ごみです。"),
        ("傘は粗大ごみになりますか", "いいえ、「傘」は粗大ごみではありません。"),
        ("傘は燃えないごみ？", "はい、「傘」は燃やさないごみです。"),
        ("段ボールって燃えるごみかな", "いいえ、「段ボール」は燃やすごみではありません。"),
        ("テレビって粗大ごみ？", "いいえ、「テレビ」は粗大ごみではありません。"),
    ],
)
def test_yes_or_no_comes_first(understanding: Understanding, said: str, first: str) -> None:
    assert turn(understanding, said).answer.headline.startswith(first)


def test_the_least_size_is_told_with_a_yes_to_bulky(understanding: Understanding) -> None:
    assert any("30cm" in line for line in turn(understanding, "扇風機って粗大ごみ？").answer.details)
    assert not any("30cm" in line for line in turn(understanding, "扇風機を捨てたい").answer.details)


def test_a_small_one_of_a_bulky_thing_is_not_denied_to_burn(understanding: Understanding) -> None:
    answer = turn(understanding, "ぬいぐるみは燃えるごみでいいの").answer
    assert answer.headline.startswith("いいえ、「ぬいぐるみ」は粗大ごみです。") and any("30cm" in line for line in answer.details)


def test_what_nobody_has_confirmed_is_neither_yes_nor_no(understanding: Understanding) -> None:
    assert not turn(understanding, "まな板って燃えるごみ？").answer.headline.startswith(("はい", "いいえ"))


def test_a_fee_is_no_question_for_yes_or_no(understanding: Understanding) -> None:
    """Control: the same thing without the question keeps its first line."""
    answer = turn(understanding, "扇風機を捨てたい").answer
    assert answer.headline.startswith("「扇風機」の手数料は")


@pytest.mark.parametrize(
    ("said", "kind"),
    [("これは粗大？", "bulky"), ("鍋は不燃ごみですか", "nonburnable"), ("紙は資源になりますか", "resource"), ("粗大ごみを出したい", "")],
)
def test_the_class_that_is_asked_about(understanding: Understanding, said: str, kind: str) -> None:
    assert class_asked(read(said, understanding.readings)) == kind


def test_the_towns_own_words_for_classes() -> None:
    assert [class_named(word) for word in ("燃やさないごみ", "燃やすごみ", "粗大ごみ", "資源", "拠点回収")] == [
        "nonburnable", "burnable", "bulky", "resource", "",
    ]  # fmt: skip


def test_the_question_is_answered_outright(understanding: Understanding) -> None:
    """It was asked back as 「扇風機」のことでよろしいですか."""
    assert understanding.understand("扇風機って粗大ごみ？", Talk(), NOW)[0].action == "answer"
