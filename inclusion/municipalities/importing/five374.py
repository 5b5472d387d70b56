"""The five files of a 5374 application into a draft; without it a hundred towns' hand-kept calendars would be typed again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from inclusion.municipalities.collection_rules import Closure, write_rule
from inclusion.municipalities.errors import ImportRefused

from .draft import Draft, DraftCollection, DraftRow, Note, doubt, repair
from .five374_days import CLOSED_DAYS, DayCell, read_date, read_day_cell
from .foreign import Record, read_records

TARGET, AREAS, CENTERS, REMARKS, DESCRIPTIONS = "target.csv", "area_days.csv", "center.csv", "remarks.csv", "description.csv"
HEADS = ("label", "type", "name", "notice", "furigana")
ALIKE = 0.6
SHOWN = 5


def read_5374(path: Path, only_calendar: bool = False) -> Draft:
    """The folder (or its data folder, or one of the files in it). `only_calendar` leaves the dictionary out. Raises ImportRefused."""
    folder = _folder(path)
    notes: list[Note] = []
    closures = _closures(folder, notes)
    remarks = _remarks(folder, notes)
    collections, labels = _calendar(folder, closures, remarks, notes)
    rows = [] if only_calendar else _target(folder, notes)
    labels |= _labels(folder, notes)
    _judge_categories(rows, labels, notes)
    if not rows and not collections:
        raise ImportRefused(f"{folder} から品目も収集日も読めませんでした。5374 の target.csv か area_days.csv を確かめてください。")
    return Draft(tuple(rows), tuple(collections), source_title="ごみ分別と収集日（5374形式から取り込み・未照合）", notes=tuple(notes))


def _folder(path: Path) -> Path:
    start = path if path.is_dir() else path.parent
    for folder in (start, start / "data"):
        if any((folder / file).is_file() for file in (TARGET, AREAS)):
            return folder
    raise ImportRefused(f"{path} に target.csv も area_days.csv もありません。5374 の data フォルダーを指定してください。")


def _records(folder: Path, file: str, notes: list[Note]) -> list[Record]:
    if not (folder / file).is_file():
        notes.append(doubt(file, 0, "ファイルがありません。"))
        return []
    return read_records(folder / file, notes)


def _target(folder: Path, notes: list[Note]) -> list[DraftRow]:
    records = _records(folder, TARGET, notes)
    header = [cell.strip().lower() for cell in records[0].cells] if records else []
    if "name" in header and header[0] in ("label", "type"):
        if header[0] == "type":
            notes.append(repair(TARGET, 1, "1列目の見出しが type だったので、label として読みました。"))
        records = records[1:]
    elif records:
        notes.append(repair(TARGET, 1, "見出しの行がないので、label,name,notice,furigana の順とみなしました。"))
    rows = [row for record in records if (row := _row(record, notes))]
    halves = sum(len(row.reading) <= 1 for row in rows)
    if halves:
        notes.append(repair(TARGET, 0, f"furigana が頭の1文字か空の行が{halves}行あるので、読みはこちらで作りました。"))
    return rows


def _row(record: Record, notes: list[Note]) -> DraftRow | None:
    label, name, notice, furigana = (*record.cells, "", "", "", "")[:4]
    if not name or not label:
        what = f"『{name or label}』の{'区分' if name else '品目'}が空なので、取り込んでいません。"
        notes.append(doubt(TARGET, record.line, what))
        return None
    if any(record.cells[4:]):
        notes.append(doubt(TARGET, record.line, f"『{name}』の行にマスが{len(record.cells)}個あります。5個目からは読んでいません。"))
    if re.fullmatch(r"[{}\s]+", notice):
        notes.append(repair(TARGET, record.line, f"『{name}』の注意書きの『{notice}』は中身がないので消しました。"))
        notice = ""
    return DraftRow(name, label, notice, furigana, file=TARGET, line=record.line)


def _labels(folder: Path, notes: list[Note]) -> set[str]:
    records = _records(folder, DESCRIPTIONS, notes)
    if any(len(record.cells) > 2 and record.cells[2] for record in records[1:]):
        notes.append(
            doubt(DESCRIPTIONS, 0, "区分ごとの長い説明文は取り込んでいません。要るものは faq フォルダーのページに書いてください。")
        )
    return {record.cells[0] for record in records[1:] if record.cells}


def _judge_categories(rows: Sequence[DraftRow], labels: set[str], notes: list[Note]) -> None:
    """A dictionary none of whose categories the calendar knows is another town's: taking it in would answer wrongly with confidence."""
    counted = Counter(row.category for row in rows)
    if not counted or not labels:
        return
    strange = {category: number for category, number in counted.items() if category not in labels}
    if len(strange) == len(counted):
        ours, theirs = "、".join(list(counted)[:SHOWN]), "、".join(sorted(labels)[:SHOWN])
        raise ImportRefused(
            f"区分名の不一致: target.csv の区分（{ours}）が、description.csv と area_days.csv の区分（{theirs}）と1つも合いません。"
            "別の自治体の辞書が残っているとみられるため、取り込みません。target.csv を自分の自治体のものに替えるか、"
            "収集日だけなら --only-calendar を付けてください。"
        )
    for category, number in strange.items():
        near = get_close_matches(category, labels, n=1, cutoff=ALIKE)
        guess = f"『{near[0]}』の打ち間違いかもしれません。" if near and number <= 2 else ""
        notes.append(
            doubt(TARGET, 0, f"区分名の不一致: 『{category}』（{number}行）は収集日の表にない区分です。{guess}そのまま取り込みました。")
        )


def _closures(folder: Path, notes: list[Note]) -> Mapping[str, tuple[Closure, ...]]:
    found: dict[str, tuple[Closure, ...]] = {}
    for record in _records(folder, CENTERS, notes)[1:]:
        name, first, last = (*record.cells, "", "", "")[:3]
        start, end = read_date(first), read_date(last)
        if start is None or end is None or end < start:
            notes.append(doubt(CENTERS, record.line, f"『{name}』の休止の日付『{first}』『{last}』を読めません。"))
            continue
        found[name] = (*found.get(name, ()), Closure(start, end, next_week=True))
    if found:
        told = "休止の間の収集は、5374 の初めの設定どおり、翌週へずらすものとして取り込みました。ずらさないなら「翌週へ」を消してください。"
        notes.append(doubt(CENTERS, 0, told))
    return found


def _remarks(folder: Path, notes: list[Note]) -> Mapping[str, str]:
    return {record.cells[0]: record.cells[1] for record in _records(folder, REMARKS, notes)[1:] if len(record.cells) > 1}


def _calendar(
    folder: Path, closures: Mapping[str, tuple[Closure, ...]], remarks: Mapping[str, str], notes: list[Note]
) -> tuple[list[DraftCollection], set[str]]:
    records = _records(folder, AREAS, notes)
    categories = records[0].cells[2:] if records else ()
    used: set[str] = set()
    found: list[DraftCollection] = []
    for record in records[1:]:
        area, center, *cells = (*record.cells, "", "")
        if center and center not in closures and closures:
            notes.append(doubt(AREAS, record.line, f"『{area}』のセンター『{center}』が center.csv にないので、休止日を入れていません。"))
        for category, cell in zip(categories, cells, strict=False):
            if category and cell:
                day_cell = read_day_cell(cell, closures.get(center, ()), remarks)
                used |= set(day_cell.remarks)
                found += _collection(area, category, day_cell, remarks, record.line, notes)
    _unused_remarks(remarks, used, notes)
    return found, {category for category in categories if category}


def _collection(area: str, category: str, cell: DayCell, remarks: Mapping[str, str], line: int, notes: list[Note]) -> list[DraftCollection]:
    named = f"『{area}』の{category}の"
    notes += [doubt(AREAS, line, f"{named}『{part}』を読めないので、その部分は入れていません。") for part in cell.unread]
    notes += [doubt(AREAS, line, f"{named}『{part}』は、起点の日がその曜日ではないので、入れていません。") for part in cell.shifted]
    missing = [mark for mark in cell.remarks if mark not in remarks]
    if missing:
        notes.append(doubt(AREAS, line, f"『{area}』の備考の番号 {'、'.join(missing)} が remarks.csv にありません。"))
    if cell.rule is None:
        return []
    texts = [remarks[mark] for mark in cell.remarks if mark in remarks and not CLOSED_DAYS.search(remarks[mark])]
    return [DraftCollection(area, category, write_rule(cell.rule), " ".join(texts))]


def _unused_remarks(remarks: Mapping[str, str], used: set[str], notes: list[Note]) -> None:
    if left := [mark for mark in remarks if mark not in used]:
        shown = "、".join(f"{mark}「{remarks[mark][:24]}」" for mark in left[:SHOWN])
        notes.append(doubt(REMARKS, 0, f"どの地区も使っていない備考があります（{shown}）。ひな型の残りかもしれないので、入れていません。"))
