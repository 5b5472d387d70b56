"""What each kind of cell may hold, judged column by column from columns.py, so that a new column is checked as soon as it is listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .collection_rules import parse_rule
from .columns import CONTACTS, POLICIES, SHEETS, SOURCES, Column, SheetShape
from .findings import Finding, error, warning
from .pack import Pack
from .sheets import Row

READING = re.compile(r"[ぁ-ゖー・]+")
WEEKDAYS = "(mon|tue|wed|thu|fri|sat|sun)"
DAYS = re.compile(rf"{WEEKDAYS}(-{WEEKDAYS})?(,{WEEKDAYS}(-{WEEKDAYS})?)*")
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


def cell_findings(pack: Pack, today: date) -> Iterator[Finding]:
    """Every empty, misspelt or unknown value in the CSV files."""
    for shape in SHEETS:
        for row in pack.rows(shape):
            for column in shape.columns:
                yield from _cell(pack, shape, column, row, today)


def _cell(pack: Pack, shape: SheetShape, column: Column, row: Row, today: date) -> Iterator[Finding]:
    value = row[column.name]
    if not value:
        if column.needed:
            yield _empty(shape.file, column, row)
        return
    if column.kind in ("day", "month_or_day"):
        yield from date_findings(shape.file, row.line, column.name, value, today, month_allowed=column.kind == "month_or_day")
    elif column.kind in ("source", "contacts", "policy"):
        yield from _references(pack, shape.file, column, row)
    elif problem := _misspelt(column, value):
        yield error(shape.file, row.line, column.name, *problem)


def _empty(file: str, column: Column, row: Row) -> Finding:
    if column.kind == "reading":
        return error(file, row.line, column.name, "読みがありません。", "ひらがなで読みを書いてください。")
    if column.kind == "source":
        return error(file, row.line, column.name, "出典がありません。", "sources.csv にある番号を書いてください。")
    return error(file, row.line, column.name, "空になっています。", "値を書いてください。")


def _misspelt(column: Column, value: str) -> tuple[str, str] | None:
    """What is wrong with a cell of this kind and what to do; None when nothing is."""
    if column.kind == "reading" and not READING.fullmatch(value):
        return f"読み『{value}』にひらがな以外の文字があります。", "ひらがな・「ー」・「・」だけで書いてください。"
    if column.kind == "choice" and value not in column.choices:
        return f"『{value}』は使えません。", f"{'、'.join(column.choices)} のどれかを書いてください。"
    if column.kind == "time" and not TIME.fullmatch(value):
        return f"時刻『{value}』を読めません。", "08:00 のように、時と分を2桁ずつ半角で書いてください。"
    if column.kind == "days" and not DAYS.fullmatch(value):
        return f"曜日『{value}』を読めません。", "mon-sat や mon,wed のように書いてください。"
    if column.kind == "rule" and parse_rule(value) is None:
        how = "「毎週 月 木」「第1月 第3月」「隔週 水 2026-01-14から」「日付 2026-01-05」のように書いてください。"
        return f"収集日の決まり『{value[:40]}』を読めません。", how
    if column.kind == "url" and not is_url(value):
        return f"『{value}』は Web ページの番地ではありません。", "https:// から始まる番地を書いてください。"
    return None


def is_url(value: str) -> bool:
    return bool(re.fullmatch(r"https?://[^\s/]+\S*", value))


def date_findings(file: str, line: int, column: str, value: str, today: date, month_allowed: bool) -> Iterator[Finding]:
    """A date that is not one, or lies in the future."""
    day = read_date(value, month_allowed)
    if day is None:
        form = "2026-11-24（日まで）か 2026-11（月まで）" if month_allowed else "2026-11-24"
        yield error(file, line, column, f"日付『{value}』を読めません。", f"{form} のように、半角で書いてください。")
    elif day > today:
        yield warning(file, line, column, f"日付『{value}』が今日より先です。", "確かめた日を書く欄です。打ち間違いでないか見てください。")


def read_date(value: str, month_allowed: bool = True) -> date | None:
    """An ISO day, or (where allowed) the first day of an ISO month."""
    if month_allowed and re.fullmatch(r"\d{4}-\d{2}", value):
        value = f"{value}-01"
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _references(pack: Pack, file: str, column: Column, row: Row) -> Iterator[Finding]:
    shape, named = {"source": (SOURCES, "出典"), "contacts": (CONTACTS, "連絡先"), "policy": (POLICIES, "案内")}[column.kind]
    wanted = row[column.name].split("|") if column.kind == "contacts" else [row[column.name]]
    yield from unknown_ids(pack, shape, named, file, row.line, column.name, wanted)


def unknown_ids(
    pack: Pack, shape: SheetShape, named: str, file: str, line: int, column: str, wanted: list[str] | tuple[str, ...]
) -> Iterator[Finding]:
    """A finding for each wanted id that `shape` has no row for."""
    known = pack.ids(shape)
    for wanted_id in (part.strip() for part in wanted):
        if wanted_id and wanted_id not in known:
            what = f"{named}の番号『{wanted_id}』は {shape.file} にありません。"
            yield error(file, line, column, what, f"番号を確かめるか、{shape.file} に行を足してください。")
