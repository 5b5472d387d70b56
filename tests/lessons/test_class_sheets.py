"""A sheet that was edited by hand: every cell that cannot be kept is named with its file, line and column, and nothing of it is kept."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from lessons import Closure, Room, ScheduledSession, SheetWrong, Venue, read_sheets, write_sheets
from lessons.event_list import read_event_list
from lessons.helper_errors import SheetDay, SheetNumber

from .programme import open_engine, plan_class


@pytest.fixture
def sheets(session: Session, now, tmp_path: Path) -> Path:
    plan_class(session, now, id="a")
    session.add_all([Room(venue_id="hall", name="研修室", capacity=8), Closure(first_day=now.date(), last_day=now.date(), reason="点検")])
    session.flush()
    write_sheets(session, tmp_path / "sheets")
    return tmp_path / "sheets"


@pytest.fixture
def empty() -> Iterator[Session]:
    with Session(open_engine("sqlite://")) as session:
        yield session


def changed(sheets: Path, sheet: str, column: str, cell: str, again: bool = False) -> None:
    """One cell of the first row is typed over; with `again` that row stands there twice, the second time so."""
    file = sheets / f"{sheet}.csv"
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    typed = {**rows[0], column: cell}
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows([*rows, typed] if again else [typed, *rows[1:]])


DAYS = [
    ("sessions", "start_date", "9999-12-31T23:00:00+00:00"),
    ("sessions", "start_date", "0001-01-01T00:00:00+09:00"),
    ("sessions", "registration_closes", "2026-12-01T10:00:00"),
    ("sessions", "changed_at", ""),
    ("closures", "last_day", "2200-01-01"),
    ("closures", "first_day", "12/1"),
]
NUMBERS = [
    ("sessions", "fee_yen", "9" * 40),
    ("sessions", "fee_yen", "9" * 5000),
    ("sessions", "maximum_attendee_capacity", "-1"),
    ("sessions", "devices", "true"),
    ("sessions", "helper_ratio", ""),
    ("rooms", "capacity", "1e3"),
    ("courses", "duration_minutes", "[60]"),
    ("venues", "lat", "NaN"),
    ("venues", "lon", "1e999"),
    ("venues", "lat", "181"),
]
OTHERS = [
    ("sessions", "state", "opened"),
    ("sessions", "allocation", "by_lot"),
    ("sessions", "tz", "Asia/Tokio"),
    ("sessions", "sample", "1"),
    ("sessions", "conditions", "[]"),
    ("sessions", "course_code", "cooking"),
    ("sessions", "end_date", "2026-12-01T00:00:00+00:00"),
    ("courses", "skills_taught", '{"a": 1}'),
    ("courses", "skills_taught", "[1"),
    ("venues", "id", ""),
]


@pytest.mark.parametrize(
    ("sheet", "column", "cell", "kind"),
    [*((*one, SheetDay) for one in DAYS), *((*one, SheetNumber) for one in NUMBERS), *((*one, SheetWrong) for one in OTHERS)],
)
def test_a_cell_that_cannot_be_kept_is_named(sheets, empty, sheet, column, cell, kind):
    changed(sheets, sheet, column, cell)
    with pytest.raises(kind, match=f"Line 2, column '{sheet}.csv {column}'") as refused:
        read_sheets(empty, sheets)
    empty.rollback()
    assert len(refused.value.found) <= 41 and empty.exec(select(Venue)).all() == []


def test_control_the_sheets_as_they_were_written_are_taken(sheets, empty):
    assert read_sheets(empty, sheets) > 4 and len(empty.exec(select(ScheduledSession)).all()) == 1


@pytest.mark.parametrize(
    ("sheet", "column", "cell"), [("venues", "name", "別の名"), ("rooms", "id", "another"), ("sessions", "name", "同じID")]
)
def test_what_may_stand_once_and_stands_twice_is_named(sheets, empty, sheet, column, cell):
    changed(sheets, sheet, column, cell, again=True)
    with pytest.raises(SheetWrong, match=f"Line 3, column '{sheet}.csv id'"):
        read_sheets(empty, sheets)


def test_a_column_that_is_missing_and_a_cell_too_many_are_named(sheets, empty):
    file = sheets / "closures.csv"
    file.write_text("id,venue_id,first_day,reason\n1,,2026-12-01,点検\n", encoding="utf-8")
    with pytest.raises(SheetWrong, match="last_day"):
        read_sheets(empty, sheets)
    empty.rollback()
    file.write_text("id,venue_id,first_day,last_day,reason\n1,,2026-12-01,2026-12-02,点検,と掃除\n", encoding="utf-8")
    with pytest.raises(SheetWrong, match="と掃除"):
        read_sheets(empty, sheets)


def test_a_sheet_that_a_spreadsheet_saved_in_its_own_letters_is_read_and_no_text_at_all_is_named(sheets, empty):
    file = sheets / "rooms.csv"
    file.write_bytes(file.read_text(encoding="utf-8-sig").encode("cp932"))
    read_sheets(empty, sheets)
    assert empty.exec(select(Room.name)).one() == "研修室"
    file.write_bytes(b"\xff\xff\x00\x81")
    with Session(open_engine("sqlite://")) as other, pytest.raises(SheetWrong, match=r"rooms\.csv"):
        read_sheets(other, sheets)


@pytest.mark.parametrize(("column", "cell"), [("緯度", "nan"), ("経度", "1e999"), ("定員", "9999999"), ("料金(基本)", "12345678")])
def test_the_event_list_too_takes_no_number_without_bounds(column, cell):
    row = {"ID": "1", "イベント名": "電話", "開始日": "2026-12-01", "開始時間": "10:00", "終了時間": "11:00", "場所名称": "会館"}
    row[column] = cell
    with pytest.raises(SheetNumber, match=re.escape(f"Line 2, column '{column}'")):
        read_event_list(f"{','.join(row)}\n{','.join(row.values())}\n", "Asia/Tokyo")
