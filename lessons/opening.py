"""Staff make a class or a series with all its terms; without it every class would begin as a spreadsheet or a volunteer's idea.

draft → looked at → published (`scheduling.publish_class`) or discarded. Nobody outside sees a draft.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from .clashes import Clash, HolidayCheck, Proposal, clashes_of
from .errors import IllegalMove
from .helper_errors import ClassClashes
from .scheduling import described, drafted, drafts_of_series, name_series, turn_down
from .seats import lock_session
from .series_days import days_of
from .tables import Course, ScheduledSession
from .terms import Terms, check_terms

OVERRULED: Final = frozenset({"holiday", "hours"})  # staff may open on such a day all the same


@dataclass(frozen=True, slots=True)
class Planned:
    """What was put down, and the days of the series that could not be, each with its clashes."""

    made: Sequence[ScheduledSession]
    left_out: Sequence[tuple[datetime, Sequence[Clash]]]


def plan_classes(
    session: Session, proposal: Proposal, terms: Terms, rule: str, is_holiday: HolidayCheck, now: datetime, overrule: bool = False
) -> Planned:
    """Draft a class, or with an RRULE its series. Days after the first that clash are left out and said so.

    `overrule` opens on holidays and outside the usual hours. Raises ClassWrong, RuleWrong, ClassClashes (of the first day), CourseUnknown,
    VenueUnknown.
    """
    check_terms(proposal, terms, now)
    days = days_of(rule, proposal.start)
    made, left_out = list[ScheduledSession](), list[tuple[datetime, Sequence[Clash]]]()
    for day in days:
        one = replace(proposal, start=day)
        clashes = _clashes(session, one, is_holiday, now, overrule)
        if clashes and day == days[0]:
            raise ClassClashes(clashes)
        if clashes:
            left_out.append((day, clashes))
        else:
            made.append(drafted(session, one, terms.moved(day - proposal.start), now))
    if len(days) > 1:
        name_series(session, made, rule.strip())
    return Planned(made, left_out)


def change_draft(
    session: Session,
    session_id: str,
    proposal: Proposal,
    terms: Terms,
    is_holiday: HolidayCheck,
    now: datetime,
    whole_series: bool = False,
    overrule: bool = False,
) -> Planned:
    """Write a draft anew, with `whole_series` its other drafts too, each keeping its distance. Those that would clash stay as they are.

    Raises what `plan_classes` raises, and IllegalMove for a class that is no draft of staff's.
    """
    first = lock_session(session, session_id)
    if first.state != "draft" or first.proposed_by is not None:
        raise IllegalMove("class", first.state, "draft")
    check_terms(proposal, terms, now)
    others = drafts_of_series(session, first) if whole_series else ()
    moved, changing = proposal.start - _start(first), [first, *others]
    beside, changed, left_out = [one.id for one in changing], [first], list[tuple[datetime, Sequence[Clash]]]()
    if clashes := _clashes(session, proposal, is_holiday, now, overrule, beside):
        raise ClassClashes(clashes)
    for other in others:
        day = _start(other) + moved
        one, apart = replace(proposal, start=day), day - proposal.start
        if clashes := _clashes(session, one, is_holiday, now, overrule, beside):
            left_out.append((day, clashes))
            continue
        changed.append(_written(session, other, one, terms.moved(apart), now))
    _written(session, first, proposal, terms, now)
    return Planned(changed, left_out)


def discard_drafts(session: Session, session_id: str, now: datetime, whole_series: bool = False) -> int:
    """Take a draft back, with `whole_series` all of its series; returns how many. Raises IllegalMove once it is published."""
    first = lock_session(session, session_id)
    others = drafts_of_series(session, first) if whole_series else ()
    gone = [turn_down(session, one.id, now) for one in (first, *others)]
    return len(gone)


def drafts_of_staff(session: Session, now: datetime) -> Sequence[ScheduledSession]:
    """What staff have put down and not published, soonest first."""
    own = select(ScheduledSession).where(ScheduledSession.state == "draft", col(ScheduledSession.proposed_by).is_(None))
    found = own.where(ScheduledSession.start_date > now).order_by(col(ScheduledSession.start_date), col(ScheduledSession.id))
    return session.exec(found).all()


def terms_of(place: ScheduledSession) -> Terms:
    """The terms a class stands under, to be tried again or changed."""
    zone = ZoneInfo(place.tz)
    opens, closes, until = (at.astimezone(zone) for at in (place.registration_opens, place.registration_closes, place.cancel_deadline))
    return Terms(
        allocation=place.allocation,
        first_timer_seats=place.first_timer_seats,
        opens=opens,
        closes=closes,
        cancel_until=until,
        conditions=place.conditions,
        fee_yen=place.fee_yen,
        target_audience=place.target_audience,
        contact=place.contact,
        mode=place.event_attendance_mode,
        remote_address=place.remote_address,
    )


def _clashes(
    session: Session, proposal: Proposal, is_holiday: HolidayCheck, now: datetime, overrule: bool, beside: Collection[str] = ()
) -> Sequence[Clash]:
    found = clashes_of(session, proposal, is_holiday, now, beside)
    return [one for one in found if not (overrule and one.code in OVERRULED)]


def _written(session: Session, place: ScheduledSession, proposal: Proposal, terms: Terms, now: datetime) -> ScheduledSession:
    for name, value in described(proposal, terms, now).items():
        setattr(place, name, value)
    place.name = proposal.name or session.get_one(Course, proposal.course_code).name
    session.add(place)
    session.flush()
    return place


def _start(place: ScheduledSession) -> datetime:
    return place.start_date.astimezone(ZoneInfo(place.tz))


__all__ = ["OVERRULED", "Planned", "change_draft", "discard_drafts", "drafts_of_staff", "plan_classes", "terms_of"]
