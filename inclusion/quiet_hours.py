"""Which hours are for sleeping and which are for calling: without it a notice would ring at three in the morning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bots import Channel, Message, Parcel, Receipt
from inclusion.municipalities import Contact

QUIET_FROM, QUIET_UNTIL = time(21), time(7)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Where an office's hours are not confirmed, we promise no more than the hours every town hall has.
COMMON_DAYS, COMMON_OPENS, COMMON_CLOSES = "mon-fri", time(9), time(17)
SLOT_EVERY = timedelta(hours=2)
SEARCHED_DAYS = 14


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """Whether a phone should not ring at this moment of the town's night (21 to 7)."""
    clock = at.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


class QuietAtNight:
    """A channel that does not ring at night. What somebody waits for (a reply within its minute) may ring as always."""

    def __init__(self, channel: Channel, zone: ZoneInfo) -> None:
        self.name, self.channel, self.zone = channel.name, channel, zone

    async def send(self, parcel: Parcel, now: datetime) -> Receipt:
        awaited = parcel.reply_token is not None and (parcel.reply_until is None or now < parcel.reply_until)
        if not awaited and is_quiet(now, self.zone):
            parcel = replace(parcel, silent=True)
        return await self.channel.send(parcel, now)

    async def show_thinking(self, chat_id: str) -> None:
        await self.channel.show_thinking(chat_id)

    async def recording(self, message: Message, longest_s: float, most_bytes: int) -> bytes:
        return await self.channel.recording(message, longest_s, most_bytes)

    async def close(self) -> None:
        await self.channel.close()


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When somebody sits at the desk. Public holidays are not known here, so a slot is offered, never promised to the minute."""

    days: frozenset[int]
    opens: time
    closes: time
    zone: ZoneInfo

    @classmethod
    def of(cls, contact: Contact, zone: ZoneInfo) -> OfficeHours:
        """The contact's hours; common office hours where they are not confirmed."""
        known = bool(contact.open_days and contact.opens and contact.closes)
        days, opens, closes = (contact.open_days, _time(contact.opens), _time(contact.closes)) if known else _common()
        return cls(frozenset(_days(days)), opens, closes, zone)

    def open_at(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        return local.weekday() in self.days and self.opens <= local.time() < self.closes

    def slots(self, now: datetime, many: int = 3) -> tuple[datetime, ...]:
        """The next beginnings of two-hour slots in which somebody can call back, at least one hour ahead."""
        found: list[datetime] = []
        local = now.astimezone(self.zone)
        for ahead in range(SEARCHED_DAYS):
            day = local.date() + timedelta(days=ahead)
            if day.weekday() in self.days:
                found += [slot for slot in self._slots_of(datetime.combine(day, self.opens, self.zone)) if slot > now + timedelta(hours=1)]
            if len(found) >= many:
                break
        return tuple(found[:many])

    def slot_at(self, month: int, day: int, hour: int, now: datetime) -> datetime | None:
        """The slot somebody chose, None when it is over, too far away or never was one."""
        wanted = (month, day, hour)
        return next((slot for slot in self.slots(now, many=SEARCHED_DAYS * 12) if (slot.month, slot.day, slot.hour) == wanted), None)

    def _slots_of(self, opening: datetime) -> list[datetime]:
        closing = datetime.combine(opening.date(), self.closes, self.zone)
        return [opening + SLOT_EVERY * n for n in range(12) if opening + SLOT_EVERY * n + timedelta(hours=1) <= closing]


def _common() -> tuple[str, time, time]:
    return COMMON_DAYS, COMMON_OPENS, COMMON_CLOSES


def _days(written: str) -> list[int]:
    """ "mon-sat" and "mon,wed,fri" as numbers of the week."""
    days: list[int] = []
    for part in written.replace(" ", "").lower().split(","):
        first, _, last = part.partition("-")
        if first in WEEK and (last or first) in WEEK:
            start, length = WEEK.index(first), (WEEK.index(last or first) - WEEK.index(first)) % 7 + 1
            days += [(start + n) % 7 for n in range(length)]
    return days


def _time(written: str) -> time:
    return time.fromisoformat(written)
