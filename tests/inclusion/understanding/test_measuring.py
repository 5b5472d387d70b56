"""Stories of the measure itself: whether being sure means being right, and what changed since the last time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from inclusion.cli import app
from inclusion.understanding import Understanding
from inclusion.understanding.comparing import NotAReport, as_json, changes, read_report, told
from inclusion.understanding.evaluation import Report, Wanted, evaluate
from inclusion.understanding.reliability import calibration_error, diagram, reliability

PILLOW = Wanted("枕", "typed", ({"action": "answer", "ids": ["S00417"], "counts": {"S00417": 1}},))
NONSENSE = Wanted("ほげふがぴよ", "out_of_scope", ({"action": "refuse", "ids": ["r.unknown"]},))
SIZES = Wanted("ソファを捨てたい", "typed", ({"action": "clarify", "ids": ["sofa"]},))


def evaluate_command(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, words)])


@pytest.fixture(scope="module")
def report(understanding: Understanding) -> Report:
    return evaluate(understanding, [PILLOW, NONSENSE, SIZES])


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    lines = [json.dumps({"q": one.q, "kind": one.kind, "accept": list(one.accept)}, ensure_ascii=False) for one in (PILLOW, NONSENSE)]
    (tmp_path / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "questions.jsonl"


def test_answers_are_counted_in_tenths_of_being_sure() -> None:
    bins = reliability([(0.95, True), (0.92, False), (0.31, True), (1.0, True)])
    assert [(one.low, one.answers, one.right) for one in bins] == [(0.3, 1, 1), (0.9, 3, 2)]


def test_being_as_right_as_sure_has_no_error_and_boasting_has() -> None:
    honest = reliability([(0.5, True), (0.5, False)])
    boasting = reliability([(1.0, True), (1.0, False)])
    assert calibration_error(honest) == 0.0 and calibration_error(boasting) == 0.5 and calibration_error(()) == 0.0


def test_the_diagram_draws_where_we_boast() -> None:
    assert list(diagram(reliability([(1.0, True), (1.0, False)])))[1].endswith("  50%  " + "█" * 10 + "·" * 10 + "|")


def test_in_scope_questions_are_those_with_an_answer(report: Report) -> None:
    assert (report.questions, report.in_scope_answered, report.refusal_recall) == (3, 1.0, 1.0)


def test_a_report_compared_with_itself_has_changed_nothing(report: Report) -> None:
    assert changes(json.loads(json.dumps(as_json(report))), report) == ()


def test_what_broke_is_told_before_what_was_mended(report: Report) -> None:
    old = json.loads(json.dumps(as_json(report)))
    old["answers"][0] |= {"right": False, "got": {"action": "refuse", "ids": ["r.unknown"], "counts": {}, "total_yen": None}}
    old["answers"][1] |= {"got": {"action": "refuse", "ids": ["r.other"], "counts": {}, "total_yen": None}}
    assert [(one.how, one.q) for one in changes(old, report)] == [("mended", PILLOW.q), ("otherwise", NONSENSE.q)]
    assert list(told(old, report))[-1] == "0 broken, 1 mended, 1 otherwise; 0 new, 0 gone, 3 in both."


def test_another_file_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(NotAReport, match=r"--json > old\.json"):
        read_report(tmp_path / "old.json")


def test_the_command_keeps_a_report_and_compares_with_it(questions: Path, tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text(evaluate_command(questions, "--json").output, encoding="utf-8")
    said = evaluate_command(questions, "--compare", tmp_path / "old.json").output
    assert "strict: 1.0" in said and "sure of it" in said and "0 broken, 0 mended, 0 otherwise; 0 new, 0 gone, 2 in both." in said


def test_a_file_that_holds_no_questions_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text('{"q": "x"}', encoding="utf-8")
    refused = evaluate_command(tmp_path / "notes.txt")
    assert refused.exit_code == 2 and "needs q, kind and accept" in refused.output
