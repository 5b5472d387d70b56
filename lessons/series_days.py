"""The days of a series from its rule; without it "every second Tuesday" would be typed in twelve times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Final

from dateutil.rrule import rrulestr

from .helper_errors import RuleWrong

MOST: Final = 26
WITHIN: Final = timedelta(days=2 * 366)
FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY")
# What RFC 5545 allows and a timetable needs. Years, months and hours are left out: a rule that never fits would be tried for ages.
PARTS: Final = {"INTERVAL": (1, 52), "COUNT": (1, 99), "BYMONTHDAY": (-31, 31), "BYSETPOS": (-5, 5)}
WORDS: Final = ("FREQ", "UNTIL", "BYDAY", "WKST", *PARTS)


def days_of(rule: str, start: datetime) -> Sequence[datetime]:
    """The beginnings of every class, in the zone of `start`; an empty rule is one class.

    `rule` is an RFC 5545 RRULE. One without an end, or with more than MOST classes within two years, raises RuleWrong; so does one that
    cannot be read or names no day.
    """
    if not rule.strip():
        return [start]
    written = _checked(rule.strip().upper().removeprefix("RRULE:"))
    plain = start.replace(tzinfo=None)
    try:
        found = takewhile(lambda day: day <= plain + WITHIN, rrulestr(written, dtstart=plain))
        days = list(islice(found, MOST + 1))
    except (ValueError, TypeError):
        raise RuleWrong("unreadable", MOST) from None
    if not days:
        raise RuleWrong("empty", MOST)
    if len(days) > MOST:
        raise RuleWrong("long" if "COUNT=" in written or "UNTIL=" in written else "endless", MOST)
    return [day.replace(tzinfo=start.tzinfo) for day in days]


def _checked(rule: str) -> str:
    """Raises RuleWrong for a part we do not know or a number out of reach (INTERVAL=0 would never end)."""
    parts = [part.partition("=") for part in rule.split(";") if part]
    known = all(name in WORDS and value for name, _, value in parts)
    if not known or ("FREQ", "=") not in [part[:2] for part in parts]:
        raise RuleWrong("unreadable", MOST)
    for name, _, value in parts:
        if not _fits(name, value):
            raise RuleWrong("unreadable", MOST)
    return ";".join("".join(part) for part in parts)


def _fits(name: str, value: str) -> bool:
    if name == "FREQ":
        return value in FREQUENCIES
    if name not in PARTS:
        return True
    low, high = PARTS[name]
    try:
        return all(low <= int(one) <= high and int(one) != 0 for one in value.split(","))
    except ValueError:
        return False


__all__ = ["MOST", "days_of"]
