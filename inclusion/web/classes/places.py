"""Venues, rooms, loan telephones, closed days and topics for staff; without it the planner would not know that a hall is shut."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.staff.accounts import Staff
from inclusion.web.errors import NotFound
from lessons import Closure, Course, LoanDevice, course_of, end_feed, has_feed, national_topics, new_feed, our_day, place_keeping, topic_of
from lessons.place_keeping import ACCESS, classes_on, close_days, drop, drop_room, keep_devices, keep_room, keep_venue, known_venue

from .team import Deed, TeamDesk

Typed = Annotated[str, Form(max_length=200)]
Number = Annotated[int, Form(ge=0, le=9999)]
SYSTEMS: Final = ("iphone", "android")
HERE: Final = "/staff/places"


def place_router(desk: TeamDesk) -> APIRouter:
    """Everything under /staff/places."""
    router = desk.router()
    signed_in = Annotated[Staff, Depends(desk.door.signed_in_staff)]
    _add_page(router, desk, signed_in)
    _add_venues(router, desk, signed_in)
    _add_things(router, desk, signed_in)
    return router


def _add_page(router: APIRouter, desk: TeamDesk, signed_in: Any) -> None:
    @router.get(HERE)
    def page(request: Request, staff: signed_in) -> Response:
        return places_page(desk, request, staff)

    @router.post(f"{HERE}/topics", dependencies=desk.own_forms)
    def topic(request: Request, staff: signed_in, code: Typed = "", key: Typed = "") -> Response:
        """A topic of the national programme becomes a course of the town."""
        found = national_topics().get(code)
        if found is None:
            raise NotFound
        return _done(desk, request, staff, key, "topic", code, lambda session, _now: _taught(session, course_of(found)))

    @router.post(f"{HERE}/away", dependencies=desk.own_forms)
    def away(request: Request, staff: signed_in, kind: Typed = "", row: Typed = "", key: Typed = "") -> Response:
        """Take a room, telephones or closed days out again."""
        deeds: Mapping[str, Deed] = {
            "room": lambda session, now: drop_room(session, row, now),
            "devices": lambda session, _now: drop(session, LoanDevice, row),
            "closure": lambda session, _now: drop(session, Closure, row),
        }
        if kind not in deeds:
            raise NotFound
        return _done(desk, request, staff, key, f"{kind}_gone", row, deeds[kind])


def _add_venues(router: APIRouter, desk: TeamDesk, signed_in: Any) -> None:
    @router.post(f"{HERE}/venues", dependencies=desk.own_forms)
    def venue(
        request: Request,
        staff: signed_in,
        venue: Typed = "",
        name: Typed = "",
        address: Typed = "",
        floor: Typed = "",
        station: Typed = "",
        access: Annotated[list[str] | None, Form()] = None,
        key: Typed = "",
    ) -> Response:
        has = access or ()
        deed: Deed = lambda session, _now: keep_venue(session, venue, name, address, floor, station, has)  # noqa: E731  # one line of many fields
        return _done(desk, request, staff, key, "venue", venue, deed)

    @router.post(f"{HERE}/calendars", dependencies=desk.own_forms)
    def calendar(request: Request, staff: signed_in, venue: Typed = "", step: Typed = "", key: Typed = "") -> Response:
        """A secret address for the venue's calendar, shown once; a new one or "end" takes the former back."""
        made: list[str] = []
        deeds: Mapping[str, Deed] = {
            "new": lambda session, now: made.append(new_feed(session, "venue", known_venue(session, venue).id, now)),
            "end": lambda session, _now: end_feed(session, "venue", known_venue(session, venue).id),
        }
        if step not in deeds:
            raise NotFound
        error = desk.do(request, staff, key, f"calendar_{step}", ("venue", venue), deeds[step])
        address = f"{desk.services.public_url.rstrip('/')}/lessons/calendars/{made[0]}.ics" if made else ""
        return places_page(desk, request, staff, error, address=address)


def _add_things(router: APIRouter, desk: TeamDesk, signed_in: Any) -> None:
    @router.post(f"{HERE}/rooms", dependencies=desk.own_forms)
    def room(request: Request, staff: signed_in, venue: Typed = "", name: Typed = "", capacity: Number = 0, key: Typed = "") -> Response:
        return _done(desk, request, staff, key, "room", venue, lambda session, _now: keep_room(session, venue, name, capacity))

    @router.post(f"{HERE}/devices", dependencies=desk.own_forms)
    def devices(
        request: Request, staff: signed_in, name: Typed = "", system: Typed = "", quantity: Number = 0, venue: Typed = "", key: Typed = ""
    ) -> Response:
        return _done(desk, request, staff, key, "devices", name, lambda session, _now: keep_devices(session, name, system, quantity, venue))

    @router.post(f"{HERE}/closures", dependencies=desk.own_forms)
    def closure(
        request: Request, staff: signed_in, venue: Typed = "", first: Typed = "", last: Typed = "", reason: Typed = "", key: Typed = ""
    ) -> Response:
        """Without a last day it is one day."""
        begin, end = our_day(first), our_day(last or first)
        return _done(desk, request, staff, key, "closure", venue, lambda session, _now: close_days(session, venue, begin, end, reason))


def places_page(desk: TeamDesk, request: Request, staff: Staff, error: str = "", address: str = "") -> Response:
    today = desk.services.clock().astimezone(desk.pages.zone).date()
    with desk.services.database.reading() as session:
        found = place_keeping.places(session, today)
        courses = session.exec(select(Course).order_by(col(Course.code))).all()
        values: dict[str, Any] = {
            "found": found,
            "names": {one.id: one.name for one in found.venues},
            "shut": [(one, classes_on(session, one, str(desk.pages.zone))) for one in found.closures],
            "calendars": {one.id for one in found.venues if has_feed(session, "venue", one.id)},
            "courses": [(one, topic_of(one)) for one in courses],
        }
    known = {one.code for one in courses}
    values["topics"] = [one for one in national_topics().values() if one.code not in known]
    return desk.page(request, staff, "places", error, all_access=ACCESS, systems=SYSTEMS, address=address, **values)


def _done(desk: TeamDesk, request: Request, staff: Staff, key: str, action: str, subject: str, deed: Deed) -> Response:
    error = desk.do(request, staff, key, action, ("place", subject), deed)
    return places_page(desk, request, staff, error) if error else RedirectResponse(f"{HERE}?done=1", status_code=303)


def _taught(session: Session, course: Course) -> None:
    if session.get(Course, course.code) is None:
        session.add(course)
