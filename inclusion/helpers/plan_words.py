"""What a volunteer said of a class to hold: topic, day, hour, how often, which room, with whom.

Without it a room or a co-helper named in the chat would be passed over, and the class put down somewhere else and alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlmodel import Session, col, select

from lessons import Course, Room, Venue, Volunteer, team

DAY: Final = re.compile(r"(\d{1,2})[/月](\d{1,2})日?(?:\(.\))?")
WEEK: Final = re.compile(r"(今週|来週|再来週)の?([月火水木金土日])(?:曜日?)?")
NEAR: Final[Mapping[str, int]] = {"明日": 1, "あした": 1, "明後日": 2, "あさって": 2}
HOUR: Final = re.compile(r"(?:午後\s*(?P<pm>\d{1,2})|(?:午前\s*)?(?P<hour>\d{1,2}))(?::(?P<minute>\d{2})|時(?P<half>半)?)")
TIMES: Final = re.compile(r"(\d{1,2})回")
SOONEST: Final = timedelta(days=7)
USUAL_HOUR: Final = time(10)
NOON: Final = 12
HONORIFIC: Final = r"\s*(?:さん|様|さま|くん|君|先生)"
ROOM_LIKE: Final = re.compile(r"第?[一-龯々ァ-ヶーA-Za-z0-9]{1,8}?(?<!教)室|[一-龯々ァ-ヶー]{1,6}ホール")
SOMEBODY: Final = re.compile(rf"([一-龯々]{{1,6}}|[ァ-ヶー]{{2,10}}|[A-Za-z]{{2,12}}){HONORIFIC}")
NOBODY_OF_OURS: Final = frozenset({"皆", "職員", "係", "係員", "受講者", "参加者", "生徒", "学生", "奥", "娘", "息子", "孫"})
WEEKDAYS: Final = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class SaidOfClass:
    """`dated` is whether a day was named, `times` 0 where no number was. `no_room` is a room that nobody has, `nobody` names that no helper
    has, `several` names that more than one has.
    """

    course: Course | None
    start: datetime
    dated: bool = False
    times: int = 0
    venue: Venue | None = None
    room: str = ""
    no_room: str = ""
    helpers: Sequence[Volunteer] = ()
    nobody: Sequence[str] = ()
    several: Sequence[str] = ()


def understood(session: Session, volunteer: Volunteer, said: str, here: datetime) -> SaidOfClass:
    """`here` is now in the town's zone. A day that has passed means next year's; without one, a week from now; without an hour, ten."""
    flat = unicodedata.normalize("NFKC", said)
    course = _course_in(session, flat)
    rest = flat.replace(unicodedata.normalize("NFKC", course.name), "、") if course else flat
    day, rest = day_in(rest, here.date())
    at, rest = _hour_in(rest)
    times = TIMES.search(rest)
    rest = TIMES.sub("、", rest)
    venue, room, no_room, rest = _place_in(session, volunteer, rest)
    helpers, nobody, several = _people_in(session, volunteer, rest)
    start = datetime.combine(day or here.date() + SOONEST, at, here.tzinfo)
    return SaidOfClass(course, start, day is not None, int(times[1]) if times else 0, venue, room, no_room, helpers, nobody, several)


def called(volunteer: Volunteer) -> str:
    """The name as it is spoken of: without what stands in brackets behind it."""
    return " ".join(_parts(volunteer))


def _course_in(session: Session, flat: str) -> Course | None:
    """The course whose name is said, the longest first; its short name (地図 of 地図の使い方) will do."""
    courses = sorted(session.exec(select(Course)).all(), key=lambda one: -len(one.name))
    whole = next((one for one in courses if unicodedata.normalize("NFKC", one.name) in flat), None)
    return whole or next((one for one in courses if len(short := one.name.split("の")[0]) > 1 and short in flat), None)


def day_in(rest: str, today: date) -> tuple[date | None, str]:
    """The day that is named, and what is left of the words without it; None for no day, and for one that no year has."""
    if found := DAY.search(rest):
        return _this_or_next_year(int(found[1]), int(found[2]), today), DAY.sub("、", rest)
    if found := WEEK.search(rest):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=("今週", "来週", "再来週").index(found[1]))
        return monday + timedelta(days=WEEKDAYS.index(found[2])), WEEK.sub("、", rest)
    for word, days in NEAR.items():
        if word in rest:
            return today + timedelta(days=days), rest.replace(word, "、")
    return None, rest


def _this_or_next_year(month: int, day: int, today: date) -> date | None:
    try:
        wanted = date(today.year, month, day)
        return wanted if wanted >= today else wanted.replace(year=today.year + 1)
    except ValueError:
        return None


def _hour_in(rest: str) -> tuple[time, str]:
    found = HOUR.search(rest)
    if found is None:
        return USUAL_HOUR, rest
    hour = int(found["pm"]) % NOON + NOON if found["pm"] else int(found["hour"])
    return time(min(hour, 23), min(int(found["minute"] or (30 if found["half"] else 0)), 59)), HOUR.sub("、", rest)


def _place_in(session: Session, volunteer: Volunteer, rest: str) -> tuple[Venue | None, str, str, str]:
    """The venue and the room that are named, or what was called a room and is none; a room alone is looked for near the volunteer first."""
    venues = {one.id: one for one in session.exec(select(Venue).order_by(col(Venue.id))).all()}
    named = next((one for one in venues.values() if unicodedata.normalize("NFKC", one.name) in rest), None)
    rest = rest.replace(unicodedata.normalize("NFKC", named.name), "、") if named else rest
    rooms = [one for one in session.exec(select(Room)).all() if unicodedata.normalize("NFKC", one.name) in rest]
    there = [one for one in rooms if named is None or one.venue_id == named.id]
    there.sort(key=lambda one: (-len(one.name), one.venue_id != volunteer.base_venue, one.venue_id))
    if there:
        name = unicodedata.normalize("NFKC", there[0].name)
        return venues[there[0].venue_id], there[0].name, "", rest.replace(name, "、")
    unknown = ROOM_LIKE.search(rest)
    return named, "", unknown[0] if unknown else "", ROOM_LIKE.sub("、", rest)


def _people_in(session: Session, volunteer: Volunteer, rest: str) -> tuple[Sequence[Volunteer], Sequence[str], Sequence[str]]:
    """Helpers named by their whole name, or by family or given name with さん; the longest names first."""
    found, several = list[Volunteer](), list[str]()
    forms = _forms(session, volunteer)
    for form in sorted(forms, key=lambda one: -len(one)):
        name, optional = r"\s*".join(map(re.escape, form)), "?" if len(form) > 1 else ""
        left = re.sub(rf"(?<![一-龯々]){name}(?:{HONORIFIC}){optional}", "、", rest)
        if left == rest:
            continue
        rest = left
        if len(forms[form]) > 1:
            several.append("".join(form))
        else:
            found += [one for one in forms[form] if one not in found and one.id != volunteer.id]
    unknown = [one[1] for one in SOMEBODY.finditer(rest) if one[1] not in NOBODY_OF_OURS]
    return found, unknown, several


def _forms(session: Session, volunteer: Volunteer) -> Mapping[tuple[str, ...], Sequence[Volunteer]]:
    """Every way to name a helper, as the parts of a name, with whom it may mean. Who speaks is meant only where nobody else can be."""
    forms: dict[tuple[str, ...], list[Volunteer]] = {}
    for one in team.all_volunteers(session):
        parts = _parts(one)
        if one.state == "approved" and parts:
            for form in {tuple(parts), *((part,) for part in parts)}:
                forms.setdefault(form, []).append(one)
    return {form: [one for one in people if one.id != volunteer.id] or people for form, people in forms.items()}


def _parts(volunteer: Volunteer) -> Sequence[str]:
    return re.sub(r"\(.*?\)", "", unicodedata.normalize("NFKC", volunteer.name)).split()
