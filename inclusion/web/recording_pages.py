"""The consent to keep recordings, given and taken back by the person; without it a recording is never kept."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from inclusion.own_recordings import OwnRecordings

from .errors import NotFound
from .security import OwnFormsOnly

COOKIE: Final = "recordings"
A_YEAR_S: Final = 365 * 24 * 3600
SAFE: Final = {"Content-Disposition": 'attachment; filename="recording"', "Cache-Control": "no-store"}


def recording_router(recordings: OwnRecordings, public_url: str) -> APIRouter:
    """POST /mine/recordings with `keep` = yes or no; GET /mine/recordings/{name} gives one's own recording back."""
    router = APIRouter(include_in_schema=False)

    async def choose(request: Request) -> Response:
        key = request.cookies.get(COOKIE, "")
        response = RedirectResponse("/mine", status_code=303)
        async with request.form(max_files=0, max_fields=2) as form:
            agrees = form.get("keep") == "yes"
        if not agrees:
            await run_in_threadpool(recordings.erase, key)
            response.delete_cookie(COOKIE)
        elif not recordings.agreed(key):
            key = await run_in_threadpool(recordings.agree)
            secure = request.url.scheme == "https" or public_url.startswith("https://")
            response.set_cookie(COOKIE, key, max_age=A_YEAR_S, httponly=True, samesite="lax", secure=secure)
        return response

    async def listen(request: Request, name: str) -> Response:
        content = await run_in_threadpool(recordings.content, request.cookies.get(COOKIE, ""), name)
        if content is None:
            raise NotFound()
        return Response(content, media_type="application/octet-stream", headers=SAFE)

    router.add_api_route("/mine/recordings", choose, methods=["POST"], dependencies=[Depends(OwnFormsOnly(public_url))])
    router.add_api_route("/mine/recordings/{name}", listen, methods=["GET"])
    return router
