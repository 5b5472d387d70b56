"""The live picture as plain files over HTTP; without it who sits behind a strict firewall, or is the thousandth, would see nothing."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from inclusion.web.errors import NotFound
from streaming import StreamingError, hls

from .stage import LiveStage

FOREVER: Final = {"Cache-Control": "public, max-age=3600, immutable"}
FILES_COOKIE: Final = "live-files"
# nginx 1.22 heeds X-Accel-Expires only where it comes before Cache-Control.
OPEN: Final = {"X-Accel-Expires": "1", "Cache-Control": "no-cache"}  # a web server in front may ask us once a second for everybody
TICKETED: Final = {"X-Accel-Expires": "0", "Cache-Control": "private, no-store"}  # the next who asks may have no ticket


def add_files(router: APIRouter, stage: LiveStage) -> None:
    """A web server in front may answer the parts itself from the folder (docs/streaming.md)."""

    @router.get("/live/{room}/index.m3u8")
    async def playlist(request: Request, room: str) -> Response:
        plan = stage.plan_of(room)
        by_ticket = plan is not None and plan.by_ticket
        if by_ticket and not _has_ticket(stage, request, room):
            return Response(status_code=403, headers=TICKETED)
        hall = stage.hall(room)
        text = await hall.playlist() if hall else None
        if text is None:
            return Response(status_code=404, headers={"Retry-After": "3", **TICKETED})
        return Response(text, media_type=hls.media_type(hls.PLAYLIST), headers=TICKETED if by_ticket else OPEN)

    @router.get("/live/{room}/{part}.m4s")
    async def moving(room: str, part: str) -> Response:
        return _part(stage, room, f"{part}.m4s")

    @router.get("/live/{room}/{part}.mp4")
    async def beginning(room: str, part: str) -> Response:
        return _part(stage, room, f"{part}.mp4")


def _has_ticket(stage: LiveStage, request: Request, room: str) -> bool:
    """The page put a ticket into a cookie, as a bare player sends nothing else. The parts have names nobody can guess."""
    try:
        stage.admitted(room, request.cookies.get(FILES_COOKIE, ""))
    except StreamingError:
        return False
    return True


def _part(stage: LiveStage, room: str, name: str) -> Response:
    hall = stage.hall(room)
    file = hall.part(name) if hall else None
    if file is None:
        raise NotFound()
    return FileResponse(file, media_type=hls.media_type(name), headers=FOREVER)
