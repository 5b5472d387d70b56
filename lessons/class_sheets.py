"""The whole catalogue and timetable as CSV files, every column; without it a town could not take its classes to another computer.

One file for each table, in the order in which they lean on each other. People are not in it: they do not belong into a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Session, SQLModel, col, func, select

from .helper_errors import SheetWrong
from .place_tables import Closure, LoanDevice, Room, SessionSeries
from .sheet_cells import read_cell
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
        super().__init__("There are classes, topics or places already. Bring sheets into a new database, or add classes by the event list.")


def write_sheets(session: Session, folder: Path) -> Sequence[Path]:
    """One CSV file for each table into `folder`; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(session, folder / f"{name}.csv", table) for name, table in SHEETS.items()]


def read_sheets(session: Session, folder: Path) -> int:
    """The files of `write_sheets` into an empty programme; returns how many rows. Raises BooksNotEmpty, SheetWrong."""
    if any(session.exec(select(func.count()).select_from(table)).one() for table in SHEETS.values()):
        raise BooksNotEmpty
    count = 0
    for name, table in SHEETS.items():
        file = folder / f"{name}.csv"
        if file.is_file():
            rows = _read(session, file, table)
            session.add_all(rows)
            session.flush()
            count += len(rows)
    return count


def _write(session: Session, file: Path, table: type[SQLModel]) -> Path:
    columns = _columns(table)
    first = _uniques(table)[0][0]
    rows = session.exec(select(table).order_by(col(getattr(table, first)))).all()
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_cell(getattr(row, name)) for name in columns] for row in rows)
    return file


def _read(session: Session, file: Path, table: type[SQLModel]) -> list[SQLModel]:
    columns, uniques, rows = _columns(table), _uniques(table), list[SQLModel]()
    reader = csv.DictReader(io.StringIO(_text(file), newline=""))
    _check_heading(reader.fieldnames or (), table, file.name)
    seen: set[tuple[tuple[str, ...], tuple[Any, ...]]] = set()
    for line, row in enumerate(reader, 2):
        values = _values(row, table, line, file.name)
        _check_pointers(session, values, columns, line, file.name)
        keys = {(names, tuple(values[one] for one in names)) for names in uniques}
        if not values[uniques[0][0]] or keys & seen:
            raise SheetWrong(line, f"{file.name} {uniques[0][0]}", values[uniques[0][0]])
        seen |= keys
        rows.append(table(**values))
    return rows


def _check_heading(heading: Sequence[str], table: type[SQLModel], file: str) -> None:
    """Nothing we do not know, and everything that has no value of its own. Raises SheetWrong."""
    columns = _columns(table)
    unknown = set(heading) - set(columns) - GONE
    needed = {name for name in columns if table.model_fields[name].is_required()} | {_uniques(table)[0][0]}
    if unknown:
        raise SheetWrong(1, min(unknown), file)
    if missing := needed - set(heading):
        raise SheetWrong(1, min(missing), file)


def _uniques(table: type[SQLModel]) -> Sequence[tuple[str, ...]]:
    """The columns that may stand only once, alone or together; the key first."""
    rules = table.__table__.constraints  # type: ignore[attr-defined]  # set by SQLModel
    first = next(name for name, one in _columns(table).items() if one.primary_key)
    return [(first,), *(tuple(one.columns.keys()) for one in rules if isinstance(one, UniqueConstraint))]


def _text(file: Path) -> str:
    """As we write it, or CP932 as a spreadsheet saves it. Raises SheetWrong for anything else."""
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "cp932"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise SheetWrong(1, file.name, "?")


def _values(row: dict[str, Any], table: type[SQLModel], line: int, file: str) -> dict[str, Any]:
    """The cells of one row. DictReader puts what stands behind the last column under None."""
    if row.get(None):  # type: ignore[call-overload]  # the key that csv chose
        raise SheetWrong(line, file, ",".join(row[None]))  # type: ignore[index]  # the same
    columns = _columns(table)
    cells = {name: cell or "" for name, cell in row.items() if name not in GONE}
    found = {name: read_cell(cell, table, columns[name], line, f"{file} {name}") for name, cell in cells.items()}
    if "start_date" in found and found["end_date"] <= found["start_date"]:
        raise SheetWrong(line, f"{file} end_date", cells["end_date"])
    return found


def _check_pointers(session: Session, values: dict[str, Any], columns: dict[str, Column[Any]], line: int, file: str) -> None:
    """What a row leans on (its course, its venue) must have come before it. Raises SheetWrong."""
    for name, column in columns.items():
        for key in column.foreign_keys:
            target = key.column
            known = values.get(name) and session.exec(select(target).where(target == values[name])).first()
            if not known:
                raise SheetWrong(line, f"{file} {name}", values.get(name) or "")


def _columns(table: type[SQLModel]) -> dict[str, Column[Any]]:
    return {one.name: one for one in table.__table__.columns if one.name not in OURS}  # type: ignore[attr-defined]  # set by SQLModel


def _cell(value: Any) -> str:
    """Empty for nothing, text for text, else JSON: lists and numbers come back as they were."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
