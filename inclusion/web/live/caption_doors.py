"""A room's captions over HTTP: as they come, and as WebVTT; without it the written words would have no way to a page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from accessibility.glosses import explained
from inclusion.web.reader import Reader
from streaming import StreamingError
from streaming.captions import Caption, as_webvtt

from .captions import CaptionState
from .stage import LiveStage
from .together import EVENTS, STILL_THERE_S, last_seen, problem

RECENT: Final = 2  # lines that who comes now is shown of before
LOOK_AGAIN_S: Final = 2.0
Ruby = Callable[[str], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Layers:
    """What a reader wants over the words that were said: kana above, and hard words explained. What was said is never changed."""

    ruby: Ruby | None = None
    easy: bool = False

    def over(self, line: Caption) -> dict[str, Any]:
        shown: dict[str, Any] = {"number": line.number, "start": line.start, "end": line.end, "text": line.text, "final": line.final}
        if self.ruby is not None:
            shown["pieces"] = self.ruby(line.text)
        if self.easy:
            shown["notes"] = list(explained([line.text]))
            if self.ruby is not None:
                shown["note_pieces"] = [self.ruby(note) for note in shown["notes"]]
        return shown


def add_captions(router: APIRouter, stage: LiveStage, ruby: Ruby) -> None:
    @router.get("/live/{room}/captions")
    async def captions(request: Request, room: str, ticket: str = "") -> Response:
        """Lines as server-sent events; `Last-Event-ID` brings what was missed."""
        try:
            stage.admitted(room, ticket)
        except StreamingError as refused:
            return problem(refused)
        reader = Reader.of(request)
        japanese = reader.language == "ja"
        above = ruby if (reader.furigana or reader.easy) and japanese else None
        since = last_seen(request)
        return StreamingResponse(
            _told(stage, room, since, Layers(above, reader.easy and japanese)), media_type="text/event-stream", headers=EVENTS
        )

    @router.get("/live/{room}/captions.vtt")
    async def webvtt(room: str, ticket: str = "", zero: float = 0.0) -> Response:
        """What was said so far as WebVTT; `zero` is the moment its clock counts from, in seconds since 1970."""
        try:
            stage.admitted(room, ticket)
        except StreamingError as refused:
            return problem(refused)
        lines, _ = await stage.captions(room)
        shown = lines.since(0)
        return Response(as_webvtt(shown, zero or (shown[0].start if shown else 0.0)), media_type="text/vtt")


async def _told(stage: LiveStage, room: str, since: int | None, layers: Layers) -> AsyncIterator[str]:
    """Whether there are captions, and their lines. Asked again from time to time: a room may begin, or its publisher change, meanwhile."""
    clock = asyncio.get_running_loop().time
    (lines, state), asked = await stage.captions(room), clock()
    coming: Caption | None = None
    yield _state(state)
    while not stage.closing:
        ring = lines.bell.next
        since = max(lines.newest - RECENT, 0) if since is None else since
        for line in lines.since(since):
            since = line.number
            yield f"id: {line.number}\n{_line(line, layers)}"
        if lines.coming is not None and lines.coming is not coming:
            coming = lines.coming
            yield _line(coming, layers)  # without a number: who comes back later wants the whole line
        rang = await ring.within(STILL_THERE_S if state.on else LOOK_AGAIN_S)
        if stage.closing or (rang and clock() - asked < STILL_THERE_S):
            continue
        was, (before, told) = state, (lines, since)
        (lines, state), asked = await stage.captions(room), clock()  # the ears go on only while somebody asks for them
        since = told if lines is before else None
        yield _state(state) if state != was else ": still there\n\n"


def _line(line: Caption, layers: Layers) -> str:
    return f"data: {json.dumps(layers.over(line), ensure_ascii=False)}\n\n"


def _state(state: CaptionState) -> str:
    return f"event: state\ndata: {json.dumps({'on': state.on, 'trial': state.trial})}\n\n"
