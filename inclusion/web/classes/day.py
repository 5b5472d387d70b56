"""The day of a class behind the staff door: who is here, who could not come, what was shown; without it only bookings were known."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Depends, Form
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.staff.accounts import Staff
from inclusion.staff.audit import record
from inclusion.web.errors import NotFound
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.staff.session import StaffDoor, StaffServices
from lessons import Application, Booking, LessonError, begin_sample, excuse, one_class, people_of, team
from lessons.arriving import OPENS, arrive, board_code, end_class
from lessons.desk import own_application
from lessons.errors import SessionUnknown
from lessons.helper_errors import NotThere
from lessons.learning_tables import Attendance, Feedback
from lessons.opinions import STEPS, give_opinion
from lessons.progress import note_evidence, skills_of

from .words import LessonWords

Typed = Annotated[str, Form(max_length=200)]
Deed = Callable[[Session, datetime], object]
REASONS: Final = ("ill", "family", "forgot", "weather", "other")
AT_CLASS: Final = ("accepted", "cover_wanted", "served", "absent")
SEATED: Final = ("confirmed", "checked_in", "attended", "no_show", "excused")


def lesson_day_router(services: StaffServices, pages: Pages) -> APIRouter:
    """/staff/lessons/{session_id}/day and what is pressed there."""
    door = StaffDoor.of(services)
    day = _Day(services, pages, door)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]
    own_forms = [Depends(OwnFormsOnly(services.public_url))]

    @router.get("/staff/lessons/{session_id}/day")
    def page(request: Request, staff: signed_in, session_id: str) -> Response:
        return day.page(request, staff, session_id)

    @router.post("/staff/lessons/{session_id}/day", dependencies=own_forms)
    def close(
        request: Request, staff: signed_in, session_id: str, absent: Annotated[list[str] | None, Form()] = None, key: Typed = ""
    ) -> Response:
        """The class is over; helpers have served unless ticked as absent."""
        return day.do(request, staff, key, session_id, "day_closed", lambda session, now: end_class(session, session_id, absent or (), now))

    @router.post("/staff/lessons/{session_id}/begin", dependencies=own_forms)
    def begin(request: Request, staff: signed_in, session_id: str, key: Typed = "") -> Response:
        """A sample begins now, for whoever tries the day out."""
        return day.do(request, staff, key, session_id, "sample_begun", lambda session, now: begin_sample(session, session_id, now))

    _add_people(router, day, signed_in, own_forms)
    return router


def _add_people(router: APIRouter, day: "_Day", signed_in: Any, own_forms: Any) -> None:
    @router.post("/staff/lessons/{session_id}/day/{application_id}", dependencies=own_forms)
    def one(
        request: Request, staff: signed_in, session_id: str, application_id: str, step: Typed = "", value: Typed = "", key: Typed = ""
    ) -> Response:
        steps: dict[str, Callable[[Session, Application, datetime], object]] = {
            "arrive": lambda session, one, now: arrive(session, one.id, "list", now),
            "excuse": lambda session, one, now: excuse(session, one.id, value if value in REASONS else "other", now),
            "opinion": lambda session, one, now: give_opinion(session, one.id, now, satisfaction=_step(value), channel="phone"),
            "shown": lambda session, one, now: _shown(session, one, value, f"staff {staff.id}", now),
        }
        if step not in steps:
            raise NotFound

        def deed(session: Session, now: datetime) -> None:
            steps[step](session, own_application(session, session_id, application_id), now)

        return day.do(request, staff, key, session_id, f"day_{step}", deed)


class _Day:
    def __init__(self, services: StaffServices, pages: Pages, door: StaffDoor) -> None:
        self._services, self._pages, self._door = services, pages, door

    def do(self, request: Request, staff: Staff, key: str, session_id: str, action: str, deed: Deed) -> Response:
        self._door.check_form(request, key)
        now = self._services.clock()
        try:
            with self._services.database.writing() as session:
                deed(session, now)
                record(session, at=now, staff_id=staff.id, action=f"lesson.{action}", subject_kind="class", subject_id=session_id)
        except LessonError as refused:
            words = LessonWords(self._pages, Reader.of(request))
            return self.page(request, staff, session_id, words.refusal(refused))
        return RedirectResponse(f"/staff/lessons/{session_id}/day", status_code=303)

    def page(self, request: Request, staff: Staff, session_id: str, error: str = "") -> Response:
        words, now = LessonWords(self._pages, Reader.of(request)), self._services.clock()
        with self._services.database.writing() as session:  # the digits on the board are made when somebody first looks
            try:
                card = words.card(one_class(session, session_id), now)
            except SessionUnknown:
                raise NotFound from None
            rows, code = _rows(session, session_id), board_code(session, session_id)
            helpers = [(row, volunteer) for row, volunteer in team.helpers_of(session, session_id) if row.state in AT_CLASS]
        here = f"{self._services.public_url.rstrip('/')}/lessons/here/{session_id}/{code}"
        shown: dict[str, Any] = {
            "card": card,
            "rows": rows,
            "code": code,
            "qr": _qr(here),
            "reasons": REASONS,
            "steps": STEPS,
            "words": words,
        }
        shown |= {"helpers": helpers, "early": now < card.one.session.start_date - OPENS}
        shown |= self._door.shown(request, staff, error)
        return self._pages.render("lessons/staff_day.html", words.reader, 422 if error else 200, **shown)


def _rows(session: Session, session_id: str) -> list[dict[str, Any]]:
    """Everybody with a seat, with what is known of today and of what they can do."""
    seats = select(Booking).where(Booking.session_id == session_id, col(Booking.state).in_(SEATED))
    by_application = {one.application_id: one for one in session.exec(seats).all()}
    found = []
    for one in people_of(session, session_id):
        booking = by_application.get(one.application.id)
        if booking is not None:
            arrived = session.get(Attendance, one.application.id)
            skills = {skill.skill for skill in skills_of(session, one.learner.id)}
            said = session.get(Feedback, one.application.id)
            found.append({"person": one, "booking": booking, "arrived": arrived, "skills": skills, "said": said})
    return found


def _shown(session: Session, application: Application, skill: str, by: str, now: datetime) -> None:
    """Shown from the start without help: the only thing that counts as learnt. Raises NotThere for what this class does not teach."""
    if skill not in one_class(session, application.session_id).course.skills_taught:
        raise NotThere
    note_evidence(session, application.learner_id, skill, "teach_back", "alone", by, now)


def _step(value: str) -> int:
    """One of the five steps as the form sends it; anything else is no answer."""
    return int(value) if value in map(str, STEPS) else 0


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, title=address)
    return drawn.getvalue().decode("utf-8")
