"""What the programme achieved, counted so that nobody can be recognised; without it a council would vote on impressions.

Numbers below five are not told (small cells): a class of one satisfied person is that person.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from sqlmodel import Session, col, select

from .learning_tables import Feedback, SkillEvidence
from .opinions import STEPS
from .progress import kept_after_a_month
from .report_demand import unmet_demand
from .report_people import BANDS, bands_of, served_by
from .states import UNSEEN
from .tables import Application, Booking, Course, Notice, ScheduledSession

SMALLEST_TOLD: Final = 5
SEATED: Final = ("confirmed", "checked_in", "attended", "no_show", "excused")
CAME: Final = ("checked_in", "attended")
HIDDEN: Final = None
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `value` is None where the number is too small to be told, and `percent` with it."""

    name: str
    value: int | None
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Each table by its name, in the order it is read."""

    since: datetime
    until: datetime
    samples: bool
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def programme_report(session: Session, since: datetime, until: datetime, now: datetime | None = None) -> Report:
    """The classes that began between two moments. Who came is counted of classes that are over `now`, at the latest at `until`."""
    begun = select(ScheduledSession).where(ScheduledSession.start_date >= since, ScheduledSession.start_date < until)
    places = session.exec(begun.where(col(ScheduledSession.state).not_in(UNSEEN))).all()
    ids = [one.id for one in places]
    applied = session.exec(select(Application).where(col(Application.session_id).in_(ids))).all()
    booked = session.exec(select(Booking).where(col(Booking.session_id).in_(ids), col(Booking.state).in_(SEATED))).all()
    bands = bands_of(session, applied)
    tables = {
        "classes": _classes(places, until),
        "attendance": _attendance(booked, places, min(until, now or until)),
        "extra": _extra(session, places, applied),
        "channels": _counted(Counter(one.channel for one in applied)),
        "waits": _waits(session, applied, {one.id: one.channel for one in applied}),
        "ages": _counted(Counter(bands.values()), BANDS),
        "waits_by_age": _waits(session, applied, bands),
        "satisfaction": _satisfaction(session, ids),
        "skills": _skills(session, since, until),
        "volunteers": volunteer_rows(session, ids),
    }
    return Report(since, until, any(one.sample for one in places), tables)


def as_csv(report: Report, names: Mapping[str, str], hidden: str) -> str:
    """The report as a spreadsheet opens it: table, line, number, percent. `names` are the words of the reader's language."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    for table, rows in report.tables.items():
        for row in rows:
            number = hidden if row.value is HIDDEN else row.value
            percent = "" if row.percent is None else row.percent
            sheet.writerow([names.get(table, table), names.get(f"{table}.{row.name}", row.name), number, percent])
    return "\ufeff" + out.getvalue()


def _classes(places: Sequence[ScheduledSession], until: datetime) -> Sequence[Row]:
    held = sum(one.state != "cancelled" for one in places)
    seats = sum(one.seats_offered for one in places if one.state != "cancelled")
    return [Row("held", held), Row("called_off", len(places) - held), Row("seats", seats)]


def _extra(session: Session, places: Sequence[ScheduledSession], applied: Sequence[Application]) -> Sequence[Row]:
    """Classes to be added for each topic; nothing is told of fewer than five people left over."""
    names = {one.code: one.name for one in session.exec(select(Course)).all()}
    found = unmet_demand(places, applied)
    return [Row(names[one.course_code], one.extra if one.left_over >= SMALLEST_TOLD else HIDDEN) for one in found]


def _attendance(booked: Sequence[Booking], places: Sequence[ScheduledSession], at: datetime) -> Sequence[Row]:
    """Of those whose class was over at a moment: who came, who could not and said why, who did not."""
    over = {one.id for one in places if one.end_date <= at}
    states = Counter(_came(one.state) for one in booked if one.session_id in over)
    return _counted(states, ("came", "excused", "missed", "not_noted"))


def _came(state: str) -> str:
    return "came" if state in CAME else {"excused": "excused", "no_show": "missed"}.get(state, "not_noted")


def _waits(session: Session, applied: Sequence[Application], groups: Mapping[str, str]) -> Sequence[Row]:
    """Days from applying to a seat, as the median of each group (`groups`: application -> group); nothing is told of fewer than five."""
    by_id = {one.id: one for one in applied}
    seats = select(Notice).where(col(Notice.application_id).in_(by_id), col(Notice.kind).in_(("confirmed", "won")))
    waited: dict[str, list[float]] = {}
    for notice in session.exec(seats).all():
        one = by_id[notice.application_id]
        waited.setdefault(groups[one.id], []).append((notice.made_at - one.submitted_at) / A_DAY)
    return [Row(group, round(median(times)) if len(times) >= SMALLEST_TOLD else HIDDEN) for group, times in sorted(waited.items())]


def _satisfaction(session: Session, ids: Sequence[str]) -> Sequence[Row]:
    said = select(Feedback.satisfaction).join(Application, col(Application.id) == Feedback.application_id)
    steps = Counter(str(one) for one in session.exec(said.where(col(Application.session_id).in_(ids))).all())
    return _counted(steps, [str(step) for step in STEPS])


def _skills(session: Session, since: datetime, until: datetime) -> Sequence[Row]:
    seen = session.exec(select(SkillEvidence).where(SkillEvidence.observed_at < until)).all()
    shown = len({(one.learner_id, one.skill) for one in seen if one.result == "alone" and one.observed_at >= since})
    month = kept_after_a_month(seen)
    kept = _told(month["kept"], month["looked_at"])
    return [Row("shown", _safe(shown)), Row("looked_at", _safe(month["looked_at"])), Row("kept", *kept)]


def volunteer_rows(session: Session, session_ids: Sequence[str]) -> Sequence[Row]:
    """Hours given, by how many people, and how often somebody stepped in. Hours of fewer than five people are told: they are no secret."""
    given = served_by(session, session_ids)
    return [Row("hours", given.minutes // 60), Row("people", _safe(given.people)), Row("stepped_in", _safe(given.stepped_in))]


def _counted(numbers: Counter[str], order: Iterable[str] | None = None) -> Sequence[Row]:
    """Shares of a whole. Where one small number could be worked out from the others, the next smallest is hidden too."""
    names, whole = list(order or sorted(numbers)), sum(numbers.values())
    hidden = {name for name in names if 0 < numbers[name] < SMALLEST_TOLD}
    if len(hidden) == 1 and len(names) > 1:
        others = [name for name in names if name not in hidden and numbers[name]]
        hidden |= set(sorted(others, key=lambda name: numbers[name])[:1])
    return [Row(name, HIDDEN) if name in hidden else Row(name, numbers[name], _percent(numbers[name], whole)) for name in names]


def _told(part: int, whole: int) -> tuple[int | None, int | None]:
    if whole < SMALLEST_TOLD or 0 < part < SMALLEST_TOLD or 0 < whole - part < SMALLEST_TOLD:
        return (0, None) if whole == 0 else (HIDDEN, None)
    return part, _percent(part, whole)


def _safe(number: int) -> int | None:
    return HIDDEN if 0 < number < SMALLEST_TOLD else number


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
