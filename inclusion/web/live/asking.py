"""A question typed on a page whose scripts do not run; without it who has an old telephone could only look at the address."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from inclusion.web.limits import RateLimit
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from streaming import StreamingError
from streaming.admission import ROOM_NAME
from streaming.errors import TooManyQuestions

from .stage import LiveStage
from .together import seated

Typed = Annotated[str, Form(max_length=1000)]


def add_asking(router: APIRouter, stage: LiveStage, pages: Pages, limit: RateLimit) -> None:
    @router.post("/live/{room}/questions", dependencies=[Depends(limit)])
    async def ask(request: Request, room: str, ticket: Typed, text: Typed = "", key: Typed = "") -> Response:
        """The ticket in the form is the person's own, so no other site can send it."""
        status, message_id = 200, "live.asked"
        try:
            gathering, seat, _ = seated(stage, room, ticket)
            gathering.floor.ask(seat, text, stage.seconds())
        except StreamingError as refused:
            status = refused.status
            message_id = "live.ask-refused" if isinstance(refused, TooManyQuestions) else "live.ask.gone"
        shown = {"message_id": message_id, "arrived": status == 200, "back": _page_of(room, key)}
        return pages.render("live/asked.html", Reader.of(request), status, **shown)


def _page_of(room: str, key: str) -> str:
    if not ROOM_NAME.fullmatch(room):
        return "/live"
    return f"/live/{room}?{urlencode({'key': key})}" if key else f"/live/{room}"
