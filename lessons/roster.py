"""The roster in the books: what it is worked out from, the draft, what it changes, and publishing it; without it a plan stays on paper.

Reading, working out and writing are three steps, so that nobody's booking waits for a solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from .assignments import active_key, ask_no_more, helper_notice, may_help, set_helpers
from .availability import FreeTimes, free_times, patterns_of
from .helper_errors import RosterOutdated, RosterUnknown
from .roster_model import FIRST_LANGUAGE, Fit, Helper, Lesson, Pair, Plan, Problem
from .roster_reasons import why_chosen, why_empty
from .states import COMING, move
from .tables import Course, ScheduledSession, Venue
from .travel import travel_table
from .volunteer_tables import Assignment, RosterRun, Volunteer

QUARTER: Final = timedelta(days=91)
ANSWER_WITHIN: Final = timedelta(days=3)
TO_BE_HELD: Final = ("published", "drawing", "awarded")
BINDING: Final = ("published", "accepted")  # these stand; those who want cover do not fill their place any more


@dataclass(frozen=True, slots=True)
class Changed:
    """What publishing a draft does: who is asked anew, who stays, who need not come any more."""

    new: Sequence[Assignment]
    staying: Sequence[Assignment]
    leaving: Sequence[Assignment]


def read_problem(session: Session, first: date, last: date, tz: str, now: datetime, may_move: bool = False) -> Problem:
    """Everything a roster for these days depends on. With `may_move` what was published may be changed where cover demands it."""
    zone = ZoneInfo(tz)
    places = _places(session, first, last, zone, now)
    volunteers = session.exec(select(Volunteer).where(Volunteer.state == "approved").order_by(col(Volunteer.id))).all()
    standing = _standing(session, places)
    courses, venues = {one.code: one for one in session.exec(select(Course))}, {one.id: one for one in session.exec(select(Venue))}
    counted = _coming(session, places)
    lessons = [_lesson(place, courses[place.course_code], zone, counted.get(place.id, 0)) for place in places]
    patterns = patterns_of(session, [one.id for one in volunteers])
    past, ways, refused = _past(session, now), travel_table(venues), _refused(session, places)
    fits, blocked = dict[Pair, Fit](), dict[Pair, str]()
    for volunteer in volunteers:
        free = free_times(patterns[volunteer.id], first, last)
        for lesson in lessons:
            pair = (volunteer.id, lesson.id)
            why = "said_no" if pair in refused else why_not(volunteer, lesson, free, zone, ways)
            if why is None:
                fits[pair] = Fit(free.at(lesson.start, lesson.end, zone) == "preferred", ways.get((volunteer.base_venue, lesson.venue), 0))
            else:
                blocked[pair] = why
    known = {one.id for one in volunteers}
    stays = {(one.volunteer_id, one.session_id): one for one in standing if one.volunteer_id in known}
    pinned = frozenset(pair for pair, one in stays.items() if one.pinned or not may_move)
    helpers = [_helper(one, past.get(one.id, 0)) for one in volunteers]
    return Problem(lessons, helpers, fits, blocked, pinned, frozenset(stays) - pinned, ways)


def keep_draft(session: Session, problem: Problem, plan: Plan, first: date, last: date, now: datetime) -> RosterRun:
    """Write the plan down as a draft, in place of an older one for the same days. Nobody is told yet."""
    for old in session.exec(
        select(RosterRun).where(RosterRun.state == "draft", RosterRun.first_day <= last, RosterRun.last_day >= first)
    ).all():
        discard(session, old.id, now)
    leaving = sorted(problem.kept - plan.chosen)
    objective: dict[str, Any] = {**plan.scores, "gap": round(plan.gap, 6), "most_classes": plan.most_classes}
    objective |= {"leaving": [list(pair) for pair in leaving], "may_move": bool(problem.kept)}
    gaps = [one.as_dict() for one in why_empty(problem, plan)]
    run = RosterRun(first_day=first, last_day=last, inputs_hash=problem.digest, objective=objective, gaps=gaps, made_at=now)
    session.add(run)
    session.flush()
    reasons = why_chosen(problem, plan)
    for pair in sorted(plan.chosen - problem.fixed - problem.kept):
        session.add(_proposed(pair, [one.as_dict() for one in reasons[pair]], run, now))
    session.flush()
    return run


def changes_of(session: Session, run: RosterRun) -> Changed:
    """The difference between what stands and the draft."""
    new = session.exec(
        select(Assignment).where(Assignment.run_id == run.id, Assignment.state == "proposed").order_by(col(Assignment.id))
    ).all()
    in_days = _in_days(session, run)
    gone = {tuple(pair) for pair in run.objective.get("leaving", [])}
    leaving = [one for one in in_days if (one.volunteer_id, one.session_id) in gone]
    return Changed(new, [one for one in in_days if one not in leaving], leaving)


def publish(session: Session, run_id: str, tz: str, now: datetime) -> Changed:
    """Ask everybody in the draft; those who are not needed any more hear of it. Raises RosterOutdated when something has changed since."""
    run = known_run(session, run_id)
    may_move = bool(run.objective.get("may_move"))
    if read_problem(session, run.first_day, run.last_day, tz, now, may_move).digest != run.inputs_hash:
        raise RosterOutdated
    changed = changes_of(session, run)
    move("roster", run, "published")
    run.published_at = now
    for one in changed.leaving:
        set_helpers(session, one, "withdrawn", now)
        session.add(helper_notice("not_needed", one, now))
    for one in changed.new:
        move("assignment", one, "published")
        one.changed_at = now
        session.add_all([one, helper_notice("asked", one, now, now + ANSWER_WITHIN)])
        ask_no_more(session, one, now)
    session.add(run)
    session.flush()
    return changed


def discard(session: Session, run_id: str, now: datetime) -> None:
    run = known_run(session, run_id)
    move("roster", run, "discarded")
    for one in session.exec(select(Assignment).where(Assignment.run_id == run.id, Assignment.state == "proposed")).all():
        move("assignment", one, "withdrawn")
        one.active_key, one.changed_at = None, now
        session.add(one)
    session.add(run)
    session.flush()


def known_run(session: Session, run_id: str) -> RosterRun:
    """Raises RosterUnknown."""
    run = session.get(RosterRun, run_id)
    if run is None:
        raise RosterUnknown
    return run


def latest_run(session: Session) -> RosterRun | None:
    newest = select(RosterRun).where(RosterRun.state != "discarded").order_by(col(RosterRun.made_at).desc())
    return session.exec(newest.limit(1)).one_or_none()


def why_not(volunteer: Volunteer, lesson: Lesson, free: FreeTimes, zone: ZoneInfo, ways: Mapping[tuple[str, str], int]) -> str | None:
    """The first rule that keeps a volunteer from a class, before any roster: check, own times, way."""
    if not may_help(volunteer, lesson.day):
        return "check_over"
    said = free.at(lesson.start, lesson.end, zone)
    if said == "blocked":
        return "away"
    if said is None:
        return "not_said"
    if ways.get((volunteer.base_venue, lesson.venue), 0) > volunteer.travel_minutes:
        return "too_far"
    return None


def _places(session: Session, first: date, last: date, zone: ZoneInfo, now: datetime) -> Sequence[ScheduledSession]:
    begin = max(now, datetime.combine(first, time(), zone))
    end = datetime.combine(last, time(), zone) + timedelta(days=1)
    found = select(ScheduledSession).where(
        col(ScheduledSession.state).in_(TO_BE_HELD), ScheduledSession.start_date >= begin, ScheduledSession.start_date < end
    )
    return session.exec(found.order_by(col(ScheduledSession.start_date), col(ScheduledSession.id))).all()


def _lesson(place: ScheduledSession, course: Course, zone: ZoneInfo, coming: int) -> Lesson:
    """`need` leaves out helpers whom staff counted by hand and who have no name here."""
    wanted = -(-place.maximum_attendee_capacity // place.helper_ratio) if place.helper_ratio else 0
    unnamed = max(0, place.confirmed_helpers - coming)
    language = place.in_language or course.in_language or FIRST_LANGUAGE
    start, end = place.start_date.astimezone(zone), place.end_date.astimezone(zone)
    return Lesson(
        place.id, place.course_code, place.super_event or place.id, place.venue_id, start, end, max(0, wanted - unnamed), language
    )


def _helper(volunteer: Volunteer, past: int) -> Helper:
    return Helper(
        volunteer.id,
        frozenset(volunteer.skills),
        frozenset(volunteer.languages),
        volunteer.max_minutes_week,
        volunteer.max_per_day,
        past,
    )


def _standing(session: Session, places: Sequence[ScheduledSession]) -> Sequence[Assignment]:
    ids = [one.id for one in places]
    return session.exec(select(Assignment).where(col(Assignment.session_id).in_(ids), col(Assignment.state).in_(BINDING))).all()


def _in_days(session: Session, run: RosterRun) -> Sequence[Assignment]:
    """What stands for the days of a draft, a day's grace for the zone on either side."""
    low, high = (datetime.combine(day, time(), ZoneInfo("UTC")) for day in (run.first_day, run.last_day))
    joined = select(Assignment).join(ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id))
    within = joined.where(
        col(Assignment.state).in_(BINDING),
        ScheduledSession.start_date >= low - timedelta(days=1),
        ScheduledSession.start_date < high + timedelta(days=2),
    )
    return session.exec(within.order_by(col(ScheduledSession.start_date), col(Assignment.id))).all()


def _refused(session: Session, places: Sequence[ScheduledSession]) -> frozenset[Pair]:
    """Who already said that they cannot come."""
    said_no = col(Assignment.state).in_(("declined", "cover_wanted", "covered"))
    found = select(Assignment).where(col(Assignment.session_id).in_([one.id for one in places]), said_no)
    return frozenset((one.volunteer_id, one.session_id) for one in session.exec(found).all())


def _coming(session: Session, places: Sequence[ScheduledSession]) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    ids = [one.id for one in places]
    for one in session.exec(select(Assignment).where(col(Assignment.session_id).in_(ids), col(Assignment.state).in_(COMING))).all():
        counted[one.session_id] = counted.get(one.session_id, 0) + 1
    return counted


def _past(session: Session, now: datetime) -> Mapping[str, int]:
    """How many classes everybody helped at in the last quarter."""
    counted: dict[str, int] = {}
    joined = select(Assignment.volunteer_id).join(ScheduledSession, col(ScheduledSession.id) == col(Assignment.session_id))
    for volunteer_id in session.exec(joined.where(Assignment.state == "served", ScheduledSession.start_date > now - QUARTER)).all():
        counted[volunteer_id] = counted.get(volunteer_id, 0) + 1
    return counted


def _proposed(pair: Pair, reasons: list[dict[str, object]], run: RosterRun, now: datetime) -> Assignment:
    role = "lead" if any(one["code"] == "knows_course" for one in reasons) else "helper"
    key = active_key(pair[1], pair[0])
    return Assignment(session_id=pair[1], volunteer_id=pair[0], role=role, active_key=key, reasons=reasons, run_id=run.id, changed_at=now)


__all__ = ["ANSWER_WITHIN", "Changed", "changes_of", "discard", "keep_draft", "known_run", "latest_run", "publish", "read_problem"]
