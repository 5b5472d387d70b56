"""Days a town plans for; without these bounds a slip of a key (the year 9999) would overflow whatever is reckoned from that day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def is_ours(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY


def our_day(typed: str) -> date | None:
    """2026-12-01 as a form sends it; None for anything else and for days outside our bounds."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if is_ours(day) else None


def our_moment(typed: str, zone: ZoneInfo) -> datetime | None:
    """2026-12-01T10:00 on the town's clock; None for anything else and for days outside our bounds."""
    try:
        at = datetime.fromisoformat(typed).replace(tzinfo=zone)
    except ValueError:
        return None
    return at if is_ours(at.date()) else None


__all__ = ["FIRST_DAY", "LAST_DAY", "is_ours", "our_day", "our_moment"]
