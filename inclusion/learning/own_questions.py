"""Reruns a town's own question set against the answers it expects; without it a change for one question would spoil another unseen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from inclusion.municipalities import load_town, town_folder
from inclusion.understanding import Talk, Understanding
from inclusion.understanding.evaluation import acceptable, outcome

FILE = "questions.jsonl"


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One question answered otherwise than expected (`expected` is None when nothing was stored yet)."""

    line: int
    q: str
    expected: str | None
    got: str


def changed_answers(town: str | Path, now: datetime) -> tuple[int, tuple[AnswerChange, ...]]:
    """How many questions the town has, and those answered otherwise than stored. (0, ()) without a question set."""
    questions = tuple(_questions(town))
    if not questions:
        return 0, ()
    understanding = Understanding.of(load_town(town))
    changes = (_change(understanding, line, question, now) for line, question in questions)
    return len(questions), tuple(change for change in changes if change)


def answers_between(before: Understanding, after: Understanding, now: datetime) -> list[dict[str, str]]:
    """The town's own questions that are answered otherwise after a change than before it."""
    asked = [question for _, question in _questions(before.town.slug)]
    both = ((one["q"], _words(_got(before, one, now)), _words(_got(after, one, now))) for one in asked)
    return [{"q": q, "before": old, "now": new} for q, old, new in both if old != new]


def expected_now(understanding: Understanding, q: str, now: datetime) -> dict[str, Any]:
    """What a question gets now, as a line of the question set keeps it."""
    return _stored(_got(understanding, {"q": q}, now))


def remember_answers(town: str | Path, now: datetime) -> int:
    """Write today's outcome into every question as the expected one; returns how many."""
    questions = tuple(_questions(town))
    if not questions:
        return 0
    understanding = Understanding.of(load_town(town))
    remembered = [{**question, "accept": [_stored(_got(understanding, question, now))]} for _, question in questions]
    text = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in remembered)
    (town_folder(town) / FILE).write_text(text, encoding="utf-8")
    return len(remembered)


def _questions(town: str | Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Every line that holds a question, with its number; a line that is not JSON counts as a question in itself."""
    file = town_folder(town) / FILE
    lines = file.read_text(encoding="utf-8-sig").splitlines() if file.is_file() else []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _question(line)


def _question(line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return {"q": line.strip()}
    return found if isinstance(found, dict) and isinstance(found.get("q"), str) else {"q": line.strip()}


def _change(understanding: Understanding, line: int, question: Mapping[str, Any], now: datetime) -> AnswerChange | None:
    got, accept = _got(understanding, question, now), question.get("accept")
    if not accept:
        return AnswerChange(line, question["q"], None, _words(got))
    if acceptable(understanding.town, accept, got):
        return None
    return AnswerChange(line, question["q"], _words(accept[0]), _words(got))


def _got(understanding: Understanding, question: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    talk = Talk()
    for earlier in question.get("context", ()):
        _, talk = understanding.understand(earlier, talk, now)
    request, _ = understanding.understand(question["q"], talk, now)
    got = outcome(understanding.town, request)
    return {**got, "total": got["total_yen"]}


def _stored(got: Mapping[str, Any]) -> dict[str, Any]:
    """What a line of the question set keeps: no empty values, in the form `evaluate` reads too."""
    return {"action": got["action"], "ids": got["ids"]} | {key: got[key] for key in ("counts", "total") if got[key]}


def _words(outcome: Mapping[str, Any]) -> str:
    yen = outcome.get("total")
    return f"{outcome['action']} {'・'.join(outcome['ids'])}{f' {yen}円' if yen is not None else ''}"
