"""A CSV file of a pack as rows that remember their line; without the line number no mistake could be shown to a clerk."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .columns import SheetShape
from .decoding import read_text
from .findings import Finding, error, warning


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The readable rows of one file, and what is wrong with the rest. `present` is False when there is no such file."""

    shape: SheetShape
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    present: bool = True


def read_sheet(folder: Path, shape: SheetShape) -> Sheet:
    """Every whole row of `shape.file` under `folder`, cells stripped of outer blanks."""
    if not (folder / shape.file).is_file():
        return Sheet(shape, (), _missing_file(shape), present=False)
    text, findings = read_text(folder, shape.file)
    if text is None:
        return Sheet(shape, (), tuple(findings))
    records = list(_records(shape.file, text, findings))
    if not records:
        findings.append(error(shape.file, 0, "", "ファイルが空です。", f"1行目に見出し（{','.join(shape.names)}）を書いてください。"))
        return Sheet(shape, (), tuple(findings))
    header = [name.strip() for name in records[0][1]]
    findings += _header_findings(shape, header)
    if any(finding.column and finding.severity == "error" for finding in findings):
        return Sheet(shape, (), tuple(findings))
    rows = [row for line, cells in records[1:] if (row := _row(shape, header, line, cells, findings))]
    findings += _repeated_keys(shape, rows)
    return Sheet(shape, tuple(rows), tuple(findings))


def _missing_file(shape: SheetShape) -> tuple[Finding, ...]:
    if not shape.required:
        return ()
    todo = f"見出し（{','.join(shape.names)}）だけでもよいので、このファイルを作ってください。"
    return (error(shape.file, 0, "", "ファイルがありません。", todo),)


def _records(file: str, text: str, findings: list[Finding]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on; blank lines are left out. A broken quotation ends the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as broken:
        findings.append(_broken_record(file, start, too_long="field limit" in str(broken)))


def _broken_record(file: str, line: int, too_long: bool) -> Finding:
    if too_long:
        return error(
            file,
            line,
            "",
            "1つのマスが長すぎるため、この行から先を読めません。",
            '引用符（"）の閉じ忘れがないか、長い文を貼っていないか見てください。',
        )
    todo = 'この行から下で、" が二つずつ組になっているか確かめてください。文字としての " は "" と書きます。'
    return error(file, line, "", '引用符（"）の使い方が正しくないため、この行から先を読めません。', todo)


def _header_findings(shape: SheetShape, header: list[str]) -> list[Finding]:
    file = shape.file
    missing = [
        error(file, 1, name, "この列がありません。", f"1行目の見出しに {name} を足し、各行に値を入れてください。")
        for name in shape.names
        if name not in header
    ]
    extra = [
        warning(
            file, 1, name or f"{number}列目", "知らない列です。読み飛ばします。", "要らなければ消し、見出しの打ち間違いなら直してください。"
        )
        for number, name in enumerate(header, start=1)
        if name not in shape.names
    ]
    twice = [
        error(file, 1, name, "同じ見出しの列が2つあります。", "どちらか一つにしてください。")
        for name in shape.names
        if header.count(name) > 1
    ]
    return missing + extra + twice


def _row(shape: SheetShape, header: list[str], line: int, cells: list[str], findings: list[Finding]) -> Row | None:
    if len(cells) < len(header):
        what = f"マスが{len(cells)}個しかありません（見出しは{len(header)}個）。"
        findings.append(error(shape.file, line, f"{len(cells) + 1}列目", what, "足りないところに , を足してください。"))
        return None
    if any(cell.strip() for cell in cells[len(header) :]):
        what = f"マスが{len(cells)}個あります（見出しは{len(header)}個）。"
        todo = '文の中に , があるなら、そのマス全体を " で囲んでください。'
        findings.append(error(shape.file, line, f"{len(header) + 1}列目", what, todo))
        return None
    row = Row(line, {name: cell.strip() for name, cell in zip(header, cells, strict=False)})
    findings += _newlines(shape, row)
    return row


def _newlines(shape: SheetShape, row: Row) -> list[Finding]:
    if not any("\n" in cell or "\r" in cell for cell in row.cells.values()):
        return []
    return [
        warning(shape.file, row.line, name, "マスの中で改行しています。", "改行を消してください。行を分けたいときは「|」を使います。")
        for name, cell in row.cells.items()
        if ("\n" in cell or "\r" in cell) and name in shape.names
    ]


def _repeated_keys(shape: SheetShape, rows: list[Row]) -> list[Finding]:
    if not shape.key:
        return []
    first: dict[str, int] = {}
    findings = []
    for row in rows:
        value = row[shape.key]
        if value and value in first:
            what = f"番号『{value}』は{first[value]}行目でも使われています。"
            findings.append(error(shape.file, row.line, shape.key, what, "どちらかを別の番号にするか、重なった行を消してください。"))
        first.setdefault(value, row.line)
    return findings
