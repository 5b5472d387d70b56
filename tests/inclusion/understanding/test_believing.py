"""What was only half heard is asked about once, and never answered as if it were certain."""

from __future__ import annotations

import pytest

from accessibility.hearing import Heard, Hypothesis
from inclusion.municipalities import Town
from inclusion.understanding import Believed, Talk, Understanding, believe

from .conftest import NOW


def ears_heard(*ways: tuple[str, float], drowned: bool = False) -> Heard:
    return Heard(tuple(Hypothesis(text, confidence, 0.0, 2.0) for text, confidence in ways), "ja", 2.0, drowned)


def believed(understanding: Understanding, *ways: tuple[str, float], drowned: bool = False) -> Believed:
    return believe(ears_heard(*ways, drowned=drowned), lambda text: understanding.understand(text, Talk(), NOW)[0])


def test_what_was_heard_well_is_simply_answered(understanding: Understanding) -> None:
    assert believed(understanding, ("扇風機はいくら", 0.95)) == Believed("扇風機はいくら")


def test_the_hearing_that_means_something_wins_and_is_asked_about(understanding: Understanding) -> None:
    found = believed(understanding, ("ばぷるすはいくら", 0.99), ("扇風機はいくら", 0.96))
    assert (found.text, found.sure) == ("扇風機はいくら", True)
    assert not believed(understanding, ("ぽっぽ", 0.9), ("扇風機はいくら", 0.6)).sure


def test_two_things_heard_equally_well_are_not_chosen_between_silently(understanding: Understanding) -> None:
    assert not believed(understanding, ("扇風機はいくら", 0.9), ("掃除機はいくら", 0.88)).sure
    assert believed(understanding, ("扇風機はいくら", 0.97), ("扇風機はいくらですか", 0.96)).sure


def test_danger_in_any_likely_hearing_comes_first(understanding: Understanding) -> None:
    assert believed(understanding, ("蒸しバエ", 0.9), ("母が倒れた", 0.8)).text == "母が倒れた"


def test_what_was_hardly_heard_is_not_even_put_as_a_question(understanding: Understanding) -> None:
    assert not believed(understanding, ("扇風機はいくら", 0.15)).clear


def test_words_drowned_in_noise_are_not_believed_but_danger_is(understanding: Understanding) -> None:
    assert believed(understanding, ("扇風機はいくら", 0.6), drowned=True) == Believed(
        "扇風機はいくら", sure=False, clear=False, drowned=True
    )
    assert believed(understanding, ("扇風機はいくら", 0.6)).clear  # control: the same in a quiet room
    assert believed(understanding, ("母が倒れた", 0.6), drowned=True).clear


def test_faint_words_that_mean_nothing_are_asked_for_once_more(understanding: Understanding) -> None:
    assert not believed(understanding, ("ぽっぽっぽ", 0.3)).clear
    assert believed(understanding, ("ぽっぽっぽ", 0.9)).clear


@pytest.mark.parametrize(
    ("said", "after_yes"), [("扇風機はいくら", "answer"), ("生ごみは粗大ごみですか", "policy"), ("住民票がほしい", "faq")]
)
def test_a_doubtful_hearing_is_said_back_once_and_yes_settles_it(understanding: Understanding, said: str, after_yes: str) -> None:
    asked, talk = understanding.understand(said, Talk(), NOW, sure=False)
    yes, _ = understanding.understand("はい", talk, NOW, sure=False)
    assert (asked.action, yes.action, yes.ids) == ("confirm", after_yes, asked.ids)


def test_no_takes_it_back_and_another_thing_replaces_it(understanding: Understanding) -> None:
    _, talk = understanding.understand("扇風機はいくら", Talk(), NOW, sure=False)
    assert understanding.understand("違います", talk, NOW)[0].ids == ("r.unknown",)
    assert understanding.understand("いいえ、掃除機です", talk, NOW)[0].ids == ("S00248",)


def test_danger_is_never_put_as_a_question(understanding: Understanding) -> None:
    assert understanding.understand("母が倒れた、救急車", Talk(), NOW, sure=False)[0].action == "refuse"


@pytest.mark.parametrize("said", ["大きな声で", "もっと大きな声で話してください", "おおきなこえで", "声を大きくして"])
def test_a_louder_voice_can_be_asked_for(understanding: Understanding, said: str) -> None:
    assert understanding.understand(said, Talk(), NOW)[0].ids == ("s.louder",)


@pytest.mark.parametrize(("said", "wish"), [("もういちど", "s.repeat"), ("ゆっくりはなして", "s.slower"), ("みじかくして", "s.shorter")])
def test_the_words_after_an_answer_are_understood_in_kana_too(understanding: Understanding, said: str, wish: str) -> None:
    assert understanding.understand(said, Talk(), NOW)[0].ids == (wish,)


@pytest.mark.parametrize(("language", "easy"), [("ja", False), ("ja", True), ("en", False), ("zh-Hans", False), ("ko", False)])
@pytest.mark.parametrize(("button", "action"), [("waste.yes", "answer"), ("waste.no", "refuse"), ("waste.and", None)])
def test_both_buttons_under_that_question_say_their_own_words(
    understanding: Understanding, town: Town, language: str, easy: bool, button: str, action: str | None
) -> None:
    """Before, "Yes" was sent as はい. Control: other words settle nothing."""
    _, talk = understanding.understand("扇風機はいくら", Talk(), NOW, sure=False)
    told, after = understanding.understand(town.messages.say(button, language, easy), talk, NOW)
    assert (told.action == action and not after.confirming) if action else told.action not in ("answer", "confirm")
