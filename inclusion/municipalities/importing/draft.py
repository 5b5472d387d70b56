"""What was read from somebody else's files, before it becomes a town pack, with every repair and doubt on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self

NoteKind = Literal["repair", "doubt"]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a clerk should know: something we put right (`repair`) or something only a person can judge (`doubt`)."""

    kind: NoteKind
    file: str
    line: int
    what: str

    def sentence(self) -> str:
        return f"{self.file}{f' の{self.line}行目' if self.line else ''}: {self.what}" if self.file else self.what


def repair(file: str, line: int, what: str) -> Note:
    return Note("repair", file, line, what)


def doubt(file: str, line: int, what: str) -> Note:
    return Note("doubt", file, line, what)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One thing and how it is sorted, in the words of its file. `words` are other names for it."""

    name: str
    category: str
    note: str = ""
    reading: str = ""
    fee_kind: str = ""
    fee_yen: int | None = None
    remark: str = ""
    official_id: str = ""
    words: tuple[str, ...] = ()
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class DraftCollection:
    """One row of collections.csv to be: `rule` is already in our words."""

    area: str
    category: str
    rule: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything one import brought. `reliability` is the word for sources.csv."""

    rows: tuple[DraftRow, ...]
    collections: tuple[DraftCollection, ...] = ()
    name: str = ""
    code: str = ""
    source_title: str = ""
    source_url: str = ""
    reliability: str = "unconfirmed"
    notes: tuple[Note, ...] = ()

    def with_notes(self, *more: Note) -> Self:
        return replace(self, notes=(*self.notes, *more))
