"""The spoken answer as a file; without it neither a page nor LINE could play what was written."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from accessibility.speaking import MEDIA_TYPES, Container, NothingToSay, Recording, SpeakingError, TooLongToSay
from inclusion.voices import Voices

from .errors import NotFound, VoiceIsAway

log = logging.getLogger(__name__)

RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")  # more digits than a file has bytes: the whole file
KEPT: Final = "private, max-age=3600"


def speech_router(voices: Voices) -> APIRouter:
    """Nobody can guess an id: it is made with the server's secret, only for answers, and works for a day."""
    router = APIRouter(tags=["speech"])

    @router.get("/api/v1/speech/{speech_id}.m4a", summary="A spoken answer as AAC", operation_id="speech_m4a", response_class=Response)
    async def m4a(speech_id: str, request: Request) -> Response:
        return await _served(voices, speech_id, "m4a", request)

    @router.get("/api/v1/speech/{speech_id}.ogg", summary="A spoken answer as Opus", operation_id="speech_ogg", response_class=Response)
    async def ogg(speech_id: str, request: Request) -> Response:
        wanted = request.headers.get("range", "")
        if wanted not in ("", "bytes=0-"):
            return await _served(voices, speech_id, "ogg", request)
        return await _streamed(voices, speech_id, wanted)

    return router


async def _streamed(voices: Voices, speech_id: str, wanted: str) -> Response:
    """Sound that is not kept yet begins while the rest is still being spoken."""
    with _explained():
        found = await run_in_threadpool(voices.stream, speech_id)
    if found is None:
        raise NotFound()
    if isinstance(found, Recording):
        return _part(found, wanted)
    return StreamingResponse(found, media_type=MEDIA_TYPES["ogg"], headers={"Cache-Control": KEPT})


async def _served(voices: Voices, speech_id: str, container: Container, request: Request) -> Response:
    with _explained():
        recording = await run_in_threadpool(voices.fetch, speech_id, container)
    if recording is None:
        raise NotFound()
    return _part(recording, request.headers.get("range", ""))


@contextmanager
def _explained() -> Iterator[None]:
    """What a voice refuses, in the words of the web."""
    try:
        yield
    except (NothingToSay, TooLongToSay) as nothing:
        raise NotFound() from nothing
    except SpeakingError as away:
        log.warning("An answer could not be spoken.", extra={"kind": type(away).__name__})
        raise VoiceIsAway() from away


def _part(recording: Recording, wanted: str) -> Response:
    """The whole file or the part asked for: Safari plays no sound from a server that does not know parts (RFC 9110, 14)."""
    content, size = recording.content, len(recording.content)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": KEPT}
    first, last = _bounds(wanted, size)
    if first is None:
        return Response(content, media_type=recording.media_type, headers=headers)
    if first > last:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(content[first : last + 1], 206, media_type=recording.media_type, headers=headers)


def _bounds(wanted: str, size: int) -> tuple[int | None, int]:
    """First and last byte asked for; no first one when the whole is. A first behind the last cannot be satisfied."""
    found = RANGE.fullmatch(wanted.strip())
    if found is None or found.group(1) == found.group(2) == "":
        return None, size - 1
    if not found.group(1):
        return max(size - int(found.group(2)), 0), size - 1
    first, last = int(found.group(1)), int(found.group(2) or size - 1)
    return first, min(last, size - 1)
