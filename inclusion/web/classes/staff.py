"""Classes behind the staff door: who applied, whom to call, callers, helpers and the draw; without it only people online could come."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.staff.accounts import Staff
from inclusion.staff.audit import record
from inclusion.web.errors import NotFound
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.staff.session import StaffDoor, StaffServices
from lessons import (
    LessonError,
    ScheduledSession,
    Wish,
    accept_offer,
    alternatives,
    announce,
    apply,
    cancel,
    change_places,
    check_open,
    close_sample,
    decline_offer,
    draw_lots,
    draw_of,
    extra_sessions_needed,
    not_closed,
    notices_to_tell,
    one_class,
    people_of,
    put_back_in_queue,
    seal,
    team,
    tell,
)
from lessons.desk import own_application
from lessons.errors import SessionUnknown

from .decisions import CLERK, add_decisions, decisions_shown
from .pages import NEEDS, Typing, typed_application
from .words import LessonWords

Typed = Annotated[str, Form(max_length=200)]
Deed = Callable[[Session, datetime], object]
PEOPLE: Final = ("waitlisted", "reserve")
STANDING: Final = ("in_draw", "waitlisted", "reserve", "offered", "confirmed", "won")


def lesson_staff_router(services: StaffServices, pages: Pages, told: Deed = lambda _session, _now: None) -> APIRouter:
    """Everything under /staff/lessons. `told` lets those hear of it who have a chat, in the same transaction."""
    door = StaffDoor.of(services)
    desk = _ClassDesk(services, pages, door, told)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    _add_pages(router, desk, door)
    _add_people(router, desk, door)
    _add_draw(router, desk, door)
    add_decisions(router, desk, door)
    return router


class _ClassDesk:
    """What the pages share: one transaction with its audit entry, and the page of a class."""

    def __init__(self, services: StaffServices, pages: Pages, door: StaffDoor, told: Deed) -> None:
        self.services, self.pages, self.door, self.told = services, pages, door, told
        self.own_forms, self.zone = [Depends(OwnFormsOnly(services.public_url))], pages.zone

    def do(self, request: Request, staff: Staff, key: str, session_id: str, action: str, deed: Deed) -> Response:
        """Carry out a deed and note who did it; a refusal is shown on the page of the class."""
        self.door.check_form(request, key)
        now = self.services.clock()
        try:
            with self.services.database.writing() as session:
                deed(session, now)
                self.told(session, now)
                record(session, at=now, staff_id=staff.id, action=f"lesson.{action}", subject_kind="class", subject_id=session_id)
        except SessionUnknown:
            raise NotFound from None
        except LessonError as refused:
            return self.class_page(request, staff, session_id, self.words(request).refusal(refused))
        return RedirectResponse(f"/staff/lessons/{session_id}?done=1", status_code=303)

    def asked_again(self, request: Request, staff: Staff, key: str, session_id: str, message_id: str) -> Response:
        """Nothing is done; the page of the class says what is missing."""
        self.door.check_form(request, key)
        return self.class_page(request, staff, session_id, self.words(request).say(message_id))

    def list_page(self, request: Request, staff: Staff) -> Response:
        words, now = self.words(request), self.services.clock()
        with self.services.database.reading() as session:
            cards = [words.kept(one, now) for one in not_closed(session, now)]
            to_tell = notices_to_tell(session, now)
            drafts = [(words.moment(one.start_date), one) for one in team.drafts_of_staff(session, now)]
        return self.page(request, staff, "list", cards=cards, to_tell=to_tell, drafts=drafts, plans=staff.may(CLERK))

    def class_page(self, request: Request, staff: Staff, session_id: str, error: str = "") -> Response:
        words, now = self.words(request), self.services.clock()
        with self.services.database.reading() as session:
            try:
                card = words.kept(one_class(session, session_id), now)
            except SessionUnknown:
                raise NotFound from None
            people, to_tell, draw = people_of(session, session_id), notices_to_tell(session, now, session_id), draw_of(session, session_id)
            full = card.takes and card.one.session.allocation == "first_come" and not card.one.session.seats_free
            others = [words.other(one, now) for one in alternatives(session, session_id, now)] if full else []
        waiting, standing = (sum(one.outcome.state in states for one in people) for states in (PEOPLE, STANDING))
        entered = sum(one.outcome.state in ("in_draw", "won", "reserve") for one in people)
        seats = card.one.session.seats_offered
        extra = extra_sessions_needed(entered, seats) or extra_sessions_needed(waiting + seats, seats)
        values = {"card": card, "people": people, "to_tell": to_tell, "draw": draw, "waiting": waiting, "extra": extra}
        values |= {
            "standing": standing,
            "calls": _takes_callers(card.one.session, now),
            "others": others,
            "all_needs": NEEDS,
            **decisions_shown(staff, card.one, now, self.zone),
        }
        return self.page(request, staff, "one", error, form_id=uuid4().hex, **values)

    def page(self, request: Request, staff: Staff, name: str, error: str = "", **values: Any) -> Response:
        words = self.words(request)
        shown = self.door.shown(request, staff, error, "staff.lessons.done" if "done" in request.query_params else "")
        return self.pages.render(f"lessons/staff_{name}.html", words.reader, 422 if error else 200, words=words, **shown, **values)

    def words(self, request: Request) -> LessonWords:
        return LessonWords(self.pages, Reader.of(request))


def _add_pages(router: APIRouter, desk: _ClassDesk, door: StaffDoor) -> None:
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]

    @router.get("/staff/lessons")
    def all_classes(request: Request, staff: signed_in) -> Response:
        return desk.list_page(request, staff)

    @router.get("/staff/lessons/{session_id}")
    def one(request: Request, staff: signed_in, session_id: str) -> Response:
        return desk.class_page(request, staff, session_id)

    @router.post("/staff/lessons/{session_id}/told", dependencies=desk.own_forms)
    def told(request: Request, staff: signed_in, session_id: str, notice: Typed, key: Typed = "") -> Response:
        return desk.do(request, staff, key, session_id, "told", lambda session, now: tell(session, notice, f"staff {staff.id}", now))

    @router.post("/staff/lessons/{session_id}/helpers", dependencies=desk.own_forms)
    def helpers(
        request: Request, staff: signed_in, session_id: str, number: Annotated[int, Form(ge=0, le=50)], key: Typed = ""
    ) -> Response:
        change = partial(change_places, session_id=session_id, confirmed_helpers=number)
        return desk.do(request, staff, key, session_id, "helpers", lambda session, now: change(session, now=now))


def _add_people(router: APIRouter, desk: _ClassDesk, door: StaffDoor) -> None:
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]
    steps: dict[str, Callable[[Session, str, datetime], object]] = {
        "accept": accept_offer,
        "cancel": lambda session, one, now: cancel(session, one, now, by="staff"),
        "out": lambda session, one, now: cancel(session, one, now, by="staff"),
        "decline": decline_offer,
        "back": put_back_in_queue,
    }

    @router.post("/staff/lessons/{session_id}/callers", dependencies=desk.own_forms)
    def caller(
        request: Request,
        staff: signed_in,
        session_id: str,
        typed: Annotated[Typing, Depends(typed_application)],
        form_id: Typed = "",
    ) -> Response:
        """Somebody on the telephone applies; the form's own number keeps a second press from being a second application."""
        declared, key = typed.declared == "yes", typed.key
        wish = Wish(session_id, typed.contact, "phone", f"staff {staff.id}", f"desk/{form_id}", declared=declared)
        return desk.do(request, staff, key, session_id, "apply", lambda session, now: apply(session, wish, now))

    @router.post("/staff/lessons/{session_id}/people/{application_id}", dependencies=desk.own_forms)
    def step(request: Request, staff: signed_in, session_id: str, application_id: str, step: Typed = "", key: Typed = "") -> Response:
        if step not in steps:
            raise NotFound
        return desk.do(request, staff, key, session_id, step, _moves(steps[step], session_id, application_id))


def _moves(step: Callable[[Session, str, datetime], object], session_id: str, application_id: str) -> Deed:
    """A step of somebody in this class, and in no other."""
    return lambda session, now: step(session, own_application(session, session_id, application_id).id, now)


def _add_draw(router: APIRouter, desk: _ClassDesk, door: StaffDoor) -> None:
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]

    @router.post("/staff/lessons/{session_id}/draw", dependencies=desk.own_forms)
    def draw(
        request: Request, staff: signed_in, session_id: str, step: Typed = "", source: Typed = "", value: Typed = "", key: Typed = ""
    ) -> Response:
        """announce → (a sample: close) → seal → draw; the library refuses a step out of order."""
        taken: dict[str, Deed] = {
            "announce": lambda session, now: announce(session, session_id, source.strip(), now),
            "close": lambda session, now: close_sample(session, session_id, now),
            "seal": lambda session, now: seal(session, _draw_id(session, session_id), now),
            "draw": lambda session, now: draw_lots(session, _draw_id(session, session_id), value, now),
        }
        if step not in taken:
            raise NotFound
        return desk.do(request, staff, key, session_id, step, taken[step])


def _takes_callers(place: ScheduledSession, now: datetime) -> bool:
    """Whether an application that staff write down would be taken: no form leads to a refusal."""
    try:
        check_open(place, Wish(place.id, submitted_by="staff"), now)
    except LessonError:
        return False
    return True


def _draw_id(session: Session, session_id: str) -> str:
    found = draw_of(session, session_id)
    return found.id if found else ""
