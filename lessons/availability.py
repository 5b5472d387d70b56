"""When a volunteer can come: weekly patterns and their exceptions; without it every roster would begin with a round of telephone calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from sqlmodel import Session, col, or_, select

from .days import is_ours, our_day
from .helper_errors import AwayUnknown, VolunteerIncomplete
from .volunteer_tables import Availability

Kind = Literal["available", "preferred", "blocked"]
KINDS: Final[tuple[Kind, ...]] = ("available", "preferred", "blocked")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
END_OF_DAY: Final = "24:00"


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """One person's patterns, expanded for a span of days: day -> (kind, minute from, minute to)."""

    by_day: Mapping[date, Sequence[tuple[str, int, int]]]

    def at(self, start: datetime, end: datetime, zone: ZoneInfo) -> Kind | None:
        """How somebody stands to a time: preferred, available, blocked (an exception) or None (never said)."""
        begins, ends = start.astimezone(zone), end.astimezone(zone)
        spans = self.by_day.get(begins.date(), ())
        first, last = _minute(begins.time()), _minute(ends.time()) or 24 * 60
        if any(kind == "blocked" and low < last and first < high for kind, low, high in spans):
            return "blocked"
        covering = {kind for kind, low, high in spans if kind != "blocked" and low <= first and last <= high}
        return "preferred" if "preferred" in covering else "available" if covering else None


def free_times(patterns: Iterable[Availability], first: date, last: date) -> FreeTimes:
    """The patterns of one person between two days, both included."""
    by_day: dict[date, list[tuple[str, int, int]]] = {}
    for one in patterns:
        for day in _days(one, first, last):
            by_day.setdefault(day, []).append((one.kind, _minutes(one.starts), _minutes(one.ends)))
    return FreeTimes(by_day)


def patterns_of(session: Session, volunteer_ids: Sequence[str]) -> Mapping[str, Sequence[Availability]]:
    found: dict[str, list[Availability]] = {one: [] for one in volunteer_ids}
    wanted = select(Availability).where(col(Availability.volunteer_id).in_(volunteer_ids)).order_by(col(Availability.first_day))
    for row in session.exec(wanted).all():
        found[row.volunteer_id].append(row)
    return found


def set_week(session: Session, volunteer_id: str, wanted: Mapping[tuple[str, str, str], Kind], first: date) -> None:
    """Replace the weekly pattern: (weekday "TU", "10:00", "12:00") -> how gladly. Exceptions stay as they are."""
    for old in session.exec(select(Availability).where(Availability.volunteer_id == volunteer_id, Availability.kind != "blocked")).all():
        session.delete(old)
    for (weekday, starts, ends), kind in wanted.items():
        rule = f"FREQ=WEEKLY;BYDAY={weekday}"
        session.add(
            checked(Availability(volunteer_id=volunteer_id, kind=kind, event_schedule=rule, first_day=first, starts=starts, ends=ends))
        )
    session.flush()


def block_days(session: Session, volunteer_id: str, first: date, last: date) -> Availability:
    """An exception: not on these days; noted twice it stands once. Raises VolunteerIncomplete when the last lies before the first."""
    away = checked(
        Availability(
            volunteer_id=volunteer_id, kind="blocked", event_schedule="FREQ=DAILY", first_day=first, last_day=last, ends=END_OF_DAY
        )
    )
    same = select(Availability).where(
        Availability.volunteer_id == volunteer_id,
        Availability.kind == "blocked",
        Availability.first_day == first,
        Availability.last_day == last,
    )
    noted = session.exec(same).first()
    if noted is not None:
        return noted
    session.add(away)
    session.flush()
    return away


def note_days(session: Session, volunteer_id: str, first: str, last: str) -> Availability:
    """The same as a form sends it (2026-12-01; a last day left empty means one day). Raises VolunteerIncomplete for the field to mend."""
    begin, end = our_day(first), our_day(last or first)
    if begin is None or end is None:
        raise VolunteerIncomplete("first_day" if begin is None else "last_day")
    return block_days(session, volunteer_id, begin, end)


def days_away(session: Session, volunteer_id: str, today: date) -> Sequence[Availability]:
    """The exceptions that are not over yet, the earliest first."""
    not_over = or_(col(Availability.last_day) >= today, col(Availability.last_day).is_(None))
    ahead = select(Availability).where(Availability.volunteer_id == volunteer_id, Availability.kind == "blocked", not_over)
    return session.exec(ahead.order_by(col(Availability.first_day), col(Availability.last_day))).all()


def unblock_days(session: Session, volunteer_id: str, away_id: str) -> None:
    """The person can come on these days after all. Raises AwayUnknown for an exception that is gone or somebody else's."""
    away = session.get(Availability, away_id)
    if away is None or away.kind != "blocked" or away.volunteer_id != volunteer_id:
        raise AwayUnknown
    session.delete(away)
    session.flush()


def checked(pattern: Availability) -> Availability:
    """The same pattern, once it is known to be usable. Raises VolunteerIncomplete."""
    if pattern.kind not in KINDS:
        raise VolunteerIncomplete("kind")
    try:
        low, high = _minutes(pattern.starts), _minutes(pattern.ends)
        rrulestr(pattern.event_schedule, dtstart=datetime.combine(pattern.first_day, time()))
    except ValueError:
        raise VolunteerIncomplete("event_schedule") from None
    if not 0 <= low < high <= 24 * 60:
        raise VolunteerIncomplete("starts")
    if not is_ours(pattern.first_day):
        raise VolunteerIncomplete("first_day")
    if pattern.last_day is not None and not (is_ours(pattern.last_day) and pattern.first_day <= pattern.last_day):
        raise VolunteerIncomplete("last_day")
    return pattern


def _days(one: Availability, first: date, last: date) -> list[date]:
    begin, end = max(first, one.first_day), min(last, one.last_day or last)
    if end < begin:
        return []
    if one.event_schedule == "FREQ=DAILY":
        return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    rule = rrulestr(one.event_schedule, dtstart=datetime.combine(one.first_day, time()))
    return [day.date() for day in rule.between(datetime.combine(begin, time()), datetime.combine(end, time()), inc=True)]


def _minutes(clock: str) -> int:
    """Minutes after midnight; 24:00 is the end of the day. Raises ValueError."""
    return 24 * 60 if clock == END_OF_DAY else _minute(time.fromisoformat(clock))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
