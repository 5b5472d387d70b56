"""The live pages and the doors WHIP and WHEP; without this file the festival would have no address.

Packets never come here: `streaming` has its own UDP port. Here a ticket is handed out, and session descriptions are passed on.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from inclusion.classes.times import class_day, class_hour
from inclusion.live.events import LiveRefused
from inclusion.web.errors import NotFound
from inclusion.web.limits import RateLimit
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import LIVE_PAGE_HEADERS
from inclusion.web.usual_browser import usual_browser
from streaming import Call, StreamingError
from streaming.admission import ROOM_NAME
from streaming.negotiation import Protocol

from .asking import add_asking
from .book import RoomPlan
from .caption_doors import Ruby, add_captions
from .files import FILES_COOKIE, add_files
from .spoken import QuestionEars, add_spoken
from .stage import SAMPLE_ROOM, LiveStage
from .together import add_together

SEAT_LIVES: Final = timedelta(hours=12)
SEAT_COOKIE: Final = "live-seat"
SEAT: Final = re.compile(r"[A-Za-z0-9_-]{12}")
METHODS: Final = ["OPTIONS", "GET", "HEAD", "POST", "PATCH", "DELETE"]
# Sentences that the pages' scripts show; see static/live.js and static/live-host.js.
SPOKEN: Final = (
    *("connecting", "waiting", "lost", "playing", "files", "stopped", "unable", "removed", "closed", "guest", "thanks", "place", "other"),
    *("hand-up", "hand-down", "turn-yours", "turn-pair", "turn-class", "turn-count", "turn-live", "turn-lost", "turn-denied", "turn-nomic"),
    *("spoken-heard", "spoken-unsure", "spoken-send", "spoken-send-voice", "spoken-long", "spoken-failed"),
    *("asked", "ask-refused", "partner", "partner-screen", "closed-pair", "still-unable"),
    *("sound", "sound-only", "sound-instead", "with-picture"),
)
SPOKEN_TO_HOST: Final = (
    *("connecting", "waiting", "lost", "playing", "files", "unable", "closed", "guest", "turn-denied", "on-air", "stopped-air"),
    *("thank", "silence", "nobody", "give", "answered", "remove", "remove-sure", "record", "record-stop", "people", "removed"),
    *("sound", "sound-instead", "heard-mark", "voice-question", "listen"),
)


@dataclass(frozen=True, slots=True)
class LiveCard:
    """One event as a page shows it."""

    plan: RoomPlan
    name: str
    when: str


def card_of(pages: Pages, reader: Reader, plan: RoomPlan) -> LiveCard:
    """An event in the reader's words."""
    start, end = (class_hour(at, pages.zone, reader.language) for at in (plan.start, plan.end))
    hours = pages.say(reader, "live.from_to", start=start, end=end)
    return LiveCard(plan, plan.name(reader.language), f"{class_day(plan.start, pages.zone, reader.language)} {hours}")


class LivePages:
    def __init__(self, stage: LiveStage, pages: Pages, clock: Callable[[], datetime], https: bool) -> None:
        self._stage, self._pages, self._clock, self._https = stage, pages, clock, https

    def programme(self, request: Request) -> HTMLResponse:
        """What is on, then what comes; rooms that stand in no plan (rehearsals) are named by their room, the sample is marked."""
        return self._programme(request)

    def _programme(self, request: Request, missing: bool = False) -> HTMLResponse:
        """`missing`: the room asked for is not there, which is said first."""
        reader, planned = Reader.of(request), self._stage.programme()
        cards = [card_of(self._pages, reader, one) for one in planned]
        known = self._stage.book.plans if self._stage.book else {}
        rooms = [room for room in self._stage.rooms() if room not in known and room != SAMPLE_ROOM]
        sample = SAMPLE_ROOM if SAMPLE_ROOM in self._stage.rooms() else ""
        shown = {"cards": cards, "rooms": rooms, "sample": sample, "missing": missing}
        return self._pages.render("live/list.html", reader, 404 if missing else 200, **shown)

    async def room(self, request: Request, room: str, key: str = "") -> HTMLResponse:
        """The page with one large button. Its ticket is good for this room only; the seat stays the same when the page is opened again."""
        if not ROOM_NAME.fullmatch(room):
            raise NotFound()
        if not self._stage.knows(room):
            return self._programme(request, missing=True)
        plan = self._stage.plan_of(room)
        if plan is not None and not plan.open:
            over = "live.closed-pair" if plan.mode == "pair" else "live.over"
            return self._closed(request, plan, "live.cancelled" if plan.state == "cancelled" else over, 410)
        if plan is not None and plan.by_ticket:
            return await self._by_ticket(request, plan, key)
        seat = request.cookies.get(SEAT_COOKIE, "")
        person = seat if SEAT.fullmatch(seat) else secrets.token_urlsafe(9)
        ticket = self._stage.gate.issue(room, "watch", self._clock(), SEAT_LIVES, person)
        if room == SAMPLE_ROOM:
            self._stage.begin_sample()
        page = self._page(request, "room", room, SPOKEN, ticket=ticket, key="")
        self._keep(page, SEAT_COOKIE, person, "/live", SEAT_LIVES)
        return page

    async def _by_ticket(self, request: Request, plan: RoomPlan, key: str) -> HTMLResponse:
        """One link, one seat: whoever opens it again, or passes it on, takes the seat along."""
        book = self._stage.book
        if book is None or not key:
            return self._closed(request, plan, "live.ticket.needed", 403)
        try:
            held = await run_in_threadpool(book.seat, plan.room, key)
        except LiveRefused:
            return self._closed(request, plan, "live.ticket.gone", 403)
        now = self._clock()
        lives = min(held.until - now, SEAT_LIVES)
        ticket = self._stage.gate.issue(plan.room, "watch", now, lives, held.seat, held.seat)
        page = self._page(request, "room", plan.room, SPOKEN, ticket=ticket, key=key)
        self._keep(page, FILES_COOKIE, ticket, f"/live/{plan.room}", lives)
        return page

    def _closed(self, request: Request, plan: RoomPlan, message_id: str, status: int) -> HTMLResponse:
        reader = Reader.of(request)
        return self._pages.render("live/closed.html", reader, status, card=card_of(self._pages, reader, plan), message_id=message_id)

    def _keep(self, page: Response, name: str, value: str, path: str, lives: timedelta) -> None:
        page.set_cookie(name, value, int(lives.total_seconds()), path=path, httponly=True, samesite="lax", secure=self._https)

    async def host(self, request: Request, room: str, ticket: str = "") -> Response:
        """The host's page, for who holds a host's ticket. Watching and being on the air are two seats of the same person."""
        now, gate = self._clock(), self._stage.gate
        try:
            held = gate.admit(ticket, room, ("host",), now)
        except StreamingError:
            raise NotFound() from None
        lives = datetime.fromtimestamp(held.expires, now.tzinfo) - now
        own, on_air = (gate.issue(room, "host", now, lives, held.person, held.link or held.number) for _ in range(2))
        return self._page(request, "host", room, SPOKEN_TO_HOST, ticket=own, stage_ticket=on_air)

    def _page(self, request: Request, template: str, room: str, spoken: tuple[str, ...], **values: str) -> HTMLResponse:
        reader = Reader.of(request)
        plan = self._stage.plan_of(room)
        name = self._pages.say(reader, "live.sample") if room == SAMPLE_ROOM else plan.name(reader.language) if plan else room
        card = card_of(self._pages, reader, plan) if plan and not plan.for_help else None
        html = self._pages.html(
            f"live/{template}.html",
            reader,
            room=room,
            name=name,
            card=card,
            pair=bool(plan and plan.mode == "pair"),
            on=self._stage.on,
            relayed=self._stage.relayed,
            spoken=spoken,
            outside=usual_browser(request),
            **values,
        )
        page = HTMLResponse(html)
        page.headers.update(LIVE_PAGE_HEADERS)
        return page


def live_router(
    stage: LiveStage,
    pages: Pages,
    clock: Callable[[], datetime],
    limit: RateLimit,
    ruby: Ruby,
    ears: QuestionEars,
    https: bool = False,
) -> APIRouter:
    """Pages for people, and the two protocols for programs."""
    router = APIRouter(include_in_schema=False)
    shown = LivePages(stage, pages, clock, https)
    router.add_api_route("/live", shown.programme, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/live/{room}", shown.room, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/live/{room}/host", shown.host, methods=["GET"], response_class=HTMLResponse)
    add_together(router, stage, limit)
    add_asking(router, stage, pages, limit)
    add_spoken(router, stage, ears, limit)
    add_captions(router, stage, ruby)
    add_files(router, stage)
    for protocol in PROTOCOLS:
        door = _door(stage, protocol)
        for path in (f"/{protocol}/{{room}}", f"/{protocol}/{{room}}/{{session}}"):
            router.add_api_route(path, door, methods=METHODS, dependencies=[Depends(limit)], response_class=Response)
    return router


PROTOCOLS: Final[tuple[Protocol, ...]] = ("whip", "whep")


def _door(stage: LiveStage, protocol: Protocol) -> Callable[[Request, str], Awaitable[Response]]:
    async def door(request: Request, room: str, session: str = "") -> Response:
        body = await request.body()
        reply = await stage.answer(Call(protocol, request.method, room, session, dict(request.headers), body))
        response = Response(reply.body, status_code=reply.status)
        for name, value in reply.headers:
            response.headers.append(name, value)
        return response

    return door
