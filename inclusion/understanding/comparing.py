"""What changed between two measurements, question by question; without it one more right answer would hide one more wrong one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .evaluation import Report

RATES = ("strict", "wrong_direct_rate", "in_scope_answered", "refusal_precision", "refusal_recall", "calibration_error", "p95_ms")


class NotAReport(ValueError):
    """A file that `inclusion evaluate --json` did not write."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not a report. Make one with `inclusion evaluate QUESTIONS.jsonl --json > {path.name}`.")


@dataclass(frozen=True, slots=True)
class Change:
    """One question answered otherwise than before."""

    q: str
    how: str
    before: str
    now: str


def as_json(report: Report) -> dict[str, Any]:
    """A report with every answer, to compare a later one with."""
    return {**report.as_dict(), "answers": [one.as_dict() for one in report.graded]}


def read_report(path: Path) -> Mapping[str, Any]:
    """An earlier report; raises NotAReport."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise NotAReport(path) from None
    if not isinstance(found, dict) or not isinstance(found.get("answers"), list):
        raise NotAReport(path)
    return found


def changes(old: Mapping[str, Any], report: Report) -> tuple[Change, ...]:
    """Every question of both whose answer differs: first what broke, then what was mended, then what is only otherwise."""
    before = {one["q"]: one for one in old["answers"]}
    found = [_change(before[one.q], one.as_dict()) for one in report.graded if one.q in before]
    order = ("broken", "mended", "otherwise")
    return tuple(sorted((one for one in found if one), key=lambda one: order.index(one.how)))


def told(old: Mapping[str, Any], report: Report) -> Iterator[str]:
    """The comparison as lines to read."""
    new = report.as_dict()
    yield from (f"{name}: {old[name]} -> {new[name]}" for name in RATES if name in old and old[name] != new[name])
    yield from _told_kinds(old.get("kinds", {}), new["kinds"])
    changed = changes(old, report)
    yield from (f"{one.how}: {one.q} | {one.before} -> {one.now}" for one in changed)
    yield _summary(changed, {one["q"] for one in old["answers"]}, {one.q for one in report.graded})


def _told_kinds(old: Mapping[str, float], new: Mapping[str, float]) -> Iterator[str]:
    yield from (f"{kind}: {old[kind]} -> {rate}" for kind, rate in new.items() if kind in old and old[kind] != rate)


def _summary(changed: Sequence[Change], before: set[str], now: set[str]) -> str:
    counts = [f"{sum(one.how == how for one in changed)} {how}" for how in ("broken", "mended", "otherwise")]
    return f"{', '.join(counts)}; {len(now - before)} new, {len(before - now)} gone, {len(now & before)} in both."


def _change(before: Mapping[str, Any], now: Mapping[str, Any]) -> Change | None:
    same = all(before["got"].get(name) == now["got"].get(name) for name in ("action", "ids", "counts", "total_yen"))
    if before["right"] == now["right"] and same:
        return None
    how = "otherwise" if before["right"] == now["right"] else "mended" if now["right"] else "broken"
    return Change(now["q"], how, _words(before["got"]), _words(now["got"]))


def _words(got: Mapping[str, Any]) -> str:
    counts = (f"{key}×{units}" for key, units in got["counts"].items())
    total = [f"{got['total_yen']} yen"] if got.get("total_yen") else []
    return " ".join((got["action"], *got["ids"], *counts, *total))
