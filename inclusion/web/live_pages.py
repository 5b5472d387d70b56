"""The live pages and the doors WHIP and WHEP; without this file the festival would have no address.

Packets never come here: `streaming` has its own UDP port. Here a ticket is handed out, and session descriptions are passed on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from streaming import Call, StreamingError
from streaming.negotiation import Protocol

from .errors import NotFound
from .limits import RateLimit
from .live_files import add_files
from .live_stage import SAMPLE_ROOM, LiveStage
from .pages import Pages
from .reader import Reader
from .security import LIVE_PAGE_HEADERS

WATCH_TICKET_LIVES: Final = timedelta(hours=6)
METHODS: Final = ["OPTIONS", "GET", "HEAD", "POST", "PATCH", "DELETE"]


class LivePages:
    def __init__(self, stage: LiveStage, pages: Pages, clock: Callable[[], datetime]) -> None:
        self._stage, self._pages, self._clock = stage, pages, clock

    def list(self, request: Request) -> HTMLResponse:
        return self._pages.render("live/list.html", Reader.of(request), rooms=self._stage.rooms(), sample=SAMPLE_ROOM)

    async def room(self, request: Request, room: str) -> HTMLResponse:
        """The page with one large button. The ticket in it is good for this room only, and for one seat."""
        try:
            ticket = self._stage.gate.issue(room, "watch", self._clock(), WATCH_TICKET_LIVES)
        except StreamingError:
            raise NotFound() from None
        if room == SAMPLE_ROOM:
            self._stage.begin_sample()
        reader = Reader.of(request)
        name = self._pages.say(reader, "live.sample") if room == SAMPLE_ROOM else room
        page = self._pages.render("live/room.html", reader, room=room, name=name, ticket=ticket, on=self._stage.on)
        page.headers.update(LIVE_PAGE_HEADERS)
        return page


def live_router(stage: LiveStage, pages: Pages, clock: Callable[[], datetime], limit: RateLimit | None = None) -> APIRouter:
    """Pages for people, and the two protocols for programs."""
    router = APIRouter(include_in_schema=False)
    shown = LivePages(stage, pages, clock)
    guards = [Depends(limit)] if limit else []
    router.add_api_route("/live", shown.list, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/live/{room}", shown.room, methods=["GET"], response_class=HTMLResponse)
    add_files(router, stage)
    for protocol in PROTOCOLS:
        door = _door(stage, protocol)
        for path in (f"/{protocol}/{{room}}", f"/{protocol}/{{room}}/{{session}}"):
            router.add_api_route(path, door, methods=METHODS, dependencies=guards, response_class=Response)
    return router


PROTOCOLS: Final[tuple[Protocol, ...]] = ("whip", "whep")


def _door(stage: LiveStage, protocol: Protocol) -> Callable[[Request, str], Awaitable[Response]]:
    async def door(request: Request, room: str, session: str = "") -> Response:
        body = await request.body()
        reply = stage.answer(Call(protocol, request.method, room, session, dict(request.headers), body))
        response = Response(reply.body, status_code=reply.status)
        for name, value in reply.headers:
            response.headers.append(name, value)
        return response

    return door
