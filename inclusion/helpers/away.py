"""Days on which a volunteer cannot come, said in the chat and taken back there; without it a day off would need the page.

「12月3日から5日まで休みます」 notes them, 「お休みを取り消す」 takes them back. Classes already promised for these days
stay promised until cover is asked for, so they are named at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from accessibility import Answer
from inclusion.helpers.plan_words import day_in
from inclusion.helpers.post import talked_of
from inclusion.helpers.words import HelperWords
from inclusion.municipalities import Town
from inclusion.skills import Scene, helping
from inclusion.skills.helping import Skill
from lessons import Availability, Volunteer, is_ours, team

Deed = Callable[[Session, datetime], object]
OFF: Final = r"お?休み(?:の日)?"
AWAY: Final = re.compile(
    rf"(?P<days>.{{2,30}}?)[はにの、]?\s*{OFF}(?:し?ます|に(?:する|します|して(?:ください)?)|を?(?:とり|取り|もらい)ます|です|を入れ(?:る|ます|て(?:ください)?))"
)
TAKE_BACK: Final = re.compile(
    rf"(?:(?P<days>.{{2,30}}?)の?\s*)?{OFF}を?(?:取り?消|とりけ)(?:す|し(?:ます|たい(?:です)?|て(?:ください)?)?)"
    rf"|{OFF}を?(?:やめ(?:る|ます|たい(?:です)?)|キャンセル(?:する|し(?:ます|たい(?:です)?|て(?:ください)?))?)"
    r"|(?:please )?(?:cancel|take back) my (?:days? (?:off|away)|time off)|取消休息日?|쉬는 날(?:을)? 취소(?:합니다|해 주세요)?",
    re.IGNORECASE,
)
BETWEEN: Final = re.compile(r"から|まで|[〜~–]")
BARE_DAY: Final = re.compile(r"\d{1,2}日")


@dataclass(frozen=True, slots=True)
class SaidOfDays:
    """`days` are none, one, or the first and the last that were named."""

    taking_back: bool
    days: tuple[date, ...]


def understood(said: str, today: date) -> SaidOfDays | None:
    """None for anything that is not about days away, and for days that cannot be read."""
    flat = unicodedata.normalize("NFKC", said)
    back = TAKE_BACK.fullmatch(flat)
    found = back or AWAY.fullmatch(flat)
    if found is None:
        return None
    days = _days_in(found["days"] or "", today)
    return None if days is None or not (days or back) else SaidOfDays(back is not None, days)


def reply(session: Session, town: Town, volunteer: Volunteer, said: SaidOfDays, now: datetime) -> tuple[Skill, Deed | None]:
    """What is said, and what happens in the transaction that stores the answer."""
    if not said.taking_back:
        return _note(session, town, volunteer, said.days, now)
    noted = team.days_away(session, volunteer.id, now.astimezone(town.timezone).date())
    fitting = _fitting(noted, said.days)
    if len(fitting) == 1:
        return _take_back(volunteer, fitting[0])
    return (lambda scene: _which(fitting, scene)), None


def _note(session: Session, town: Town, volunteer: Volunteer, days: Sequence[date], now: datetime) -> tuple[Skill, Deed | None]:
    first, last, volunteer_id = days[0], days[-1], volunteer.id
    if last < first or not is_ours(last):
        return (lambda scene: helping.nothing("helper.said.away.unclear", scene)), None
    away = Availability(volunteer_id=volunteer_id, kind="blocked", event_schedule="", first_day=first, last_day=last)
    promised = team.promised_between(session, volunteer_id, first, last, town.timezone, now)

    def skill(scene: Scene) -> Answer:
        talked = [talked_of(one.session, one.venue, scene.town, scene.language) for one in promised]
        return helping.noted_away(_words(scene).days(away), _said_days(away), talked, scene)

    return skill, lambda session, at: team.block_days(session, volunteer_id, first, last)


def _take_back(volunteer: Volunteer, away: Availability) -> tuple[Skill, Deed]:
    volunteer_id, away_id = volunteer.id, away.id

    def skill(scene: Scene) -> Answer:
        return helping.told("helper.said.back", scene, days=_words(scene).days(away))

    return skill, lambda session, at: team.unblock_days(session, volunteer_id, away_id)


def _which(noted: Sequence[Availability], scene: Scene) -> Answer:
    if not noted:
        return helping.nothing("helper.said.no_away", scene)
    words = _words(scene)
    return helping.which_days([(words.days(one), _said_days(one)) for one in noted], scene)


def _fitting(noted: Sequence[Availability], days: Sequence[date]) -> Sequence[Availability]:
    """Those that begin and end on the named days; else those in which the one named day lies. By month and day: a span may have begun."""
    if not days:
        return noted
    named = [_month_day(days[0]), _month_day(days[-1])]
    same = [one for one in noted if [_month_day(one.first_day), _month_day(one.last_day or one.first_day)] == named]
    return same or [one for one in noted if len(days) == 1 and one.first_day <= days[0] <= (one.last_day or one.first_day)]


def _days_in(text: str, today: date) -> tuple[date, ...] | None:
    """12月3日から5日まで: the second day takes the month of the first. None where something else stands there."""
    found = list[date]()
    for part in filter(None, (one.strip() for one in BETWEEN.split(text))):
        whole = f"{found[-1].month}月{part}" if found and BARE_DAY.fullmatch(part) else part
        day, rest = day_in(whole, today)
        if day is None or rest.strip("、は ") or len(found) > 1:
            return None
        found.append(day)
    return tuple(found)


def _said_days(away: Availability) -> str:
    """The words that find the days again: 12/3から12/5まで."""
    first, last = (f"{one.month}/{one.day}" for one in (away.first_day, away.last_day or away.first_day))
    return first if first == last else f"{first}から{last}まで"


def _month_day(day: date) -> tuple[int, int]:
    return day.month, day.day


def _words(scene: Scene) -> HelperWords:
    return HelperWords(scene.say, scene.town.timezone, scene.language)


__all__ = ["SaidOfDays", "reply", "understood"]
