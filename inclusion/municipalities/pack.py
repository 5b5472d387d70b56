"""A town folder read once, every value still with its file and line: what loading turns into a Town and what checking judges."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .columns import SHEETS, SheetShape
from .decoding import read_text
from .faq_pages import FaqPage, read_faq_pages
from .findings import Finding, error
from .outline import Node, read_outline
from .sheets import Row, Sheet, read_sheet

TOWN, SLOTS, GUARD = "town.toml", "slots.yaml", "guard.yaml"


@dataclass(frozen=True, slots=True)
class Pack:
    """`findings` are only what reading found: a pack without errors here can be loaded, though checking may still find mistakes."""

    folder: Path
    settings: Mapping[str, Any]
    setting_lines: Mapping[str, int]
    sheets: Mapping[str, Sheet]
    groups: Node
    guard: Node
    faqs: tuple[FaqPage, ...]
    findings: tuple[Finding, ...]

    def rows(self, shape: SheetShape) -> tuple[Row, ...]:
        return self.sheets[shape.file].rows

    def ids(self, shape: SheetShape) -> frozenset[str]:
        return frozenset(row["id"] for row in self.rows(shape))


def read_pack(folder: Path) -> Pack:
    """Everything under `folder`, however broken. Never raises for what a file holds."""
    settings, lines, findings = _settings(folder)
    sheets = {shape.file: read_sheet(folder, shape) for shape in SHEETS}
    for sheet in sheets.values():
        findings += sheet.findings
    groups, broken_groups = _outline(folder, SLOTS)
    guard, broken_guard = _outline(folder, GUARD)
    faqs, broken_pages = read_faq_pages(folder)
    findings += [*broken_groups, *broken_guard, *broken_pages]
    return Pack(folder, settings, lines, sheets, groups, guard, faqs, tuple(findings))


def _outline(folder: Path, file: str) -> tuple[Node, list[Finding]]:
    if not (folder / file).is_file():
        return Node(0, ""), [error(file, 0, "", "ファイルがありません。", "docs/town-packs.md の見本にならって作ってください。")]
    text, findings = read_text(folder, file)
    if text is None:
        return Node(0, ""), findings
    tree, broken = read_outline(file, text)
    return tree or Node(0, ""), findings + broken


def _settings(folder: Path) -> tuple[Mapping[str, Any], Mapping[str, int], list[Finding]]:
    if not (folder / TOWN).is_file():
        return {}, {}, [error(TOWN, 0, "", "ファイルがありません。", "自治体の名前などを書いた town.toml を作ってください。")]
    text, findings = read_text(folder, TOWN)
    if text is None:
        return {}, {}, findings
    try:
        return tomllib.loads(text), _key_lines(text), findings
    except tomllib.TOMLDecodeError as broken:
        place = re.search(r"line (\d+), column (\d+)", str(broken))
        line, column = (int(place[1]), f"{place[2]}文字目") if place else (text.count("\n") + 1, "")
        todo = '「名前 = "値"」の形か、引用符や [ ] の閉じ忘れがないかを確かめてください。'
        return {}, {}, [*findings, error(TOWN, line, column, "書き方が TOML の決まりに合いません。", todo)]
    except RecursionError:
        return {}, {}, [*findings, error(TOWN, 0, "", "入れ子が深すぎます。", "別のファイルを置いていないか確かめてください。")]


def _key_lines(text: str) -> dict[str, int]:
    """The line on which each key or [table] is first written."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if found := re.match(r"\s*\[?\s*([A-Za-z_][\w-]*)\s*[\]=]", line):
            lines.setdefault(found[1], number)
    return lines
