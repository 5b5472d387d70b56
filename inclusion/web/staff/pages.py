"""What staff see behind their door: today's state, their password, their colleagues; without it nobody could look after the service."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.inbox import inbox_figures
from inclusion.outbox import outbox_figures
from inclusion.staff.accounts import ADMIN, ROLES, Staff, StaffError, all_staff, create_staff, deactivate
from inclusion.staff.audit import AuditEntry, last_entries, record
from inclusion.staff.passwords import LONGEST, SHORTEST
from inclusion.staff.sessions import SignedIn, change_password, sign_in, sign_out
from inclusion.web.classes.today import classes_today
from inclusion.web.classes.words import LessonWords
from inclusion.web.numbered import Number
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly

from .session import (
    SIGN_IN,
    StaffDoor,
    StaffServices,
    check_visitor,
    forget_session,
    form_key_of,
    remember_session,
    remember_visitor,
    session_token,
    visitor_token,
)

CHECKS_AT_ONCE: Final = 2  # each password check takes 64 MiB and a tenth of a second
LONGEST_TURN_S: Final = 2.0
NOTICES: Final = ("password_changed", "added", "deactivated")

Typed = Annotated[str, Form(max_length=400)]
Chosen = Annotated[list[str] | None, Form(max_length=10)]


class StaffBusy(StaffError):
    message_id = "staff.error.busy"

    def __init__(self) -> None:
        super().__init__("Too many people are signing in at this moment. Try again in a minute.")


def staff_router(services: StaffServices, pages: Pages) -> APIRouter:
    """All pages under /staff. Other staff routers take their guards from `StaffDoor.of(services)`."""
    door = StaffDoor.of(services)
    desk = _Desk(services, pages, door)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    _add_sign_in(router, desk)
    _add_today(router, desk)
    _add_password(router, desk)
    _add_people(router, desk)
    return router


class _Desk:
    """What the pages share: rendering with the session's form key, and checking forms."""

    def __init__(self, services: StaffServices, pages: Pages, door: StaffDoor) -> None:
        self.services, self.pages, self.door = services, pages, door
        self.own_forms = [Depends(OwnFormsOnly(services.public_url))]
        self._checks = BoundedSemaphore(CHECKS_AT_ONCE)

    @contextmanager
    def checking(self) -> Iterator[None]:
        """A turn at checking a password. Raises StaffBusy when too many wait: a flood of tries must not stop the other pages."""
        if not self._checks.acquire(timeout=LONGEST_TURN_S):
            raise StaffBusy
        try:
            yield
        finally:
            self._checks.release()

    def page(self, request: Request, name: str, staff: Staff, error: StaffError | None = None, **values: Any) -> Response:
        """A page for somebody signed in; with an error its sentence stands on top and the status is 422."""
        notice = request.query_params.get("done", "")
        return self.pages.render(
            f"staff/{name}.html",
            Reader.of(request),
            status=422 if error else 200,
            staff=staff,
            is_admin=staff.may(ADMIN),
            form_key=self.door.form_key(request),
            error=self.words(request, error),
            notice=f"staff.done.{notice}" if notice in NOTICES else "",
            **values,
        )

    def words(self, request: Request, error: StaffError | None) -> str:
        if error is None:
            return ""
        return self.pages.say(Reader.of(request), error.message_id, **error.values())

    def sign_in_page(self, request: Request, error: StaffError | None = None) -> Response:
        token = visitor_token(self.services, request)
        response = self.pages.render(
            "staff/sign_in.html",
            Reader.of(request),
            status=422 if error else 200,
            form_key=form_key_of(token),
            error=self.words(request, error),
        )
        remember_visitor(self.services, response, token)
        return response


def _add_sign_in(router: APIRouter, desk: _Desk) -> None:
    services = desk.services

    @router.get(SIGN_IN)
    def ask(request: Request) -> Response:
        return desk.sign_in_page(request)

    @router.post(SIGN_IN, dependencies=desk.own_forms)
    def enter(request: Request, login: Typed = "", password: Typed = "", key: Typed = "") -> Response:
        check_visitor(services, request, key)
        try:
            signed_in = _signed_in(desk, login, password)
        except StaffError as refused:
            return desk.sign_in_page(request, refused)
        sign_out(services.database, session_token(services, request))  # an older session of this browser ends
        response = _see("/staff")
        remember_session(services, response, signed_in.token)
        return response

    @router.post("/staff/sign-out", dependencies=desk.own_forms)
    def leave(request: Request, staff: Annotated[Staff, Depends(desk.door.signed_in_staff)], key: Typed = "") -> Response:
        desk.door.check_form(request, key)
        sign_out(services.database, session_token(services, request))
        response = _see(SIGN_IN)
        forget_session(services, response)
        return response


def _add_today(router: APIRouter, desk: _Desk) -> None:
    @router.get("/staff")
    def today(request: Request, staff: Annotated[Staff, Depends(desk.door.signed_in_staff)]) -> Response:
        now, words = desk.services.clock(), LessonWords(desk.pages, Reader.of(request))
        with desk.services.database.reading() as session:
            classes = classes_today(session, words, now)
            outbox, inbox = outbox_figures(session, now), inbox_figures(session, now)
            entries, names = last_entries(session), {one.id: one.name for one in all_staff(session)}
        told = [(entry, _told(desk, request, entry)) for entry in entries]
        return desk.page(request, "today", staff, outbox=outbox, inbox=inbox, entries=told, names=names, **classes)


def _add_password(router: APIRouter, desk: _Desk) -> None:
    @router.get("/staff/password")
    def ask(request: Request, staff: Annotated[Staff, Depends(desk.door.signed_in_staff)]) -> Response:
        return desk.page(request, "password", staff, shortest=SHORTEST, longest=LONGEST)

    @router.post("/staff/password", dependencies=desk.own_forms)
    def change(
        request: Request,
        staff: Annotated[Staff, Depends(desk.door.signed_in_staff)],
        present: Typed = "",
        new: Typed = "",
        key: Typed = "",
    ) -> Response:
        desk.door.check_form(request, key)
        return _change_own(desk, request, staff, present, new)


def _add_people(router: APIRouter, desk: _Desk) -> None:
    admin = Annotated[Staff, Depends(desk.door.needs_role(ADMIN))]

    @router.get("/staff/people")
    def people(request: Request, staff: admin) -> Response:
        return _people_page(desk, request, staff)

    @router.post("/staff/people", dependencies=desk.own_forms)
    def add(
        request: Request,
        staff: admin,
        login: Typed = "",
        name: Typed = "",
        password: Typed = "",
        roles: Chosen = None,
        key: Typed = "",
    ) -> Response:
        desk.door.check_form(request, key)
        return _add_colleague(desk, request, staff, login, name, password, roles or ())

    @router.post("/staff/people/{staff_id}/deactivation", dependencies=desk.own_forms)
    def close(request: Request, staff: admin, staff_id: Number, key: Typed = "") -> Response:
        desk.door.check_form(request, key)
        return _close_for(desk, request, staff, staff_id)


def _signed_in(desk: _Desk, login: str, password: str) -> SignedIn:
    services = desk.services
    with desk.checking():
        return sign_in(services.database, login, password, services.clock(), witness=record, passwords=services.passwords)


def _change_own(desk: _Desk, request: Request, staff: Staff, present: str, new: str) -> Response:
    services, token = desk.services, session_token(desk.services, request)
    now, passwords = services.clock(), services.passwords
    try:
        with desk.checking():
            change_password(services.database, staff.id, present, new, now, keep_token=token, witness=record, passwords=passwords)
    except StaffError as refused:
        return desk.page(request, "password", staff, refused, shortest=SHORTEST, longest=LONGEST)
    return _see("/staff/password?done=password_changed")


def _add_colleague(desk: _Desk, request: Request, staff: Staff, login: str, name: str, password: str, roles: Sequence[str]) -> Response:
    services = desk.services
    try:
        with desk.checking():
            create_staff(
                services.database,
                login,
                name,
                password,
                roles,
                services.clock(),
                by=staff.id,
                witness=record,
                passwords=services.passwords,
            )
    except StaffError as refused:
        return _people_page(desk, request, staff, refused, login=login, name=name)
    return _see("/staff/people?done=added")


def _close_for(desk: _Desk, request: Request, staff: Staff, staff_id: int) -> Response:
    try:
        deactivate(desk.services.database, staff_id, desk.services.clock(), by=staff.id, witness=record)
    except StaffError as refused:
        return _people_page(desk, request, staff, refused)
    return _see("/staff/people?done=deactivated")


def _people_page(desk: _Desk, request: Request, staff: Staff, error: StaffError | None = None, login: str = "", name: str = "") -> Response:
    with desk.services.database.reading() as session:
        everyone = all_staff(session)
    typed = {"login": login, "name": name}
    return desk.page(request, "people", staff, error, everyone=everyone, roles=ROLES, typed=typed, shortest=SHORTEST, longest=LONGEST)


def _told(desk: _Desk, request: Request, entry: AuditEntry) -> str:
    """The deed in words; a deed without a sentence shows its code."""
    message_id = f"staff.action.{entry.action}"
    return desk.pages.say(Reader.of(request), message_id) if message_id in desk.services.messages.texts else entry.action


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)
