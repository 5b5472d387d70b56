"""Live events behind the staff door: links for hosts and guests, and how every room is doing; without it each would need a terminal."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from inclusion.audit import record
from inclusion.staff_accounts import ADMIN, Staff
from streaming import StreamingError

from .live_book import LINK
from .live_stage import LiveStage
from .pages import Pages
from .reader import Reader
from .security import OwnFormsOnly
from .staff_session import StaffDoor, StaffServices

HOURS: Final = (3, 12, 72)
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
        return JSONResponse({"rooms": [_as_json(stage, room) for room in stage.read_figures()]})

    @router.post("/staff/live/links", dependencies=[Depends(OwnFormsOnly(services.public_url))])
    def links(request: Request, staff: signed_in, key: Typed, room: Typed, hours: Annotated[int, Form(ge=1, le=72)] = 12) -> Response:
        door.check_form(request, key)
        return desk.new_links(request, staff, room.strip().lower(), timedelta(hours=hours))

    return router


class _LiveDesk:
    """What the routes share."""

    def __init__(self, services: StaffServices, pages: Pages, stage: LiveStage, door: StaffDoor) -> None:
        self._services, self._pages, self._stage, self._door = services, pages, stage, door

    def page(self, request: Request, staff: Staff, error: str = "", **links: str) -> Response:
        shown = {"staff": staff, "is_admin": staff.may(ADMIN), "form_key": self._door.form_key(request), "error": error, "notice": ""}
        return self._pages.render("live/staff.html", Reader.of(request), 422 if error else 200, hours=HOURS, links=links, **shown)

    def new_links(self, request: Request, staff: Staff, room: str, lives: timedelta) -> Response:
        """A host's link and the viewers' address for a room."""
        now, base = self._services.clock(), self._services.public_url
        try:
            ticket = self._stage.gate.issue(room, "host", now, lives)
        except StreamingError:
            return self.page(request, staff, self._pages.say(Reader.of(request), "staff.live.bad_name"))
        with self._services.database.writing() as session:
            record(session, at=now, staff_id=staff.id, action=LINK, subject_kind="room", subject_id=room)
        if self._stage.book is not None:
            self._stage.book.refresh()
        host = f"{base}/live/{room}/host?ticket={ticket}"
        return self.page(request, staff, host=host, viewers=f"{base}/live/{room}", whip=f"{base}/whip/{room}", ticket=ticket)


def _as_json(stage: LiveStage, room: Any) -> dict[str, Any]:
    told = stage.figures.get(room.name, {})
    first = sorted(ms for ms, _, _ in told.values() if ms)
    return {
        **asdict(room),
        "first_picture_ms": first[len(first) // 2] if first else 0,
        "freezes": sum(freezes for _, freezes, _ in told.values()),
        "by_files": sum(way == "files" for _, _, way in told.values()),
        "people": stage.people(room.name),
    }
