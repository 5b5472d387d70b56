"""One mistake in a town pack, placed and worded for a clerk; without it a mistake would be a stack trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
LONGEST_WHAT = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` is 0 where the whole file is meant, `column` is "" where the whole line is. `what` and `todo` are Japanese sentences."""

    severity: Severity
    file: str
    line: int
    column: str
    what: str
    todo: str

    def sentence(self) -> str:
        """「waste/aliases.csv の12行目『target』: 何が。→ どうする」"""
        line = f" の{self.line}行目" if self.line else ""
        column = f"『{self.column}』" if self.column else ""
        return f"{self.file}{line}{column}: {self.what}→ {self.todo}"

    def __str__(self) -> str:
        return f"【{'誤り' if self.severity == 'error' else '注意'}】{self.sentence()}"


def error(file: str, line: int, column: str, what: str, todo: str) -> Finding:
    return Finding("error", file, line, column, _short(what), todo)


def warning(file: str, line: int, column: str, what: str, todo: str) -> Finding:
    return Finding("warning", file, line, column, _short(what), todo)


def _short(what: str) -> str:
    """A pasted page in one cell must not bury the sentence about it."""
    return what if len(what) <= LONGEST_WHAT else f"{what[: LONGEST_WHAT // 2]}…（略）…{what[-LONGEST_WHAT // 2 :]}"


def errors_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == "error")
