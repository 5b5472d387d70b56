"""One cell of a sheet read back as what it was; without it a slip of a key (the year 9999, a number of forty digits) would be kept.

Whatever is reckoned from such a cell later would break.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from types import UnionType
from typing import Any, Final, get_args, get_origin
from zoneinfo import available_timezones

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer
from sqlmodel import SQLModel

from .columns import AwareTime
from .days import is_ours
from .helper_errors import SheetDay, SheetNumber, SheetWrong
from .states import SESSION
from .terms import ALLOCATIONS, MODES

LARGEST: Final = 1_000_000
CIRCLE: Final = 180.0  # a place's degrees, the only fractions in the sheets
WORDS: Final = {"state": frozenset(SESSION), "allocation": frozenset(ALLOCATIONS), "event_attendance_mode": frozenset(MODES)}


def read_cell(cell: str, table: type[SQLModel], column: Column[Any], line: int, where: str) -> Any:
    """The value. `line` and `where` (file and column) name the cell in a refusal. Raises SheetDay, SheetNumber, SheetWrong."""
    kind = column.type
    if cell == "" and (column.nullable or not isinstance(kind, AwareTime | Date | JSON | Boolean | Integer | Float)):
        return None if column.nullable else ""
    if isinstance(kind, AwareTime | Date):
        return _day(cell, isinstance(kind, AwareTime), line, where)
    if isinstance(kind, Integer | Float) and not isinstance(kind, Boolean):
        return _number(cell, isinstance(kind, Integer), line, where)
    try:
        return _other(cell, table, column)
    except ValueError:
        raise SheetWrong(line, where, cell) from None


def _day(cell: str, with_hour: bool, line: int, where: str) -> date:
    try:
        found = datetime.fromisoformat(cell) if with_hour else date.fromisoformat(cell)
    except ValueError:
        raise SheetDay(line, where, cell) from None
    aware = not isinstance(found, datetime) or found.tzinfo is not None
    day = found.date() if isinstance(found, datetime) else found
    if not (aware and is_ours(day)):
        raise SheetDay(line, where, cell)
    return found


def _number(cell: str, whole: bool, line: int, where: str) -> int | float:
    try:
        found = int(cell) if whole else float(cell)
    except ValueError:
        raise SheetNumber(line, where, cell) from None
    fits = 0 <= found <= LARGEST if whole else math.isfinite(found) and abs(found) <= CIRCLE
    if not fits:
        raise SheetNumber(line, where, cell)
    return found


def _other(cell: str, table: type[SQLModel], column: Column[Any]) -> Any:
    """Yes or no, a list or an object, a word. Raises ValueError."""
    if isinstance(column.type, Boolean):
        return {"true": True, "false": False}[cell] if cell in ("true", "false") else _no()
    if isinstance(column.type, JSON):
        found = json.loads(cell)
        return found if isinstance(found, _shape(table, column.name)) else _no()
    if column.name == "tz":
        return cell if cell in available_timezones() else _no()
    return cell if cell in WORDS.get(column.name, (cell,)) else _no()


def _shape(table: type[SQLModel], name: str) -> type:
    """Whether a column holds a list or an object."""
    kind: Any = table.model_fields[name].annotation
    kind = get_args(kind)[0] if isinstance(kind, UnionType) else kind
    return get_origin(kind) or object


def _no() -> Any:
    raise ValueError("not a value of this column")


__all__ = ["read_cell"]
