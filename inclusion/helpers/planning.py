"""Planning a class in the chat, one choice a message: topic, time, then the series; without it planning would need a desk.

Everything chosen so far stands in the words of the next button, so nothing half-planned is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from holidays import country_holidays
from sqlmodel import Session, col, select

from accessibility import Answer
from inclusion.helpers.plan_words import SaidOfClass, called, understood
from inclusion.helpers.words import HelperWords
from inclusion.municipalities import Town
from inclusion.skills import Scene, helping
from inclusion.skills.helping import Skill, TalkedOf
from lessons import Course, Room, ScheduledSession, Venue, Volunteer, team
from lessons.team import Clash, Proposal


@dataclass(frozen=True, slots=True)
class Planned:
    """The answer to one step of planning; `deed` is what happens with it."""

    skill: Skill
    deed: Callable[[Session, datetime], object] | None = None


@dataclass(frozen=True, slots=True)
class HelperPlanning:
    town: Town

    def reply(self, session: Session, volunteer: Volunteer, text: str, now: datetime) -> Planned:
        """The next question, or the class put down."""
        said = understood(session, volunteer, text, now.astimezone(self.town.timezone))
        if said.course is None:
            names = _own_first(session, volunteer)
            return Planned(lambda scene: helping.choose_course(names, scene))
        wanted = self._proposal(session, volunteer, said.course, said)
        if said.no_room:
            return Planned(self._rooms(session, wanted, said))
        if said.nobody or said.several:
            talked = self._talked(session, wanted)
            return Planned(lambda scene: helping.who_is_it(said.nobody, said.several, talked, said.dated, scene))
        if not said.dated:
            return Planned(self._offer(session, wanted, (), now))
        return self._put_down(session, volunteer, wanted, said, now)

    def closed(self, day: date) -> bool:
        return day in country_holidays("JP", years=day.year)

    def _put_down(self, session: Session, volunteer: Volunteer, wanted: Proposal, said: SaidOfClass, now: datetime) -> Planned:
        """Said twice it is put down once."""
        drafted = self._drafted(session, volunteer, wanted)
        clashes = () if drafted else team.clashes_of(session, wanted, self.closed, now)
        if clashes:
            return Planned(self._offer(session, wanted, clashes, now))
        if said.times > 1:
            return self._series(session, wanted, drafted, said.times, now)
        talked = self._talked(session, team.proposal_of(session, drafted) if drafted else wanted)
        deed = None if drafted else lambda s, at: team.propose(s, wanted, self.closed, at)
        return Planned(lambda scene: helping.planned(talked, scene), deed)

    def _series(self, session: Session, wanted: Proposal, drafted: ScheduledSession | None, times: int, now: datetime) -> Planned:
        """The weeks are tried now to be told, and once more when they are written down."""
        pattern = team.proposal_of(session, drafted) if drafted else wanted
        left_out, made = list[tuple[datetime, Sequence[Clash]]](), 1
        for week in range(1, times):
            one = replace(pattern, start=pattern.start + timedelta(days=7 * week))
            clashes = team.clashes_of(session, one, self.closed, now)
            left_out += [(one.start, clashes)] if clashes else []
            made += not clashes
        session_id, name = drafted.id if drafted else "", pattern.name

        def skill(scene: Scene) -> Answer:
            words = HelperWords(scene.say, scene.town.timezone, scene.language, scene.named)
            told = [scene.say("helper.plan.left_out", day=words.moment(day), why=words.clash(why[0])) for day, why in left_out]
            return helping.copied(name, made, told, scene)

        def deed(s: Session, at: datetime) -> object:
            first = session_id or team.propose(s, wanted, self.closed, at).id
            return team.copy_to_series(s, first, times, self.closed, at)

        return Planned(skill, deed)

    def _offer(self, session: Session, wanted: Proposal, clashes: Sequence[Clash], now: datetime) -> Skill:
        free = [self._talked(session, one) for one in team.nearest_free(session, wanted, self.closed, now)]
        free = sorted(free, key=lambda one: one.start)

        def skill(scene: Scene) -> Answer:
            words = HelperWords(scene.say, scene.town.timezone, scene.language, scene.named)
            return helping.choose_time(wanted.name, [words.clash(one) for one in clashes], free, scene)

        return skill

    def _rooms(self, session: Session, wanted: Proposal, said: SaidOfClass) -> Skill:
        """What was named is no room of ours: the rooms there are, those of the named venue first."""
        rooms = session.exec(select(Room).order_by(col(Room.venue_id) != wanted.venue_id, col(Room.venue_id), col(Room.name))).all()
        talked = [self._talked(session, replace(wanted, venue_id=one.venue_id, room=one.name)) for one in rooms]
        return lambda scene: helping.choose_room(said.no_room, talked, said.dated, scene)

    def _proposal(self, session: Session, volunteer: Volunteer, course: Course, said: SaidOfClass) -> Proposal:
        venues = session.exec(select(Venue).order_by(col(Venue.id))).all()
        venue = said.venue or next((one for one in venues if one.id == volunteer.base_venue), venues[0])
        helpers = (volunteer.id, *(one.id for one in said.helpers))
        made = Proposal(course.code, venue.id, said.room, said.start, course.duration_minutes, helpers, name=course.name)
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
        place = f"{venue.name} {wanted.room}".strip()
        others = tuple(called(session.get_one(Volunteer, one)) for one in wanted.helpers[1:])
        facts = {"day": day, "hour": hour, "name": wanted.name, "place": place}
        return TalkedOf(wanted.start, wanted.name, facts, place=place, others=others)


def _own_first(session: Session, volunteer: Volunteer) -> Sequence[str]:
    courses = session.exec(select(Course).order_by(col(Course.code))).all()
    return [one.name for one in sorted(courses, key=lambda one: (one.code not in volunteer.skills, one.code))]
