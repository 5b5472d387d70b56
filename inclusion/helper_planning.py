"""Planning a class in the chat, one choice a message: topic, time, then the series; without it planning would need a desk.

Everything chosen so far stands in the words of the next button, so nothing half-planned is kept anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from holidays import country_holidays
from sqlmodel import Session, col, select

from accessibility import Answer
from inclusion.helper_words import HelperWords
from inclusion.municipalities import Town
from inclusion.skills import Scene, helping
from inclusion.skills.helping import Skill, TalkedOf
from lessons import Course, ScheduledSession, Venue, Volunteer, team
from lessons.team import Clash, Proposal

DAY: Final = re.compile(r"(\d{1,2})[/月](\d{1,2})日?(?:[（(].[)）])?")
HOUR: Final = re.compile(r"(?:午後\s*(?P<pm>\d{1,2})|(?P<hour>\d{1,2}))(?::(?P<minute>\d{2})|時(?P<half>半)?)")
TIMES: Final = re.compile(r"(\d{1,2})回")
SOONEST: Final = timedelta(days=7)
USUAL_HOUR: Final = time(10)


@dataclass(frozen=True, slots=True)
class Planned:
    """The answer to one step of planning; `deed` is what happens with it."""

    skill: Skill
    deed: Callable[[Session, datetime], object] | None = None


@dataclass(frozen=True, slots=True)
class HelperPlanning:
    town: Town

    def reply(self, session: Session, volunteer: Volunteer, said: str, now: datetime) -> Planned:
        """The next question, or the class put down."""
        course = _course_in(session, said)
        if course is None:
            names = _own_first(session, volunteer)
            return Planned(lambda scene: helping.choose_course(names, scene))
        rest = unicodedata.normalize("NFKC", said).replace(unicodedata.normalize("NFKC", course.name), " ")
        wanted = self._proposal(session, volunteer, course, rest, now)
        if DAY.search(rest) is None:
            return Planned(self._offer(session, wanted, (), now))
        times = TIMES.search(rest)
        drafted = self._drafted(session, volunteer, wanted) if times else None
        if times and drafted is not None:
            return self._series(session, drafted, int(times[1]), now)
        clashes = team.clashes_of(session, wanted, self.closed, now)
        if clashes:
            return Planned(self._offer(session, wanted, clashes, now))
        talked = self._talked(session, wanted)
        return Planned(lambda scene: helping.planned(talked, scene), lambda s, at: team.propose(s, wanted, self.closed, at))

    def closed(self, day: date) -> bool:
        return day in country_holidays("JP", years=day.year)

    def _series(self, session: Session, drafted: ScheduledSession, times: int, now: datetime) -> Planned:
        """The weeks are tried now to be told, and once more when they are written down."""
        pattern, left_out, made = team.proposal_of(session, drafted), list[tuple[datetime, Sequence[Clash]]](), 1
        for week in range(1, times):
            one = replace(pattern, start=pattern.start + timedelta(days=7 * week))
            clashes = team.clashes_of(session, one, self.closed, now)
            left_out += [(one.start, clashes)] if clashes else []
            made += not clashes
        session_id, name = drafted.id, drafted.name

        def skill(scene: Scene) -> Answer:
            words = HelperWords(scene.say, scene.town.timezone, scene.language)
            told = [scene.say("helper.plan.left_out", day=words.moment(day), why=words.clash(why[0])) for day, why in left_out]
            return helping.copied(name, made, told, scene)

        return Planned(skill, lambda s, at: team.copy_to_series(s, session_id, times, self.closed, at))

    def _offer(self, session: Session, wanted: Proposal, clashes: Sequence[Clash], now: datetime) -> Skill:
        free = [self._talked(session, one) for one in team.nearest_free(session, wanted, self.closed, now)]
        free = sorted(free, key=lambda one: one.start)

        def skill(scene: Scene) -> Answer:
            words = HelperWords(scene.say, scene.town.timezone, scene.language)
            return helping.choose_time(wanted.name, [words.clash(one) for one in clashes], free, scene)

        return skill

    def _proposal(self, session: Session, volunteer: Volunteer, course: Course, rest: str, now: datetime) -> Proposal:
        venues = session.exec(select(Venue).order_by(col(Venue.id))).all()
        named = next((one for one in venues if unicodedata.normalize("NFKC", one.name) in rest), None)
        venue = named or next((one for one in venues if one.id == volunteer.base_venue), venues[0])
        start = _moment_in(rest, now.astimezone(self.town.timezone))
        made = Proposal(course.code, venue.id, "", start, course.duration_minutes, (volunteer.id,), name=course.name)
        return team.with_room(session, made)

    def _drafted(self, session: Session, volunteer: Volunteer, wanted: Proposal) -> ScheduledSession | None:
        """The class put down a message ago."""
        mine = select(ScheduledSession).where(
            ScheduledSession.proposed_by == volunteer.id,
            ScheduledSession.state == "draft",
            ScheduledSession.course_code == wanted.course_code,
            ScheduledSession.start_date == wanted.start,
        )
        return session.exec(mine).first()

    def _talked(self, session: Session, wanted: Proposal) -> TalkedOf:
        venue = session.get_one(Venue, wanted.venue_id)
        words = HelperWords(lambda *_: "", self.town.timezone)
        day, _, hour = words.moment(wanted.start).partition(" ")
        facts = {"day": day, "hour": hour, "name": wanted.name, "place": f"{venue.name} {wanted.room}".strip()}
        return TalkedOf(wanted.start, wanted.name, facts)


def _course_in(session: Session, said: str) -> Course | None:
    """The course whose name is said, the longest first; its short name (地図 of 地図の使い方) will do."""
    flat = unicodedata.normalize("NFKC", said)
    courses = sorted(session.exec(select(Course)).all(), key=lambda one: -len(one.name))
    whole = next((one for one in courses if unicodedata.normalize("NFKC", one.name) in flat), None)
    return whole or next((one for one in courses if len(short := one.name.split("の")[0]) > 1 and short in flat), None)


def _own_first(session: Session, volunteer: Volunteer) -> Sequence[str]:
    courses = session.exec(select(Course).order_by(col(Course.code))).all()
    return [one.name for one in sorted(courses, key=lambda one: (one.code not in volunteer.skills, one.code))]


def _moment_in(rest: str, here: datetime) -> datetime:
    """The day and hour that are said; a week from now at ten without them. A day that has passed means next year's."""
    day, clock = DAY.search(rest), HOUR.search(DAY.sub(" ", rest))
    at = USUAL_HOUR
    if clock is not None:
        hour = int(clock["pm"]) + 12 if clock["pm"] else int(clock["hour"])
        at = time(min(hour, 23), min(int(clock["minute"] or (30 if clock["half"] else 0)), 59))
    if day is None:
        return datetime.combine(here.date() + SOONEST, at, here.tzinfo)
    try:
        wanted = date(here.year, int(day[1]), int(day[2]))
        wanted = wanted if wanted >= here.date() else wanted.replace(year=here.year + 1)
    except ValueError:
        wanted = here.date()
    return datetime.combine(wanted, at, here.tzinfo)
