"""Our own labelled questions, and the shared ones where they are at hand, through the same measure as acceptance."""

from __future__ import annotations

from pathlib import Path

import pytest

from inclusion.understanding import Understanding
from inclusion.understanding.evaluation import Report, Wanted, acceptable, evaluate, outcome, read_questions

from .conftest import NOW, Conversation

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "understanding" / "dev.jsonl"


@pytest.fixture(scope="module")
def report(understanding: Understanding) -> Report:
    return evaluate(understanding, read_questions(HERE / "questions.jsonl"))


def test_our_questions_are_understood(report: Report) -> None:
    assert report.strict >= 0.95, report.mistakes


def test_hardly_any_direct_answer_is_wrong(report: Report) -> None:
    assert report.wrong_direct_rate < 0.03, report.mistakes


def test_what_must_be_refused_is_refused(report: Report) -> None:
    assert (report.refusal_recall or 0) >= 0.98, report.mistakes


@pytest.mark.skipif(not SHARED.exists(), reason="the shared questions are not at hand")
def test_the_shared_questions_are_understood(understanding: Understanding) -> None:
    report = evaluate(understanding, read_questions(SHARED))
    assert report.strict >= 0.93 and report.wrong_direct_rate < 0.03, report.mistakes


def test_the_measure_counts_a_wrong_direct_answer(understanding: Understanding) -> None:
    wrong = Wanted("扇風機はいくら", "typed", ({"action": "answer", "ids": ["S00248"], "counts": {"S00248": 1}, "total": 300},))
    report = evaluate(understanding, [wrong])
    assert (report.strict, report.wrong_direct, report.direct) == (0.0, 1, 1)


def test_an_emergency_refused_for_another_reason_is_not_right(understanding: Understanding) -> None:
    accept = [{"action": "refuse", "ids": ["r.emergency"]}]
    assert not acceptable(understanding.town, accept, {"action": "refuse", "ids": ["r.medical"], "counts": {}, "total_yen": None})


def test_the_total_is_unknown_when_a_fee_is(conversation: Conversation) -> None:
    assert outcome(conversation.understanding.town, conversation.say("大きな鍋と枕"))["total_yen"] is None


def test_times_come_from_the_clock_given(understanding: Understanding) -> None:
    ticks = iter([0.0, 0.25])
    report = evaluate(understanding, [Wanted("枕", "typed", ({"action": "answer", "ids": ["S00417"]},))], lambda: next(ticks))
    assert report.p50_ms == 250.0


def test_the_figures_can_be_printed_as_json(report: Report) -> None:
    assert {"strict", "wrong_direct_rate", "p95_ms", "kinds"} <= report.as_dict().keys()
    assert NOW.tzinfo is not None
