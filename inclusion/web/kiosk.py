"""The talk kiosk for a tablet in a seniors' club: one press, then speaking and hearing; without it a talk would need a phone in hand."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from accessibility import tongue_of
from accessibility.hearing import HearingError, Listener
from accessibility.speaking import Speaker, SpeakingError
from streaming.errors import HouseFull, SessionUnknown, StreamingError, TicketRefused
from streaming.telephone import Hearing, Mouth

from .kiosk_talk import KioskTalk
from .limits import RateLimit
from .live.plan import kana_above
from .live.stage import LiveStage
from .live.together import EVENTS, STILL_THERE_S, last_seen, problem
from .pages import Pages
from .platform import Platform, clock
from .reader import Reader
from .security import LIVE_PAGE_HEADERS
from .services import Asker
from .town_voice import OFF, ears_on, town_speaker
from .usual_browser import usual_browser

MOST_TALKS: Final = 8
LIVES: Final = timedelta(minutes=40)
KEPT_S: Final = 30.0
Kana = Callable[[str], Sequence[tuple[str, str]]]
SPOKEN: Final = ("listening", "hearing", "thinking", "speaking", "ended", "lost", "denied", "nomic", "full")


@dataclass(frozen=True, slots=True)
class Line:
    """One running talk and who may follow it."""

    talk: KioskTalk
    token: str
    task: asyncio.Task[None]


class Kiosk:
    """The talks of this process. `ears` and `voice` are the platform's own, in processes of their own."""

    def __init__(self, stage: LiveStage, asker: Asker, ears: Listener, voice: Speaker, pages: Pages, clock: Callable[[], datetime]) -> None:
        self._stage, self._asker, self._ears, self._voice, self._pages, self._clock = stage, asker, ears, voice, pages, clock
        self.lines: dict[str, Line] = {}

    def begin(self, reader: Reader) -> dict[str, str]:
        """A new talk: where to send one's voice, where to hear the answer. Raises HouseFull."""
        house = self._stage.house
        if house is None or sum(not line.talk.ended for line in self.lines.values()) >= MOST_TALKS:
            raise HouseFull(retry_after_s=30)
        room = f"kiosk-{secrets.token_hex(6)}"
        mouth = Mouth(house, room)
        stream = self._ears.stream(reader.language)
        say = partial(self._pages.say, reader)
        talk = KioskTalk(mouth, stream, self._voice, self._asker, say, reader.preferences(), self._clock)
        task = asyncio.create_task(self._carry(room, mouth, talk), name="kiosk talk")
        self.lines[room] = Line(talk, secrets.token_urlsafe(16), task)
        now, gate = self._clock(), self._stage.gate
        hear, send = gate.issue(room, "watch", now, LIVES), gate.issue(f"{room}.1", "publish", now, LIVES)
        return {"room": room, "hear": hear, "send_room": f"{room}.1", "send": send, "token": self.lines[room].token}

    def line(self, room: str, token: str) -> Line:
        """Raises SessionUnknown or TicketRefused."""
        line = self.lines.get(room)
        if line is None:
            raise SessionUnknown()
        if not secrets.compare_digest(line.token.encode(), token.encode()):
            raise TicketRefused()
        return line

    async def wake(self) -> None:
        """Start ears and voice beside the page, so that whoever presses its button need not wait for them."""
        if self._ears.pid is None:
            with suppress(HearingError):
                await asyncio.to_thread(self._ears.wake)
        if self._voice.pid is None:
            with suppress(SpeakingError):
                await asyncio.to_thread(self._voice.wake)

    async def _carry(self, room: str, mouth: Mouth, talk: KioskTalk) -> None:
        """Both directions for as long as the talk lasts; the page may still read its end for a while."""
        hearing = Hearing(talk.take)
        works = [asyncio.create_task(mouth.run()), asyncio.create_task(self._attach(f"{room}.1", hearing))]
        try:
            await talk.run()
            await asyncio.sleep(KEPT_S)
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            self.lines.pop(room, None)
            if self._stage.house is not None:
                self._stage.house.clear(room)
                self._stage.house.clear(f"{room}.1")

    async def _attach(self, room_name: str, hearing: Hearing) -> None:
        """Listen to the person's room, which is there once the page sends; after a broken connection to the next one."""
        while True:
            house = self._stage.house
            room = house.rooms.get(room_name) if house else None
            if room is not None:
                room.listeners.add(hearing.take)
            await asyncio.sleep(0.05)


def kiosk_routers(platform: Platform, stage: LiveStage, pages: Pages, limit: RateLimit) -> tuple[APIRouter, ...]:
    """None where the platform neither hears nor speaks."""
    settings = platform.settings
    if settings.voice == OFF or not ears_on(settings):
        return ()
    voice = town_speaker(platform.town, settings.voice == "system")
    platform.growing.reads_with(voice.correct)
    kiosk = Kiosk(stage, platform, platform.ears, voice, pages, clock)
    kana = partial(kana_above, platform.furigana)
    return (kiosk_router(kiosk, pages, stage, limit, settings.engines_at_start, kana),)


def kiosk_router(
    kiosk: Kiosk, pages: Pages, stage: LiveStage, limit: RateLimit, wakes: bool = False, kana: Kana | None = None
) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/kiosk")
    async def page(request: Request) -> HTMLResponse:
        told = {"on": stage.on, "relayed": stage.relayed, "spoken": SPOKEN, "outside": usual_browser(request)}
        shown = HTMLResponse(pages.html("kiosk.html", Reader.of(request), **told))
        shown.headers.update(LIVE_PAGE_HEADERS)
        shown.background = BackgroundTask(kiosk.wake) if wakes else None
        return shown

    @router.post("/kiosk/talks", dependencies=[Depends(limit)])
    async def begin(request: Request) -> Response:
        try:
            return JSONResponse(kiosk.begin(Reader.of(request)), 201)
        except StreamingError as refused:
            return problem(refused)

    _add_talk(router, kiosk, stage, limit, kana)
    return router


def _add_talk(router: APIRouter, kiosk: Kiosk, stage: LiveStage, limit: RateLimit, kana: Kana | None) -> None:
    @router.get("/kiosk/talks/{room}")
    async def follow(request: Request, room: str, token: str = "") -> Response:
        """What is heard and said, as server-sent events; with the kana of every line for a reader who wants them."""
        reader = Reader.of(request)
        above = kana if reader.furigana and reader.language == "ja" else None
        try:
            line = kiosk.line(room, token)
        except StreamingError as refused:
            return problem(refused)
        since = last_seen(request) or 0
        return StreamingResponse(_told(stage, line.talk, since, above), media_type="text/event-stream", headers=EVENTS)

    @router.delete("/kiosk/talks/{room}", dependencies=[Depends(limit)])
    async def end(room: str, token: str = "") -> Response:
        try:
            kiosk.line(room, token).talk.end()
        except StreamingError as refused:
            return problem(refused)
        return Response(status_code=204)


def with_kana(event: Mapping[str, Any], kana: Kana) -> dict[str, Any]:
    """The event and, under "kana", each of its Japanese lines in pieces with what stands above them."""
    lines = [event.get("heard"), event.get("answer"), *event.get("lines", ()), *event.get("notes", ())]
    return {**event, "kana": {line: kana(line) for line in lines if line and tongue_of(line, "ja") == "ja"}}


async def _told(stage: LiveStage, talk: KioskTalk, since: int, kana: Kana | None = None) -> AsyncIterator[str]:
    while not stage.closing:
        ring = talk.shown.bell.next
        for event in talk.shown.events[since:]:
            since += 1
            yield f"id: {since}\ndata: {json.dumps(with_kana(event, kana) if kana else event, ensure_ascii=False)}\n\n"
        if talk.ended and talk.shown.events[-1:] == [{"state": "ended"}]:
            return
        if not await ring.within(STILL_THERE_S):
            yield ": still there\n\n"
