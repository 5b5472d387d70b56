"""Volunteers behind the staff door: written down, approved, their address handed over; without it nobody could start to help."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Form
from markupsafe import Markup
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.helpers.post import post_notices
from inclusion.helpers.words import HelperWords
from inclusion.staff.accounts import Staff
from inclusion.staff.audit import record
from inclusion.telling import Telling
from inclusion.web.errors import NotFound
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.staff.session import StaffDoor, StaffServices
from lessons import Course, LessonError, Venue, Volunteer, our_day, team
from lessons.team import Profile, VolunteerUnknown

from .volunteers import days_off
from .words import LessonWords

Typed = Annotated[str, Form(max_length=200)]
Several = Annotated[list[str] | None, Form()]
Deed = Callable[[Session, datetime], object]
LANGUAGE_NAMES = {"ja": "日本語", "en": "English", "zh-Hans": "中文", "ko": "한국어"}
SYSTEM_NAMES = {"iphone": "iPhone", "android": "Android"}
LANGUAGES = tuple(LANGUAGE_NAMES)


class TeamDesk:
    """What the staff pages about helpers share: one transaction with its audit entry and its notices."""

    def __init__(self, services: StaffServices, pages: Pages, telling: Telling, notify: Callable[[], None]) -> None:
        self.services, self.pages, self.telling, self.notify = services, pages, telling, notify
        self.door = StaffDoor.of(services)
        self.own_forms = [Depends(OwnFormsOnly(services.public_url))]

    def router(self) -> APIRouter:
        return APIRouter(include_in_schema=False, route_class=self.door.route_class(self.pages))

    def do(self, request: Request, staff: Staff, key: str, action: str, subject: tuple[str, str], deed: Deed) -> str:
        """Carry out a deed and note who did it; returns the sentence of a refusal, "" when it is done."""
        self.door.check_form(request, key)
        now = self.services.clock()
        try:
            with self.services.database.writing() as session:
                deed(session, now)
                post_notices(session, self.telling, now)
                record(session, at=now, staff_id=staff.id, action=f"team.{action}", subject_kind=subject[0], subject_id=subject[1])
        except VolunteerUnknown:
            raise NotFound from None
        except LessonError as refused:
            return LessonWords(self.pages, Reader.of(request)).refusal(refused)
        self.notify()
        return ""

    def page(self, request: Request, staff: Staff, name: str, error: str = "", **values: Any) -> Response:
        shown = self.door.shown(request, staff, error, "staff.lessons.done" if "done" in request.query_params else "")
        reader = Reader.of(request)
        return self.pages.render(f"team/{name}.html", reader, 422 if error else 200, words=self.words(request), **shown, **values)

    def words(self, request: Request) -> HelperWords:
        reader = Reader.of(request)
        return HelperWords(lambda message_id, **fills: self.pages.say(reader, message_id, **fills), self.pages.zone, reader.language)


def team_router(desk: TeamDesk) -> APIRouter:
    """Everything under /staff/volunteers."""
    router = desk.router()
    signed_in = Annotated[Staff, Depends(desk.door.signed_in_staff)]
    _add_profiles(router, desk, signed_in)
    _add_standing(router, desk, signed_in)
    return router


def _add_profiles(router: APIRouter, desk: TeamDesk, signed_in: Any) -> None:
    @router.get("/staff/volunteers")
    def everybody(request: Request, staff: signed_in) -> Response:
        return _list(desk, request, staff)

    @router.post("/staff/volunteers", dependencies=desk.own_forms)
    def register(request: Request, staff: signed_in, profile: Annotated[Profile, Depends(typed_profile)], key: Typed = "") -> Response:
        return _register(desk, request, staff, profile, key)

    @router.get("/staff/volunteers/{volunteer_id}")
    def one(request: Request, staff: signed_in, volunteer_id: str) -> Response:
        return _one(desk, request, staff, volunteer_id)

    @router.post("/staff/volunteers/{volunteer_id}", dependencies=desk.own_forms)
    def change(
        request: Request, staff: signed_in, volunteer_id: str, profile: Annotated[Profile, Depends(typed_profile)], key: Typed = ""
    ) -> Response:
        def deed(session: Session, now: datetime) -> None:
            team.change_profile(session, team.known_volunteer(session, volunteer_id), profile)

        error = desk.do(request, staff, key, "profile", ("volunteer", volunteer_id), deed)
        return _one(desk, request, staff, volunteer_id, error) if error else _see(volunteer_id)


def _add_standing(router: APIRouter, desk: TeamDesk, signed_in: Any) -> None:
    @router.post("/staff/volunteers/{volunteer_id}/state", dependencies=desk.own_forms)
    def state(request: Request, staff: signed_in, volunteer_id: str, step: Typed = "", key: Typed = "") -> Response:
        deed = _states(volunteer_id, step)
        error = desk.do(request, staff, key, step if step in STEPS else "state", ("volunteer", volunteer_id), deed)
        return _one(desk, request, staff, volunteer_id, error) if error else _see(volunteer_id)

    @router.post("/staff/volunteers/{volunteer_id}/away", dependencies=desk.own_forms)
    def away(request: Request, staff: signed_in, volunteer_id: str, first: Typed = "", last: Typed = "", key: Typed = "") -> Response:
        """Days away, told on the telephone."""
        error = desk.do(request, staff, key, "away", ("volunteer", volunteer_id), _away(volunteer_id, first, last))
        return _one(desk, request, staff, volunteer_id, error) if error else _see(volunteer_id)

    @router.post("/staff/volunteers/{volunteer_id}/back", dependencies=desk.own_forms)
    def back(request: Request, staff: signed_in, volunteer_id: str, id: Typed = "", key: Typed = "") -> Response:
        error = desk.do(
            request, staff, key, "back", ("volunteer", volunteer_id), lambda session, now: team.unblock_days(session, volunteer_id, id)
        )
        return _one(desk, request, staff, volunteer_id, error) if error else _see(volunteer_id)

    @router.post("/staff/volunteers/{volunteer_id}/address", dependencies=desk.own_forms)
    def address(request: Request, staff: signed_in, volunteer_id: str, key: Typed = "") -> Response:
        made: list[str] = []

        def deed(session: Session, now: datetime) -> None:
            made.append(team.new_key(session, team.known_volunteer(session, volunteer_id)))

        error = desk.do(request, staff, key, "address", ("volunteer", volunteer_id), deed)
        return _one(desk, request, staff, volunteer_id, error, made[0] if made else "")


STEPS = ("approved", "refused", "resting", "forgotten")


def _states(volunteer_id: str, step: str) -> Deed:
    if step not in STEPS:
        raise NotFound
    if step == "forgotten":
        return lambda session, now: team.forget_volunteer(session, volunteer_id)
    return lambda session, now: team.change_state(session, volunteer_id, step)


def _away(volunteer_id: str, first: str, last: str) -> Deed:
    """Raises VolunteerIncomplete for a day that cannot be read."""

    def deed(session: Session, now: datetime) -> None:
        team.note_days(session, team.known_volunteer(session, volunteer_id).id, first, last)

    return deed


def typed_profile(
    name: Typed = "",
    phone: Typed = "",
    skills: Several = None,
    languages: Several = None,
    phone_systems: Several = None,
    check_expires: Typed = "",
    hours_week: Annotated[int, Form(ge=1, le=40)] = 4,
    base_venue: Typed = "",
    travel_minutes: Annotated[int, Form(ge=0, le=240)] = 60,
) -> Profile:
    """The form of a volunteer."""
    expires = our_day(check_expires)
    known = tuple(one for one in languages or () if one in LANGUAGES)
    return Profile(
        name,
        phone,
        tuple(skills or ()),
        known or ("ja",),
        tuple(phone_systems or ()),
        expires,
        hours_week * 60,
        base_venue=base_venue,
        travel_minutes=travel_minutes,
    )


def _list(desk: TeamDesk, request: Request, staff: Staff, error: str = "") -> Response:
    today = desk.services.clock().astimezone(desk.pages.zone).date()
    with desk.services.database.reading() as session:
        found = [(one, team.given_by(session, one.id)) for one in team.all_volunteers(session)]
        ending = {one.id for one in team.checks_running_out(session, today)}
        choices = _choices(session)
    return desk.page(request, staff, "list", error, found=found, ending=ending, volunteer=None, **choices)


def _register(desk: TeamDesk, request: Request, staff: Staff, profile: Profile, key: str) -> Response:
    """The address of the new page is shown once, here."""
    made: list[tuple[Volunteer, str]] = []
    error = desk.do(
        request, staff, key, "registered", ("volunteer", "new"), lambda session, now: made.append(team.register(session, profile, now))
    )
    return _list(desk, request, staff, error) if error else _one(desk, request, staff, made[0][0].id, secret=made[0][1])


def _one(desk: TeamDesk, request: Request, staff: Staff, volunteer_id: str, error: str = "", secret: str = "") -> Response:
    now, words = desk.services.clock(), desk.words(request)
    with desk.services.database.reading() as session:
        try:
            volunteer = team.known_volunteer(session, volunteer_id)
        except VolunteerUnknown:
            raise NotFound from None
        duties = [(one, words.one(one)) for one in team.duties_of(session, volunteer_id, now, ("published", "accepted", "cover_wanted"))]
        today = now.astimezone(desk.pages.zone).date()
        away = days_off(session, volunteer, words, today, now)
        values = {"given": team.given_by(session, volunteer_id), "away": away, "today": today, **_choices(session)}
    address = f"{desk.services.public_url.rstrip('/')}/volunteers/{secret}" if secret else ""
    return desk.page(request, staff, "one", error, volunteer=volunteer, duties=duties, address=address, code=_qr(address), **values)


def _choices(session: Session) -> dict[str, Any]:
    courses = session.exec(select(Course).order_by(col(Course.code))).all()
    venues = session.exec(select(Venue).order_by(col(Venue.id))).all()
    return {"courses": courses, "venues": venues, "languages": LANGUAGE_NAMES, "systems": SYSTEM_NAMES}


def _qr(address: str) -> Markup:
    """The address as a picture drawn into the page ("" for none): our pages load no pictures from elsewhere."""
    return Markup(segno.make(address, error="m").svg_inline(scale=5)) if address else Markup("")  # noqa: S704  # drawn by us


def _see(volunteer_id: str) -> RedirectResponse:
    return RedirectResponse(f"/staff/volunteers/{volunteer_id}?done=1", status_code=303)
