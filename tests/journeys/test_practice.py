"""The practice partner on LINE: one action a message, success seen from what is really sent, three tries and another way, safe drills."""

from __future__ import annotations

import pytest

from inclusion.municipalities.loading import platform_messages
from lessons.practice import DRILLS, SCENARIOS
from tests.doubles.line_events import RESIDENT, audio_event, message_event

from .small_town import SmallTown

MESSAGES = platform_messages()


async def photo(town: SmallTown) -> str:
    message = {"type": "image", "id": "900", "quoteToken": "q", "contentProvider": {"type": "line"}}
    return await town.event("line", message_event(message, RESIDENT, town.now))


async def test_a_photo_is_practised_screen_by_screen_and_known_when_it_arrives(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    assert "何を練習しますか" in await small_town.line("練習したい")
    assert "1回押してください" in await small_town.line("写真を送る練習")
    assert "好きな写真" in await small_town.line("できた")
    assert "写真が届きました" in await photo(small_town)


async def test_a_photo_without_practice_is_no_practice(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    assert "写真が届きました。きれいに" not in await photo(small_town)


async def test_after_three_tries_another_way_and_a_person(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    await small_town.line("写真を送る練習")
    heard = [await small_town.line("うまくいかない") for _ in range(3)]
    assert "もう一度" in heard[0] and "共有" in heard[2] and "人に教えてもらう" in heard[2]
    assert "お使いのスマホ" in await small_town.line("スマホの相談をしたい")


async def test_other_questions_are_answered_in_the_middle_of_practice(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    await small_town.line("写真を送る練習")
    assert "円" in await small_town.line("扇風機を捨てたい")
    assert "119" in await small_town.line("胸が苦しい、助けて")
    assert "終わりました" in await small_town.line("練習をやめる")


async def test_a_spoken_question_during_another_practice_is_heard_as_a_question(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    await small_town.line("写真を送る練習")
    heard = await small_town.event("line", audio_event("901", RESIDENT, small_town.now))
    assert "もう一度いきましょう" not in heard
    await small_town.line("声を送る練習")
    assert "お声が届きました" in await small_town.event("line", audio_event("902", RESIDENT, small_town.now))


async def test_a_drill_needs_consent_and_is_explained_at_once(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    assert "決してありません" in await small_town.line("詐欺に気づく練習")
    assert "【練習】" in await small_town.line("同意して詐欺の練習を始める")
    heard = await small_town.line("言われたとおりにする")
    assert "作りもの" in heard and "#9110" in heard and "188" in heard


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda one: one.name)
def test_every_message_asks_for_one_action(scenario) -> None:
    for step in range(1, scenario.steps + 1):
        assert MESSAGES.say(f"practice.{scenario.name}.{step}").count("ください") == 1
        assert "ください" not in MESSAGES.say(f"practice.{scenario.name}.{step}.see")


@pytest.mark.parametrize("drill", DRILLS)
def test_no_drill_holds_a_link_or_a_number(drill) -> None:
    assert MESSAGES.say(f"drill.{drill}").startswith("【練習】") and "http" not in MESSAGES.say(f"drill.{drill}")
