"""The report a clerk reads after an import: what came in, what we put right, and what only she can judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .draft import Note

SHOWN = 12


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts and notes of one import. `generated` are (id, name, reading) of readings we made; `sample` is a thing to ask about."""

    town: str
    things: int
    bulky: int
    areas: int
    rules: int
    generated: tuple[tuple[str, str, str], ...]
    notes: tuple[Note, ...]
    sample: str = ""

    @property
    def repairs(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.kind == "repair")

    @property
    def doubts(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.kind == "doubt")

    def text(self) -> str:
        """The whole report as a page of the pack."""
        readings = [f"- {row_id} {name}: {reading}" for row_id, name, reading in self.generated]
        parts = (
            f"# {self.town}のデータを取り込みました",
            self._counts(),
            *_chapter("確かめてください（人にしか決められないこと）", [note.sentence() for note in self.doubts]),
            *_chapter("直したところ", [note.sentence() for note in self.repairs]),
            f"## こちらで作った読み {len(self.generated)}件",
            "声とふりがなに使います。違っていたら waste/sorting.csv と waste/items.csv の reading を直してください。",
            "\n".join(readings) or "- ありません",
        )
        return "\n\n".join(parts) + "\n"

    def summary(self) -> str:
        """What fits on a screen: doubts first, then repairs, the rest by number."""
        lines = [f"{self.town}のデータを取り込みました。", self._counts()]
        for title, notes in (("確かめてください", self.doubts), ("直したところ", self.repairs)):
            lines.append(f"■ {title} {len(notes)}件")
            lines += [f"  ・{note.sentence()}" for note in notes[:SHOWN]]
            lines += [f"  ・ほか{len(notes) - SHOWN}件は import-report.md にあります。"] if len(notes) > SHOWN else []
        lines.append(f"■ こちらで作った読み {len(self.generated)}件（import-report.md に一覧）")
        return "\n".join(lines)

    def _counts(self) -> str:
        return f"品目 {self.things}件（うち大きいごみの品目 {self.bulky}件）、収集日 {self.areas}地区 {self.rules}件。"


def _chapter(title: str, lines: Sequence[str]) -> tuple[str, str]:
    return f"## {title} {len(lines)}件", "\n".join(f"- {line}" for line in lines) or "- ありません"
