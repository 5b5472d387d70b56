"""An answer, a class or an event as one sheet of paper to take along; without it they would stay on a screen that gets switched off."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from inclusion.database import Database
from lessons import one_class
from lessons.errors import SessionUnknown

from .classes.words import ClassCard, LessonWords
from .errors import NotFound, PaperTooOld
from .limits import RateLimit, TokenBuckets
from .live.pages import card_of
from .live.stage import SAMPLE_ROOM, LiveStage
from .reader import Reader
from .sheets import Sheets
from .shown_answer import Seal

SHEETS_AT_ONCE, SHEETS_PER_SECOND = 20, 0.5
HOW_TO_WATCH: Final = ("live.paper.camera", "live.paper.open", "live.paper.press")


def paper_pages(sheets: Sheets, secret: str, database: Database | None = None, stage: LiveStage | None = None) -> APIRouter:
    """`secret` is the one that the chat page seals its answers with; without a database or a stage there are no classes or events."""
    desk = _PaperDesk(sheets, Seal(secret), database, stage)
    router = APIRouter(include_in_schema=False)
    limited = [Depends(RateLimit(TokenBuckets(SHEETS_AT_ONCE, SHEETS_PER_SECOND, monotonic), ()))]
    router.add_api_route("/paper/{sealed}", desk.answer, methods=["GET"], dependencies=limited)
    router.add_api_route("/lessons/{session_id}/paper", desk.lesson, methods=["GET"], dependencies=limited)
    router.add_api_route("/live/{room}/paper", desk.event, methods=["GET"], dependencies=limited)
    return router


@dataclass(frozen=True, slots=True)
class _PaperDesk:
    sheets: Sheets
    seal: Seal
    database: Database | None
    stage: LiveStage | None

    async def answer(self, request: Request, sealed: str) -> Response:
        """What a page carried, sealed: the same words with the same readings."""
        shown = self.seal.open(sealed)
        if shown is None:
            raise PaperTooOld()
        return await self.sheets.respond("answer", "paper.html", Reader.of(request), answer=shown)

    async def lesson(self, request: Request, session_id: str) -> Response:
        """When, where, what to bring, and the page to apply on."""
        card = await run_in_threadpool(self._card, request, session_id)
        return await self.sheets.respond("class", "lessons/sheet.html", Reader.of(request), f"/lessons/{session_id}", card=card)

    async def event(self, request: Request, room: str) -> Response:
        """How to watch from home. Only what can be watched, or is planned, has a sheet."""
        plan = self.stage.plan_of(room) if self.stage else None
        if self.stage is None or not (plan.open if plan else room in self.stage.rooms()):
            raise NotFound
        reader, pages = Reader.of(request), self.sheets.pages
        card = card_of(pages, reader, plan) if plan else None
        name = card.name if card else pages.say(reader, "live.sample") if room == SAMPLE_ROOM else room
        values = {"name": name, "card": card, "steps": HOW_TO_WATCH}
        return await self.sheets.respond("event", "live/sheet.html", reader, f"/live/{room}", **values)

    def _card(self, request: Request, session_id: str) -> ClassCard:
        if self.database is None:
            raise NotFound
        words = LessonWords(self.sheets.pages, Reader.of(request))
        try:
            with self.database.reading() as session:
                return words.card(one_class(session, session_id), self.sheets.clock())
        except SessionUnknown:
            raise NotFound from None
