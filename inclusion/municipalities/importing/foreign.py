"""Somebody else's bytes into rows of clean cells; three generations of spreadsheets saved them, and none said how."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from inclusion.municipalities.errors import ImportRefused

from .draft import Note, repair

LARGEST = 30_000_000
LONGEST_WORD = 15
ENDS_A_SENTENCE = "。、！？!?・（「"


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    cells: tuple[str, ...]


def read_foreign_text(path: Path, notes: list[Note]) -> str:
    """The text of a file in UTF-8, UTF-16 or CP932; what had to be guessed goes into `notes`. Raises ImportRefused."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise ImportRefused(f"{path.name} を開けません。ファイルがあるか、読む権限があるかを確かめてください。") from None
    if not raw.strip():
        raise ImportRefused(f"{path.name} は空です。元のファイルを確かめてください。")
    if len(raw) > LARGEST:
        raise ImportRefused(f"{path.name} が大きすぎます（{len(raw) // 1_000_000}MB）。別のファイルを選んでいないか確かめてください。")
    encoding = _encoding(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as broken:
        line = raw[: broken.start].count(b"\n") + 1
        told = f"{path.name} の{line}行目あたりの文字を読めません（UTF-8・UTF-16・Shift_JIS のどれでもありません）。"
        raise ImportRefused(f"{told}元のファイルを「CSV UTF-8」で保存し直してください。") from None
    if "\0" in text:
        raise ImportRefused(f"{path.name} は文字のファイルではないようです。CSV で保存したものを選んでください。")
    _note_encoding(path.name, raw, encoding, notes)
    return text.removeprefix("\ufeff")


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if raw[:2000].count(b"\0") * 4 > len(raw[:2000]):
        return "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp932"
    return "utf-8"


def _note_encoding(file: str, raw: bytes, encoding: str, notes: list[Note]) -> None:
    if encoding.startswith("utf-16"):
        notes.append(repair(file, 0, "文字コードが UTF-16 だったので、UTF-8 に直しました。"))
    elif encoding == "cp932":
        notes.append(repair(file, 0, "文字コードが Shift_JIS（CP932）だったので、UTF-8 に直しました。"))
    elif raw.startswith(b"\xef\xbb\xbf"):
        notes.append(repair(file, 0, "先頭の目に見えない印（BOM）を取りました。"))


def read_records(path: Path, notes: list[Note]) -> list[Record]:
    """Every row that is not blank, cells without outer blanks, line breaks inside cells folded. Raises ImportRefused."""
    text = read_foreign_text(path, notes)
    tabs = _separated_by_tabs(text)
    if tabs:
        notes.append(repair(path.name, 0, "マスの区切りがタブだったので、カンマに直しました。"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabs else ",")
    records, start = [], 1
    try:
        for cells in reader:
            folded = tuple(_folded(cell, path.name, start, notes) for cell in cells)
            if any(folded):
                records.append(Record(start, folded))
            start = reader.line_num + 1
    except csv.Error:
        raise ImportRefused(f'{path.name} の{start}行目から先を読めません。引用符（"）の閉じ忘れがないか確かめてください。') from None
    return records


def _separated_by_tabs(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return Counter(first)["\t"] > Counter(first)[","]


def _folded(cell: str, file: str, line: int, notes: list[Note]) -> str:
    cell = cell.strip(" \t\r\n　\xa0")
    if "\n" not in cell and "\r" not in cell:
        return cell
    notes.append(repair(file, line, "マスの中の改行をなくし、1行にしました。"))
    parts = [part.strip(" 　") for part in re.split(r"[\r\n]+", cell) if part.strip()]
    if len(cell) <= LONGEST_WORD:
        return "".join(parts)
    return "".join(part if part[-1] in ENDS_A_SENTENCE else f"{part}。" for part in parts[:-1]) + parts[-1]
