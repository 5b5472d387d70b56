"""Hard words that must stay are explained in easy Japanese, and only there."""

from __future__ import annotations

import pytest

from accessibility import Answer, Preferences, render
from accessibility.answer import Action
from accessibility.glosses import MOST, explained, glosses
from accessibility.plain_japanese import findings

EASY = Preferences(easy=True)


def lines(action: Action, preferences: Preferences) -> str:
    return "\n".join(render(Answer(action, "住民票は 窓口で もらって ください。", ()), preferences).lines)


def test_words_are_explained_behind_the_answer_in_the_order_they_are_met() -> None:
    assert explained(["住民票は 窓口で もらって ください。"]) == [
        "「住民票」は、あなたの 名前と 住んで いる 所を 書いた 紙です。",
        "「窓口」は、役所で 話を 聞く 所です。",
    ]


def test_a_longer_word_is_not_explained_by_its_part() -> None:
    assert [line.split("」")[0] for line in explained(["有料粗大ごみ処理券を 買って ください。"])] == ["「有料粗大ごみ処理券"]


def test_what_is_explained_already_and_what_is_easy_gets_nothing() -> None:
    assert explained(["粗大ごみ（大きい ごみ）です。"]) == []
    assert explained(["いすは 300円です。"]) == []


def test_an_answer_explains_two_words_at_the_most() -> None:
    assert len(explained(["転入届と転出届と転居届と証明書"])) == MOST


@pytest.mark.parametrize("word", glosses())
def test_no_explanation_is_hard_itself(word: str) -> None:
    assert [str(found) for found in findings(glosses()[word] + "。") if found.strict] == []


def test_only_easy_japanese_is_explained_and_never_a_question_or_a_danger() -> None:
    assert "名前と" in lines("faq", EASY)
    assert lines("faq", Preferences()) == ""
    assert lines("clarify", EASY) == ""
    assert lines("refuse", EASY) == ""
