"""The roster behind the staff door: draft, changes, reasons, one press to ask everybody; without it planning takes a day a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.helpers.words import HelperWords
from inclusion.staff.accounts import Staff
from inclusion.web.errors import NotFound
from inclusion.web.reader import Reader
from lessons import Assignment, CoverRequest, RosterRun, ScheduledSession, Volunteer, one_class, team
from lessons.errors import SessionUnknown

from .team import Deed, TeamDesk
from .words import LessonWords

Typed = Annotated[str, Form(max_length=200)]
DAYS: Final = (7, 14, 28)
SOLVE_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One helper at one class with the reasons in words."""

    assignment: Assignment
    who: str
    what: str
    start: datetime
    why: Sequence[str]


def roster_router(desk: TeamDesk) -> APIRouter:
    """Everything under /staff/roster and /staff/teams."""
    router, door = desk.router(), desk.door
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]
    _add_roster(router, desk, signed_in)
    _add_proposals(router, desk, signed_in)
    _add_team(router, desk, signed_in)
    return router


def _add_roster(router: APIRouter, desk: TeamDesk, signed_in: Any) -> None:
    @router.get("/staff/roster")
    def roster(request: Request, staff: signed_in) -> Response:
        return roster_page(desk, request, staff)

    @router.post("/staff/roster", dependencies=desk.own_forms)
    def draft(
        request: Request, staff: signed_in, days: Annotated[int, Form(ge=1, le=62)] = 28, move: Typed = "", key: Typed = ""
    ) -> Response:
        """With `move` those who stand already may be asked to stay at home where cover cannot be had otherwise."""
        desk.door.check_form(request, key)
        return _drafted(desk, request, staff, days, move == "yes", key)

    @router.post("/staff/roster/{run_id}", dependencies=desk.own_forms)
    def settle(request: Request, staff: signed_in, run_id: str, step: Typed = "", key: Typed = "") -> Response:
        tz = str(desk.pages.zone)
        deeds = {
            "publish": lambda session, now: team.publish(session, run_id, tz, now),
            "discard": lambda session, now: team.discard(session, run_id, now),
        }
        if step not in deeds:
            raise NotFound
        error = desk.do(request, staff, key, step, ("roster", run_id), deeds[step])
        return roster_page(desk, request, staff, error) if error else _see("/staff/roster")

    @router.post("/staff/roster/told/{notice_id}", dependencies=desk.own_forms)
    def told(request: Request, staff: signed_in, notice_id: str, key: Typed = "") -> Response:
        error = desk.do(request, staff, key, "told", ("notice", notice_id), _tells(notice_id, staff))
        return roster_page(desk, request, staff, error) if error else _see("/staff/roster")


def _tells(notice_id: str, staff: Staff) -> Deed:
    return lambda session, now: team.tell_helper(session, notice_id, f"staff {staff.id}", now)


def _drafted(desk: TeamDesk, request: Request, staff: Staff, days: int, may_move: bool, key: str) -> Response:
    """Read, work out, write: nobody's booking waits while the solver works."""
    now, tz = desk.services.clock(), str(desk.pages.zone)
    first = now.astimezone(desk.pages.zone).date()
    last = first + timedelta(days=days)
    with desk.services.database.reading() as session:
        problem = team.read_problem(session, first, last, tz, now, may_move)
    plan = team.solve(problem, SOLVE_S)
    subject = ("roster", f"{first:%Y%m%d}-{last:%Y%m%d}")
    error = desk.do(request, staff, key, "draft", subject, lambda session, at: team.keep_draft(session, problem, plan, first, last, at))
    return roster_page(desk, request, staff, error) if error else _see("/staff/roster")


def _add_proposals(router: APIRouter, desk: TeamDesk, signed_in: Any) -> None:
    @router.post("/staff/roster/proposals/{session_id}", dependencies=desk.own_forms)
    def proposal(request: Request, staff: signed_in, session_id: str, step: Typed = "", key: Typed = "") -> Response:
        """One press: the class and the rest of its series are shown to everybody, and its helpers are told."""
        deeds = {
            "publish": lambda session, now: team.publish_class(session, session_id, now),
            "turn_down": lambda session, now: team.turn_down(session, session_id, now),
        }
        if step not in deeds:
            raise NotFound
        error = desk.do(request, staff, key, step, ("class", session_id), deeds[step])
        return roster_page(desk, request, staff, error) if error else _see("/staff/roster")


def _add_team(router: APIRouter, desk: TeamDesk, signed_in: Any) -> None:
    @router.get("/staff/teams/{session_id}")
    def class_team(request: Request, staff: signed_in, session_id: str) -> Response:
        return team_page(desk, request, staff, session_id)

    @router.post("/staff/teams/{session_id}", dependencies=desk.own_forms)
    def change(
        request: Request,
        staff: signed_in,
        session_id: str,
        step: Typed = "",
        assignment: Typed = "",
        volunteer: Typed = "",
        ask: Typed = "",
        key: Typed = "",
    ) -> Response:
        deeds = _deeds(session_id, assignment, volunteer, ask)
        if step not in deeds:
            raise NotFound
        error = desk.do(request, staff, key, step, ("class", session_id), deeds[step])
        return team_page(desk, request, staff, session_id, error) if error else _see(f"/staff/teams/{session_id}")


def _deeds(session_id: str, assignment: str, volunteer: str, question: str) -> Mapping[str, Deed]:
    """Staff do for a helper on the telephone what the helper would press. `question` is the one whether they would step in."""

    def ask(session: Session, now: datetime) -> None:
        team.ask(session, team.assign(session, session_id, volunteer, now), now)

    return {
        "ask": ask,
        "yes": lambda session, now: team.accept(session, assignment, now),
        "no": lambda session, now: team.decline(session, assignment, now),
        "cover": lambda session, now: team.want_cover(session, assignment, now),
        "after_all": lambda session, now: team.can_come_after_all(session, assignment, now),
        "withdraw": lambda session, now: team.withdraw(session, assignment, now),
        "step_in": lambda session, now: team.accept_cover(session, question, now),
        "not_this_time": lambda session, now: team.decline_cover(session, question, now),
    }


def roster_page(desk: TeamDesk, request: Request, staff: Staff, error: str = "") -> Response:
    """What waits for staff first: classes proposed, cover not found, people to call; then the roster."""
    words, now = desk.words(request), desk.services.clock()
    with desk.services.database.reading() as session:
        run = team.latest_run(session)
        names = {one.id: one.name for one in team.all_volunteers(session)}
        changed = team.changes_of(session, run) if run is not None else team.Changed((), (), ())
        duties = team.duties_by_id(session, [one.id for part in (changed.new, changed.staying, changed.leaving) for one in part])
        values = {
            "run": run,
            "new": [_line(duties[one.id], names, words) for one in changed.new],
            "staying": [_line(duties[one.id], names, words) for one in changed.staying],
            "leaving": [_line(duties[one.id], names, words) for one in changed.leaving],
            "gaps": _gaps(session, run, names, words),
            "proposals": [(one, _who(session, one.proposed_by), words.moment(one.start_date)) for one in team.proposals(session, now)],
            "searches": _searches(session, words, now),
            "calls": team.helpers_to_tell(session),
        }
    return desk.page(request, staff, "roster", error, all_days=DAYS, **values)


def team_page(desk: TeamDesk, request: Request, staff: Staff, session_id: str, error: str = "") -> Response:
    words, now = desk.words(request), desk.services.clock()
    with desk.services.database.reading() as session:
        try:
            one = one_class(session, session_id)
        except SessionUnknown:
            raise NotFound from None
        people = [(row, volunteer, words.why(row.reasons)) for row, volunteer in team.helpers_of(session, session_id)]
        standing = {row.volunteer_id for row, _, _ in people if row.active_key}
        others = [each for each in team.all_volunteers(session) if each.id not in standing and each.state == "approved"]
        asked = [ask for row, _, _ in people if (found := team.request_of(session, row.id)) for ask in team.asks_of(session, found.id)]
    card = LessonWords(desk.pages, Reader.of(request)).card(one, now)
    return desk.page(request, staff, "class_team", error, card=card, people=people, others=others, asked=asked)


def _line(duty: team.Duty, names: dict[str, str], words: HelperWords) -> RosterLine:
    one = duty.assignment
    return RosterLine(one, names.get(one.volunteer_id, ""), words.one(duty), duty.session.start_date, words.why(one.reasons))


def _gaps(session: Session, run: RosterRun | None, names: dict[str, str], words: HelperWords) -> Sequence[tuple[str, str, Sequence[str]]]:
    found = []
    for gap in run.gaps if run is not None else ():
        place = session.get(ScheduledSession, gap["lesson_id"])
        if place is not None:
            found.append((place.id, f"{words.moment(place.start_date)} {place.name}", words.gap(gap, names)))
    return found


def _searches(session: Session, words: HelperWords, now: datetime) -> Sequence[tuple[CoverRequest, str]]:
    """Where somebody is looked for; what nobody was found for comes first."""
    open_ones = select(CoverRequest, ScheduledSession).where(
        CoverRequest.session_id == ScheduledSession.id,
        col(CoverRequest.state).in_(("asking", "escalated")),
        ScheduledSession.start_date > now,
    )
    rows = session.exec(open_ones.order_by(col(CoverRequest.state).desc(), col(ScheduledSession.start_date))).all()
    return [(search, f"{words.moment(place.start_date)} {place.name}") for search, place in rows]


def _who(session: Session, volunteer_id: str | None) -> str:
    found = session.get(Volunteer, volunteer_id) if volunteer_id else None
    return found.name if found else ""


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(f"{path}?done=1", status_code=303)
