"""Where staff make a class or a series and publish it; without it a new class would need a spreadsheet and somebody to import it.

One form, no script: faults, clashes and the nearest free times come back above what was typed. A draft is looked at, changed, published.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.staff.accounts import Staff
from inclusion.web.errors import NotFound
from inclusion.web.reader import Reader
from lessons import RESIDENCIES, Course, LessonError, ScheduledSession, one_class, team
from lessons.errors import SessionUnknown
from lessons.opening import OVERRULED
from lessons.series_days import MOST
from lessons.team import ClassClashes, ClassWrong, Planned, Proposal, RuleWrong
from lessons.terms import ALLOCATIONS, LANGUAGES, MODES

from .form import REPEATS, WHOM, ClassForm, at_time, fields_of, form_of
from .team import LANGUAGE_NAMES, TeamDesk
from .volunteer_planning import A_WEEK, all_rooms, closed
from .words import LessonWords

CLERK: Final = "clerk"
HERE: Final = "/staff/lessons/plan"
Typed = Annotated[str, Form(max_length=200)]
Filled = Annotated[ClassForm, Form()]
CHOICES: Final = {"repeats": REPEATS, "allocations": ALLOCATIONS, "all_whom": WHOM, "modes": MODES, "homes": RESIDENCIES[:3], "most": MOST}


def class_planning_router(desk: TeamDesk) -> APIRouter:
    """/staff/lessons/plan and the page of each draft, for a clerk or an administrator."""
    router, plan = desk.router(), _PlanDesk(desk)
    clerk = Annotated[Staff, Depends(desk.door.needs_role(CLERK))]

    @router.get(HERE)
    def form(request: Request, staff: clerk, like: str = "") -> Response:
        return plan.empty(request, staff, like)

    @router.post(HERE, dependencies=desk.own_forms)
    def make(request: Request, staff: clerk, typed: Filled) -> Response:
        return plan.make(request, staff, typed)

    @router.get(HERE + "/{session_id}")
    def draft(request: Request, staff: clerk, session_id: str) -> Response:
        return plan.draft(request, staff, session_id)

    @router.post(HERE + "/{session_id}", dependencies=desk.own_forms)
    def change(request: Request, staff: clerk, session_id: str, typed: Filled) -> Response:
        return plan.change(request, staff, session_id, typed)

    @router.post(HERE + "/{session_id}/settle", dependencies=desk.own_forms)
    def settle(request: Request, staff: clerk, session_id: str, step: Typed = "", series: Typed = "", key: Typed = "") -> Response:
        return plan.settle(request, staff, session_id, step, series == "yes", key)

    return router


class _PlanDesk:
    def __init__(self, desk: TeamDesk) -> None:
        self._desk, self._zone = desk, desk.pages.zone

    def empty(self, request: Request, staff: Staff, like: str) -> Response:
        """A blank form, or one filled with a class there is already, a week after it."""
        now = self._desk.services.clock()
        with self._desk.services.database.reading() as session:
            found = session.get(ScheduledSession, like) if like else None
            form = self._like(session, found, now) if found else self._blank(now)
        return self._form_page(request, staff, form)

    def make(self, request: Request, staff: Staff, typed: ClassForm) -> Response:
        def deed(session: Session, now: datetime) -> Planned:
            proposal, terms, rule = typed.read(self._zone)
            return team.plan_classes(session, team.with_room(session, proposal), terms, rule, closed, now, typed.all_the_same == "yes")

        return self._tried(request, staff, typed, "plan", deed)

    def change(self, request: Request, staff: Staff, session_id: str, typed: ClassForm) -> Response:
        typed = typed.model_copy(update={"session": session_id})

        def deed(session: Session, now: datetime) -> Planned:
            proposal, terms, _ = typed.read(self._zone)
            series, overrule = typed.series == "yes", typed.all_the_same == "yes"
            return team.change_draft(session, session_id, proposal, terms, closed, now, series, overrule)

        return self._tried(request, staff, typed, "change", deed)

    def settle(self, request: Request, staff: Staff, session_id: str, step: str, series: bool, key: str) -> Response:
        """One press shows the class and the rest of its series to everybody, or takes them back."""
        deeds = {
            "publish": lambda session, now: team.publish_class(session, session_id, now),
            "discard": lambda session, now: team.discard_drafts(session, session_id, now, series),
        }
        if step not in deeds:
            raise NotFound
        error = self._desk.do(request, staff, key, step, ("class", session_id), deeds[step])
        if error:
            return self.draft(request, staff, session_id, error)
        return RedirectResponse("/staff/lessons?done=1", status_code=303)

    def draft(self, request: Request, staff: Staff, session_id: str, error: str = "", left_out: Any = ()) -> Response:
        """A draft as residents will see it, its series, and the form to change it; a published class has its own page."""
        words, now = LessonWords(self._desk.pages, Reader.of(request)), self._desk.services.clock()
        with self._desk.services.database.reading() as session:
            try:
                one = one_class(session, session_id)
            except SessionUnknown:
                raise NotFound from None
            series = [one.session, *team.drafts_of_series(session, one.session)]
            form = form_of(one.session, team.proposal_of(session, one.session))
        if one.session.state != "draft":
            return RedirectResponse(f"/staff/lessons/{session_id}", status_code=303)
        told = self._desk.words(request)
        days = sorted((place.start_date, place.id) for place in series)
        values: dict[str, Any] = {
            "card": words.card(one, now),
            "closes": told.moment(one.session.registration_closes),
            "days": [(told.moment(day), id_) for day, id_ in days],
            "left_out": [(told.moment(day), [told.clash(clash) for clash in why]) for day, why in left_out],
            "ours": one.session.proposed_by is None,
        }
        return self._desk.page(request, staff, "class_draft", error, form=form, **values, **self._choices())

    def _tried(self, request: Request, staff: Staff, typed: ClassForm, action: str, deed: Any) -> Response:
        """Carry it out; a refusal comes back above the form with everything that was typed."""
        planned, refusals = list[Planned](), list[LessonError]()

        def kept(session: Session, now: datetime) -> None:
            try:
                planned.append(deed(session, now))
            except LessonError as refused:
                refusals.append(refused)
                raise

        error = self._desk.do(request, staff, typed.key, action, ("class", typed.session), kept)
        if error:
            return self._form_page(request, staff, typed, error, refusals[0])
        first, left_out = planned[0].made[0], planned[0].left_out
        if left_out:
            return self.draft(request, staff, first.id, left_out=left_out)
        return RedirectResponse(f"{HERE}/{first.id}?done=1", status_code=303)

    def _form_page(self, request: Request, staff: Staff, form: ClassForm, error: str = "", refused: LessonError | None = None) -> Response:
        words, clashes = self._desk.words(request), refused.clashes if isinstance(refused, ClassClashes) else ()
        problems = _problems(refused)
        values: dict[str, Any] = {
            "problems": [(field, words.say(f"staff.plan.fault.{code}")) for field, code in problems],
            "wrong": {field for field, _ in problems},
            "clashes": [words.clash(one) for one in clashes],
            "free": self._free(form, words) if clashes else [],
            "may_overrule": bool(clashes) and {one.code for one in clashes} <= OVERRULED,
        }
        return self._desk.page(request, staff, "class_plan", error, form=form, **values, **self._choices())

    def _free(self, form: ClassForm, words: Any) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
        """The nearest times without a clash, each with the form it takes to choose it."""
        proposal, _, _ = form.read(self._zone)
        now, beside = self._desk.services.clock(), [form.session] if form.session else []
        with self._desk.services.database.reading() as session:
            found = team.nearest_free(session, team.with_room(session, proposal), closed, now, beside=beside)
        ordered: list[Proposal] = sorted(found, key=lambda one: one.start)
        return [(f"{words.moment(one.start)} {one.room}".strip(), fields_of(at_time(form, one))) for one in ordered]

    def _choices(self) -> dict[str, Any]:
        with self._desk.services.database.reading() as session:
            courses = session.exec(select(Course).order_by(col(Course.code))).all()
            rooms = all_rooms(session)
        return {**CHOICES, "courses": courses, "rooms": rooms, "languages": {one: LANGUAGE_NAMES[one] for one in LANGUAGES}}

    def _blank(self, now: datetime) -> ClassForm:
        return ClassForm(day=(now.astimezone(self._zone).date() + A_WEEK).isoformat())

    def _like(self, session: Session, place: ScheduledSession, now: datetime) -> ClassForm:
        """Its deadlines are the usual ones: those of the class it is copied from have passed or soon will."""
        proposal = team.proposal_of(session, place)
        start = proposal.start + A_WEEK
        soonest = now.astimezone(self._zone).date() + A_WEEK
        day = max(start.date(), soonest).isoformat()
        return form_of(place, proposal).model_copy(
            update={"session": "", "day": day, "opens": "", "closes": "", "cancel_until": "", "remote_address": ""}
        )


def _problems(refused: LessonError | None) -> Sequence[tuple[str, str]]:
    """Each field that must be written again, with the code of its sentence."""
    if isinstance(refused, ClassWrong):
        return [(one.field, one.code) for one in refused.faults]
    if isinstance(refused, RuleWrong):
        return [("rule", f"rule_{refused.reason}")]
    return ()
