"""Raising a hand, speaking, clapping, asking, and the host's answers to it; without it the people at home could only look on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response, StreamingResponse

from inclusion.web.limits import RateLimit
from inclusion.web.typed_text import whole_number
from streaming import Gathering, Seat, StreamingError, Ticket
from streaming.admission import Act
from streaming.errors import NotAllowed, SessionUnknown, TicketRefused

from .stage import LiveStage

ANYBODY: Final[tuple[Act, ...]] = ("watch", "host")
CALM_S: Final = 0.2  # changes within this time are told as one
STILL_THERE_S: Final = 15.0
EVENTS: Final = {"X-Accel-Buffering": "no"}


class Deed(BaseModel):
    """What somebody did on a page. `seat` and `number` say to whom or what, `text` what was asked."""

    act: str = Field(max_length=20)
    seat: int = 0
    number: int = 0
    text: str = Field("", max_length=1000)
    agreed: bool = False
    first_picture_ms: int = Field(0, ge=0, le=600_000)
    freezes: int = Field(0, ge=0, le=100_000)
    way: str = Field("", max_length=10)


def last_seen(request: Request) -> int | None:
    """The last event that the page has, as its `Last-Event-ID` says; None for a page that begins."""
    return whole_number(request.headers.get("last-event-id", ""), digits=9)


def add_together(router: APIRouter, stage: LiveStage, limit: RateLimit) -> None:
    @router.get("/live/{room}/together")
    async def together(room: str, ticket: str = "") -> Response:
        """What this person is shown, again after every change (server-sent events)."""
        try:
            gathering, seat, _ = seated(stage, room, ticket)
        except StreamingError as refused:
            return problem(refused)
        return StreamingResponse(_shown(stage, gathering, seat), media_type="text/event-stream", headers=EVENTS)

    @router.post("/live/{room}/deeds", dependencies=[Depends(limit)])
    async def deed(request: Request, room: str, done: Deed) -> Response:
        """One press. 204, or a refusal with its sentence."""
        try:
            gathering, seat, ticket = seated_by(stage, request, room)
            await _carry_out(stage, gathering, seat, ticket, done)
        except StreamingError as refused:
            return problem(refused)
        return Response(status_code=204)


def problem(refused: StreamingError) -> Response:
    headers = {"Retry-After": str(refused.retry_after_s)} if refused.retry_after_s else {}
    return JSONResponse({"status": refused.status, "detail": str(refused)}, refused.status, headers, "application/problem+json")


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise TicketRefused()
    return token.strip()


def seated_by(stage: LiveStage, request: Request, room: str, acts: tuple[Act, ...] = ANYBODY) -> tuple[Gathering, Seat, Ticket]:
    """Who sends this, by the bearer ticket. Raises StreamingError."""
    return seated(stage, room, _bearer(request), acts)


def seated(stage: LiveStage, room: str, token: str, acts: tuple[Act, ...] = ANYBODY) -> tuple[Gathering, Seat, Ticket]:
    """The seat of who holds this ticket. Raises StreamingError."""
    ticket = stage.gate.admit(token, room, acts, stage.now())
    gathering = stage.gathering(room)
    if gathering is None:
        raise SessionUnknown()
    return gathering, gathering.sit(ticket), ticket


async def _shown(stage: LiveStage, gathering: Gathering, seat: Seat) -> AsyncIterator[str]:
    gathering.floor.came(seat, stage.seconds())
    try:
        while not stage.closing and seat.person not in gathering.floor.removed:
            ring = gathering.bell.next
            words = {**gathering.view(seat), **stage.beside(gathering.name)}
            yield f"data: {json.dumps(words, ensure_ascii=False)}\n\n"
            while not await ring.within(STILL_THERE_S):
                yield ": still there\n\n"
            await asyncio.sleep(CALM_S)
        if seat.person in gathering.floor.removed:
            yield 'data: {"removed": true}\n\n'
    finally:
        gathering.floor.went(seat, stage.seconds())


Press = Callable[[], object]


async def _carry_out(stage: LiveStage, gathering: Gathering, seat: Seat, ticket: Ticket, done: Deed) -> None:
    deeds = _of_anybody(stage, gathering, seat, done)
    if ticket.act == "host":
        deeds = {**deeds, **_of_hosts(stage, gathering, done)}
    if done.act not in deeds:
        raise NotAllowed()
    outcome = deeds[done.act]()
    if asyncio.iscoroutine(outcome):
        await outcome


def _of_anybody(stage: LiveStage, gathering: Gathering, seat: Seat, done: Deed) -> Mapping[str, Press]:
    floor, now = gathering.floor, stage.seconds()
    return {
        "raise": lambda: floor.raise_hand(seat, now),
        "lower": lambda: floor.lower_hand(seat),
        "live": lambda: floor.begin(seat),
        "screen": lambda: floor.begin(seat, screen=True),
        "screen-off": lambda: floor.begin(seat, screen=False),
        "done": lambda: gathering.stop(seat),
        "agree": lambda: floor.agree(seat, True),
        "disagree": lambda: floor.agree(seat, False),
        "clap": lambda: floor.clap(seat, now),
        "ask": lambda: floor.ask(seat, done.text, now),
        "figures": lambda: stage.note_figures(gathering.name, seat, done.first_picture_ms, done.freezes, done.way),
    }


async def _recorded(stage: LiveStage, gathering: Gathering, agreed: bool) -> None:
    """Raises StreamingError's NotAllowed where nobody said that everybody was told, and in rooms for two."""
    if not agreed or gathering.floor.mode == "pair":
        raise NotAllowed()
    await stage.record(gathering.name)


def _of_hosts(stage: LiveStage, gathering: Gathering, done: Deed) -> Mapping[str, Any]:
    floor, now = gathering.floor, stage.seconds()
    return {
        "give": lambda: floor.give(done.seat, now),
        "thank": gathering.thank,
        "silence": lambda: gathering.silence(done.seat),
        "remove": lambda: stage.remove(gathering.name, done.seat),
        "answered": lambda: floor.answered(done.number),
        "close": lambda: stage.close_room(gathering.name),
        "record": lambda: _recorded(stage, gathering, done.agreed),
        "record-stop": lambda: stage.stop_recording(gathering.name),
    }
