"""Addresses of the live events' calendar: one event to keep, or all to subscribe to; without it nobody could put one into a telephone."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from inclusion.live.calendar import Dated, calendar
from inclusion.web.errors import NotFound
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader

from .book import RoomPlan
from .stage import LiveStage

FRESH: Final = {"Cache-Control": "private, max-age=900"}


def calendar_router(stage: LiveStage, pages: Pages, clock: Callable[[], datetime], public_url: str) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/live/events.ics")
    def everything(request: Request) -> Response:
        return _answer(request, stage.book.calendar() if stage.book else ())

    @router.get("/live/{room}/event.ics")
    def one(request: Request, room: str) -> Response:
        plan = stage.plan_of(room)
        if plan is None or plan.mode == "pair":
            raise NotFound
        return _answer(request, (plan,))

    def _answer(request: Request, plans: Iterable[RoomPlan]) -> Response:
        reader, base = Reader.of(request), public_url.rstrip("/")
        dated = [_dated(plan, f"{base}/live/{plan.room}") for plan in plans]
        name = pages.say(reader, "live.title")
        text = calendar(dated, name, reader.language, urlsplit(public_url).hostname or "localhost", clock().astimezone(UTC))
        return Response(text, media_type="text/calendar; charset=utf-8", headers=FRESH)

    return router


def _dated(plan: RoomPlan, url: str) -> Dated:
    start, end = plan.start.astimezone(UTC), plan.end.astimezone(UTC)
    return Dated(plan.number, plan.names, start, end, plan.place, url, plan.sequence, plan.state == "cancelled")
