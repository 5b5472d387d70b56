"""What comes by itself: a call for who has no chat, and one question after the class, answered by tap or in one's own words."""

from __future__ import annotations

import pytest
from sqlmodel import select

from inclusion.classes.opinion_words import satisfaction
from lessons import notices_to_tell
from lessons.arriving import board_code, end_class
from lessons.learning_tables import Feedback
from tests.doubles.line_events import RESIDENT
from tests.towns import demo_town

from .small_town import SmallTown
from .test_learner import classroom, keep, met
from .test_whole_life import seated_elsewhere

__all__ = ["classroom"]


async def closed(town: SmallTown, classroom: str, came: bool = True) -> None:
    """The resident booked on LINE, came or not, and staff closed the class."""
    await met(town, RESIDENT)
    await town.line(f"{classroom} に申し込む")
    town.later(days=10, minutes=-10)
    with town.database.writing() as session:
        code = board_code(session, "c0")
    if came:
        assert "ようこそ" in await town.line(f"着きました {code}")
    town.later(hours=1, minutes=15)
    keep(town)
    assert "いかがでしたか" not in await town.deliver()  # not before it was closed
    with town.database.writing() as session:
        end_class(session, "c0", (), town.now)
    keep(town)


def given(town: SmallTown) -> list[int]:
    with town.database.reading() as session:
        return list(session.exec(select(Feedback.satisfaction)).all())


async def test_after_the_class_one_question_comes_and_three_taps_answer_it(small_town: SmallTown, classroom: str) -> None:
    await closed(small_town, classroom)
    assert "いかがでしたか" in await small_town.deliver()
    keep(small_town)
    assert await small_town.deliver() == ""  # once
    assert "速さ" in await small_town.line("満足")
    assert "また来たい" in await small_town.line("ちょうどよかったです")
    assert "ありがとう" in await small_town.line("また来たいです")
    with small_town.database.reading() as session:
        assert session.exec(select(Feedback.satisfaction, Feedback.pace, Feedback.again)).all() == [(5, "right", "yes")]
    keep(small_town)
    assert await small_town.deliver() == ""


@pytest.mark.parametrize(("words", "step"), [("満足です", 5), ("まあまあ", 3), ("よくなかった", 1), ("あまりよくなかったです", 2)])
async def test_ones_own_words_answer_it(small_town: SmallTown, classroom: str, words: str, step: int) -> None:
    await closed(small_town, classroom)
    await small_town.deliver()
    assert "速さ" in await small_town.line(words)
    assert given(small_town) == [step]


async def test_who_did_not_come_is_not_asked_and_the_same_words_mean_nothing(small_town: SmallTown, classroom: str) -> None:
    await closed(small_town, classroom, came=False)
    assert "いかがでしたか" not in await small_town.deliver()
    await small_town.line("満足です")
    assert given(small_town) == []


async def test_after_another_turn_only_a_button_still_answers(small_town: SmallTown, classroom: str) -> None:
    await closed(small_town, classroom)
    await small_town.deliver()
    await small_town.line("布団を捨てたい")
    await small_town.line("よくなかった")
    assert given(small_town) == []
    assert "速さ" in await small_town.line("やや不満")
    assert given(small_town) == [2]


async def test_who_has_no_chat_is_called_and_who_has_one_is_written_to(small_town: SmallTown, classroom: str) -> None:
    await met(small_town, RESIDENT)
    seated_elsewhere(small_town)
    await small_town.line(f"{classroom.replace('電話0', '電話1').replace('12/5（土）', '12/6（日）')} に申し込む")
    small_town.later(days=9, minutes=5)
    for _ in range(2):
        keep(small_town)
    heard = await small_town.deliver()
    assert "「電話1」の教室は1週間後です" in heard and "電話0" not in heard
    with small_town.database.reading() as session:
        to_call = notices_to_tell(session, small_town.now)
    assert [(one.learner.name, one.notice.kind) for one in to_call] == [("花子", "day_before")]


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("満足", 5), ("とてもよかったです", 5), ("very good", 5), ("很满意", 5), ("만족합니다", 5),
        ("よかったです", 4), ("まあまあよかった", 4), ("比较满意", 4), ("good", 4),
        ("普通です", 3), ("so-so", 3), ("还行", 3), ("보통이에요", 3),
        ("やや不満", 2), ("あまり よくない", 2), ("不太满意", 2), ("별로예요", 2),
        ("不満です", 1), ("よくない", 1), ("不满意", 1), ("불만", 1), ("満足していない", 1),
        ("布団は粗大ごみですか", None), ("いいです", None), ("はい", None),
    ],
)  # fmt: skip
def test_the_five_steps_are_understood_in_four_languages(said: str, step: int | None) -> None:
    assert satisfaction(said, demo_town().messages) == step
