"""Every gap of a roster says why in plain Japanese: each reason there is has a sentence, and each sentence a roster that needs it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from inclusion.helpers.words import HelperWords
from inclusion.municipalities.loading import platform_messages
from lessons import team
from lessons.roster_model import Fit, Helper, Problem

from .test_roster import helpers, lesson, problem

MESSAGES = platform_messages()
ASKED = ("missing", "could_come")  # said of a gap, no reasons of their own
ONE = (Helper("v0", frozenset({"call"})),)


def blocked(code: str) -> Problem:
    return problem([lesson("one")], list(ONE), fits={}, blocked={("v0", "one"): code})


def kept_busy(*lessons, **limits: int) -> Problem:
    return problem(list(lessons), [Helper("v0", frozenset({"call"}), **limits)])


ROSTERS = {
    **{code: blocked(code) for code in ("not_said", "away", "check_over", "too_far", "said_no")},
    "nobody": problem([lesson("one")], []),
    "no_skill": problem([lesson("one")], [Helper("v0", frozenset())]),
    "no_language": problem([lesson("one", language="en")], list(ONE)),
    "elsewhere": kept_busy(lesson("one"), lesson("two")),
    "hours_used": kept_busy(lesson("one"), max_minutes_week=30),
    "day_full": kept_busy(lesson("one", 9), lesson("two", 14), max_per_day=1),
}


def say(message_id: str, **fills: object) -> str:
    """As a page says it, to somebody who reads Japanese."""
    return MESSAGES.say(message_id, "ja", False, **fills)


def told(given: Problem, plan: team.Plan) -> list[str]:
    words = HelperWords(say, ZoneInfo("Asia/Tokyo"))
    return [sentence for gap in team.why_empty(given, plan) for sentence in words.gap(gap.as_dict(), {"v0": "あお"})]


def sentence(code: str) -> str:
    return say(f"helper.gap.{code}", people=1, tongue="英語", missing=1, who="あお", why="")


@pytest.mark.parametrize("code", ROSTERS)
def test_a_gap_says_its_reason_in_a_sentence(code: str):
    given = ROSTERS[code]
    assert sentence(code) in told(given, team.solve(given))


def test_control_a_roster_without_a_gap_says_nothing():
    given = problem([lesson("one")], helpers(1))
    assert told(given, team.solve(given)) == []


def test_whose_share_is_done_is_told_too():
    given = problem([lesson("one", need=1)], list(ONE), fits={("v0", "one"): Fit()})
    plan = team.Plan(frozenset(), {"one": 1}, frozenset(), frozenset(), 0, {}, 0.0, 0.0)
    assert sentence("fair_share") in told(given, plan)


def test_who_was_chosen_for_a_class_in_another_language_is_told_why():
    speaks = Helper("v0", frozenset({"call"}), frozenset({"ja", "en"}))
    given = problem([lesson("one", language="en")], [speaks])
    plan = team.solve(given)
    reasons = [one.as_dict() for one in team.why_chosen(given, plan)["v0", "one"]]
    assert "教室の言葉（英語）を話せます" in HelperWords(say, ZoneInfo("Asia/Tokyo")).why(reasons)


def test_no_reason_is_without_a_roster_here():
    written = {one.removeprefix("helper.gap.") for one in MESSAGES.texts if one.startswith("helper.gap.")}
    assert written == {*ROSTERS, "fair_share", *ASKED}
