"""How long a free seat is kept for somebody; without it a seat would wait for ever, or be lost overnight while a person sleeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# How soon people see a message: a chat the same day, a call or a letter by the next.
HOLDS: Final[Mapping[str, timedelta]] = {"line": timedelta(hours=12), "telegram": timedelta(hours=12)}
USUAL_HOLD: Final = timedelta(hours=24)
LAST_DAY: Final = timedelta(hours=24)  # offers end a day before the class, so that everybody can still be told
SHORT_HOLD: Final = timedelta(hours=1)  # within the last day
LAST_CALL: Final = timedelta(hours=2)  # nobody is called to a class that starts sooner
MORNING: Final = time(9)
EVENING: Final = time(20)
UNTIL: Final = time(10)


def offer_deadline(channel: str, start: datetime, tz: str, now: datetime) -> datetime | None:
    """Until when a seat offered now is held; None when it is too late to offer it. Never in the night, when nobody is called."""
    if now > start - LAST_CALL:
        return None
    hold = HOLDS.get(channel, USUAL_HOLD)
    by_day = awake(_full_hour(now + hold), tz)
    if by_day <= start - LAST_DAY:
        return by_day
    if now + SHORT_HOLD < start - LAST_DAY:
        return start - LAST_DAY
    return min(awake(now + SHORT_HOLD, tz), start - SHORT_HOLD)


def _full_hour(moment: datetime) -> datetime:
    """The next full hour: "until three o'clock" is remembered, "until 2:37" is not."""
    return (moment + timedelta(hours=1) - timedelta(microseconds=1)).replace(minute=0, second=0, microsecond=0)


def awake(moment: datetime, tz: str) -> datetime:
    """The same moment, or ten in the morning after a night it falls into."""
    here = moment.astimezone(ZoneInfo(tz))
    if MORNING <= here.time() <= EVENING:
        return moment
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(day, UNTIL, ZoneInfo(tz))
