"""Live events behind the staff door: links for hosts and guests, and how every room is doing; without it each would need a terminal."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from inclusion.live.events import LiveRefused
from inclusion.live.hosts import make_host, revoke_host, standing_hosts
from inclusion.live.tables import LiveHost
from inclusion.staff.accounts import ADMIN, Staff
from inclusion.staff.audit import record
from inclusion.web.errors import NotFound
from inclusion.web.numbered import Number
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.staff.session import StaffDoor, StaffServices
from streaming.admission import ROOM_NAME

from .stage import LiveStage

HOURS: Final = (3, 12, 72)
COLUMNS: Final = {
    "rooms": ("room", "people", "joined", "rate", "lost", "round_trip", "first_picture", "freezes", "by_files"),
    "viewers": ("room", "seat", "seconds", "viewer_lost", "viewer_round_trip", "jitter", "repaired", "viewer_first", "freezes", "way"),
}
Typed = Annotated[str, Form(max_length=200)]


def live_staff_router(services: StaffServices, pages: Pages, stage: LiveStage) -> APIRouter:
    """Everything under /staff/live."""
    door = StaffDoor.of(services)
    desk = _LiveDesk(services, pages, stage, door)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]

    @router.get("/staff/live")
    def live(request: Request, staff: signed_in) -> Response:
        return desk.page(request, staff)

    @router.get("/staff/live/figures")
    async def figures(_request: Request, _staff: signed_in) -> Response:
        """For the page's script: every room, every viewer, now."""
        return JSONResponse({"rooms": stage.read_figures()})

    @router.post("/staff/live/links", dependencies=[Depends(OwnFormsOnly(services.public_url))])
    def links(request: Request, staff: signed_in, key: Typed, room: Typed, hours: Annotated[int, Form(ge=1, le=72)] = 12) -> Response:
        door.check_form(request, key)
        return desk.new_links(request, staff, room.strip().lower(), timedelta(hours=hours))

    @router.post("/staff/live/links/{number}/revoke", dependencies=[Depends(OwnFormsOnly(services.public_url))])
    def revoke(request: Request, staff: signed_in, number: Number, key: Typed) -> Response:
        door.check_form(request, key)
        desk.take_back(staff, number)
        return RedirectResponse("/staff/live?done=1", status_code=303)

    return router


class _LiveDesk:
    """What the routes share."""

    def __init__(self, services: StaffServices, pages: Pages, stage: LiveStage, door: StaffDoor) -> None:
        self._services, self._pages, self._stage, self._door = services, pages, stage, door

    def page(self, request: Request, staff: Staff, error: str = "", **links: str) -> Response:
        shown = {"staff": staff, "is_admin": staff.may(ADMIN), "form_key": self._door.form_key(request), "error": error}
        shown["notice"] = "staff.live.done" if "done" in request.query_params else ""
        shown |= {"standing": self._standing(), "moment": lambda at: self._pages.moment(Reader.of(request), at)}
        shown["columns"] = {table: self._columns(Reader.of(request), names) for table, names in COLUMNS.items()}
        return self._pages.render("live/staff.html", Reader.of(request), 422 if error else 200, hours=HOURS, links=links, **shown)

    def _columns(self, reader: Reader, names: Sequence[str]) -> list[str]:
        return [self._pages.say(reader, f"staff.live.column.{name}") for name in names]

    def new_links(self, request: Request, staff: Staff, room: str, lives: timedelta) -> Response:
        """A host's link and the viewers' address for a room."""
        now, base = self._services.clock(), self._services.public_url
        if not ROOM_NAME.fullmatch(room):
            return self.page(request, staff, self._pages.say(Reader.of(request), "staff.live.bad_name"))
        with self._services.database.writing() as session:
            made = make_host(session, room, now, now + lives)
            record(session, at=now, staff_id=staff.id, action="live.link", subject_kind="room", subject_id=room)
            ticket = self._stage.gate.issue(room, "host", now, lives, made.seat)
        self._stage.follow()
        host = f"{base}/live/{room}/host?ticket={ticket}"
        return self.page(request, staff, host=host, viewers=f"{base}/live/{room}", whip=f"{base}/whip/{room}", ticket=ticket)

    def take_back(self, staff: Staff, number: int) -> None:
        """Raises NotFound."""
        now = self._services.clock()
        try:
            with self._services.database.writing() as session:
                room = revoke_host(session, number, now).room
                record(session, at=now, staff_id=staff.id, action="live.host.revoke", subject_kind="room", subject_id=room)
        except LiveRefused:
            raise NotFound from None
        self._stage.follow()

    def _standing(self) -> Sequence[LiveHost]:
        with self._services.database.reading() as session:
            return standing_hosts(session, self._services.clock())
