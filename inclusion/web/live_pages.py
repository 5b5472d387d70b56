"""The live pages and the doors WHIP and WHEP; without this file the festival would have no address.

Packets never come here: `streaming` has its own UDP port. Here a ticket is handed out, and session descriptions are passed on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from streaming import Call, Gate, Limits, MediaPort, Negotiation, Relays, Reply, StreamingError, own_addresses
from streaming.negotiation import Protocol
from streaming.playing import ClipPlayer
from streaming.sample import make_clip

from .errors import NotFound
from .limits import RateLimit
from .pages import Pages
from .reader import Reader

log = logging.getLogger(__name__)

SAMPLE_ROOM: Final = "sample"
WATCH_TICKET_LIVES: Final = timedelta(hours=6)
METHODS: Final = ["OPTIONS", "GET", "HEAD", "POST", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class LivePlan:
    """What the settings say about the live part. No hosts: this machine's own addresses."""

    port: int = 0
    hosts: Sequence[str] = ()
    relays: Relays = field(default_factory=Relays)
    sample: bool = True


class LiveStage:
    """The house of rooms while the server runs; off when its port is taken (by another worker), which the pages then say kindly."""

    def __init__(self, plan: LivePlan, secret: str, clock: Callable[[], datetime]) -> None:
        self._plan, self._clock = plan, clock
        self.gate = Gate(secret)
        self._port: MediaPort | None = None
        self._negotiation: Negotiation | None = None
        self._sample: asyncio.Task[None] | None = None

    async def start(self) -> None:
        try:
            self._port = MediaPort.open(self._plan.port, self._plan.hosts or own_addresses(), Limits())
        except OSError:
            log.warning("The live part is off in this process: its UDP port %d is taken.", self._plan.port)
            return
        self._negotiation = Negotiation(self._port.house, self.gate, self._plan.relays, self._clock)

    async def stop(self) -> None:
        if self._sample is not None:
            self._sample.cancel()
            await asyncio.gather(self._sample, return_exceptions=True)
        if self._port is not None:
            await self._port.close()

    @property
    def on(self) -> bool:
        return self._port is not None

    def rooms(self) -> Sequence[str]:
        """What can be watched now, the sample last."""
        live = [name for name, room in self._port.house.rooms.items() if room.live and name != SAMPLE_ROOM] if self._port else []
        return [*sorted(live), *([SAMPLE_ROOM] if self._plan.sample and self.on else [])]

    def begin_sample(self) -> None:
        """Draw and play the sample festival from the first time somebody comes to look."""
        if self._plan.sample and self._port is not None and (self._sample is None or self._sample.done()):
            self._sample = asyncio.create_task(self._play_sample(self._port), name="sample festival")

    def answer(self, call: Call) -> Reply:
        """One WHIP or WHEP request."""
        if self._negotiation is None:
            return Reply(503, [("Retry-After", "30")])
        if call.room == SAMPLE_ROOM and call.protocol == "whep" and call.method == "POST":
            self.begin_sample()
        return self._negotiation.answer(call)

    async def _play_sample(self, port: MediaPort) -> None:
        clip = await asyncio.to_thread(make_clip)
        await ClipPlayer(port.house, SAMPLE_ROOM, clip).run()


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
        return self._pages.render("live/room.html", reader, room=room, name=name, ticket=ticket, on=self._stage.on)


def live_router(stage: LiveStage, pages: Pages, clock: Callable[[], datetime], limit: RateLimit | None = None) -> APIRouter:
    """Pages for people, and the two protocols for programs."""
    router = APIRouter(include_in_schema=False)
    shown = LivePages(stage, pages, clock)
    guards = [Depends(limit)] if limit else []
    router.add_api_route("/live", shown.list, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/live/{room}", shown.room, methods=["GET"], response_class=HTMLResponse)
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
