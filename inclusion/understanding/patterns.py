"""Reads the patterns that clerks keep in tables; without it a new way of saying いらない would need a programmer.

`words/patterns/<table>.csv` holds one way of saying per row. The rows of one pattern are alternatives (`any`), with what must stand
`before` and `after` all of them. They are regular expressions in the folded writing (katakana as hiragana) unless the note says otherwise.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

TABLES: Final = (
    "wishes",
    "opposites",
    "grammar",
    "asking",
    "replying",
    "amending",
    "phone_help",
    "own_data",
    "asides",
    "guarding",
    "class_names",
    "followups",
)
PARTS: Final = ("before", "any", "after")
COLUMNS: Final = ["pattern", "part", "words", "note"]
Rows = tuple[tuple[int, dict[str, str]], ...]


class PatternsBroken(ValueError):
    """A table of patterns cannot be used; says in which file and line, and why."""


class Patterns:
    """The patterns of one table by name. Raises PatternsBroken for a name or a row that cannot be used."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._parts: dict[str, dict[str, list[str]]] = {}
        for line, row in _rows(table):
            if why := _fault(row):
                raise PatternsBroken(f"words/patterns/{table}.csv {line}: {why}")
            self._parts.setdefault(row["pattern"], {part: [] for part in PARTS})[row["part"]].append(row["words"])

    def __call__(self, name: str) -> re.Pattern[str]:
        """The pattern of this name."""
        return re.compile(self.source(name))

    def whole(self, name: str, ending: str) -> re.Pattern[str]:
        """The pattern of this name with what may follow each of its ways of saying, both from the table."""
        return re.compile(f"(?:{self.source(name)}){self.source(ending)}")

    def alternatives(self, name: str) -> str:
        """The ways of saying alone, for use behind other words."""
        self.source(name)
        return "|".join(self._parts[name]["any"])

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of the table."""
        return tuple(self._parts)

    def source(self, name: str) -> str:
        """The pattern of this name as text, to be part of another one."""
        if name not in self._parts:
            raise PatternsBroken(f"words/patterns/{self._table}.csv: no rows for {name}")
        parts = self._parts[name]
        return "".join((*parts["before"], f"(?:{'|'.join(parts['any'])})", *parts["after"]))


def faults() -> Iterator[str]:
    """Every row of every table that cannot be used, in words for a clerk."""
    for table in TABLES:
        for line, row in _rows(table):
            if why := _fault(row):
                yield f"words/patterns/{table}.csv {line}行目: {why}"


def _fault(row: dict[str, str]) -> str:
    """Why a row cannot be used, for a clerk; "" where it can."""
    if not (row["pattern"] or "").strip() or not row["words"]:
        return "pattern と words の両方がいります。"
    if None in row or row["words"].count("{") != row["words"].count("}"):
        return f'『{row["words"]}』はカンマで切れています。カンマのある式は " で囲んでください。'
    if row["part"] not in PARTS:
        return f"part『{row['part']}』は before、any、after のどれでもありません。"
    try:
        re.compile(row["words"])
    except re.error as broken:
        return f"『{row['words']}』は式として読めません（{broken.msg}、{broken.pos}文字目）。"
    return ""


@cache
def _rows(table: str) -> Rows:
    """The rows of a table with their line numbers, read once."""
    return rows_of((files(__package__) / "words" / "patterns" / f"{table}.csv").read_text(encoding="utf-8-sig"), table)


def rows_of(text: str, table: str) -> Rows:
    """The rows of a table's text. Raises PatternsBroken where its columns are not COLUMNS."""
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames != COLUMNS:
        raise PatternsBroken(f"words/patterns/{table}.csv 1: the columns are {', '.join(COLUMNS)}")
    return tuple((reader.line_num, row) for row in reader)
