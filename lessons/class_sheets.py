"""The whole catalogue and timetable as CSV files, every column; without it a town could not take its classes to another computer.

One file for each table, in the order in which they lean on each other. People are not in it: they do not belong into a spreadsheet.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer
from sqlmodel import Session, SQLModel, col, func, select

from .columns import AwareTime
from .helper_errors import SheetWrong
from .place_tables import Closure, LoanDevice, Room, SessionSeries
from .tables import Course, ScheduledSession, Venue

SHEETS: Final[dict[str, type[SQLModel]]] = {
    "courses": Course,
    "venues": Venue,
    "rooms": Room,
    "loan_devices": LoanDevice,
    "closures": Closure,
    "series": SessionSeries,
    "sessions": ScheduledSession,
}
OURS: Final = {"seats_taken": 0, "last_position": 0, "revision": 0, "proposed_by": None}  # counted from people: not carried over

GONE: Final = frozenset({"enrollment_mode"})  # older sheets have these columns; they are passed over


class BooksNotEmpty(ValueError):
    """The sheets are for an empty programme: joining two would mix their ids."""

    def __init__(self) -> None:
        super().__init__("There are classes already. Bring the sheets into a new database, or use the event list to add classes.")


def write_sheets(session: Session, folder: Path) -> Sequence[Path]:
    """One CSV file for each table into `folder`; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(session, folder / f"{name}.csv", table) for name, table in SHEETS.items()]


def read_sheets(session: Session, folder: Path) -> int:
    """The files of `write_sheets` into an empty programme; returns how many rows. Raises BooksNotEmpty, SheetWrong."""
    if session.exec(select(func.count()).select_from(ScheduledSession)).one():
        raise BooksNotEmpty
    count = 0
    for name, table in SHEETS.items():
        file = folder / f"{name}.csv"
        if file.is_file():
            rows = _read(file, table)
            session.add_all(rows)
            session.flush()
            count += len(rows)
    return count


def _write(session: Session, file: Path, table: type[SQLModel]) -> Path:
    columns = _columns(table)
    first = next(name for name, one in columns.items() if one.primary_key)
    rows = session.exec(select(table).order_by(col(getattr(table, first)))).all()
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_cell(getattr(row, name)) for name in columns] for row in rows)
    return file


def _read(file: Path, table: type[SQLModel]) -> list[SQLModel]:
    columns = _columns(table)
    with file.open(encoding="utf-8-sig", newline="") as sheet:
        reader = csv.DictReader(sheet)
        unknown = set(reader.fieldnames or ()) - set(columns) - GONE
        if unknown:
            raise SheetWrong(1, min(unknown), file.name)
        return [table(**_values(row, columns, line)) for line, row in enumerate(reader, 2)]


def _values(row: dict[str, str], columns: dict[str, Column[Any]], line: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, cell in row.items():
        if name in GONE:
            continue
        try:
            found[name] = _value(cell or "", columns[name])
        except ValueError:
            raise SheetWrong(line, name, cell) from None
    return found


def _columns(table: type[SQLModel]) -> dict[str, Column[Any]]:
    return {one.name: one for one in table.__table__.columns if one.name not in OURS}  # type: ignore[attr-defined]  # set by SQLModel


def _cell(value: Any) -> str:
    """Empty for nothing, text for text, else JSON: lists and numbers come back as they were."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _value(cell: str, column: Column[Any]) -> Any:
    kinds = {AwareTime: datetime.fromisoformat, Date: date.fromisoformat}
    if cell == "":
        return None if column.nullable else ""
    if isinstance(column.type, JSON | Boolean | Integer | Float):
        return json.loads(cell)
    return kinds.get(type(column.type), str)(cell)
