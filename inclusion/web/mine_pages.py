"""The page where a person sees what the town keeps of them, takes it along and erases it; without it erasing would need a letter."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from inclusion.own_recordings import KeptRecording, OwnRecordings

from .chat_page import ANSWERED_COOKIE, TALK_COOKIE
from .classes.own_classes import CLASSES_COOKIE, KEY_COOKIE, ClassRecord, Holder, NoClasses
from .errors import NotFound
from .own_record import KeptTalk, OwnRecord
from .pages import Pages
from .reader import COOKIE, Reader
from .recording_pages import COOKIE as RECORDINGS_COOKIE
from .security import OwnFormsOnly

OUR_COOKIES: Final = (COOKIE, TALK_COOKIE, ANSWERED_COOKIE, CLASSES_COOKIE, KEY_COOKIE, RECORDINGS_COOKIE)
AN_HOUR_S: Final = 3600


class MinePage:
    """Erasing asks once more before it happens, and works as plain forms."""

    def __init__(
        self, pages: Pages, record: OwnRecord, clock: Callable[[], datetime], classes: ClassRecord, recordings: OwnRecordings | None
    ) -> None:
        self._pages, self._record, self._clock, self._classes, self._recordings = pages, record, clock, classes, recordings

    async def open(self, request: Request) -> Response:
        return await self._show(request, "see")

    async def enter(self, request: Request, key: str) -> Response:
        """A chat's own key: from now on, for an hour, this browser sees what is kept of that chat. NotFound where no cookie can hold it."""
        if not key.isascii():
            raise NotFound()
        response = RedirectResponse("/mine", status_code=303)
        response.set_cookie(KEY_COOKIE, key, max_age=AN_HOUR_S, httponly=True, samesite="lax", secure=request.url.scheme == "https")
        return response

    async def ask_first(self, request: Request) -> Response:
        return await self._show(request, "sure")

    async def download(self, request: Request) -> Response:
        """Everything kept, as a file that other programs read too."""
        kept, own = await self._kept(request), await run_in_threadpool(self._classes.find, Holder.of(request), self._clock())
        whole = {
            "settings": asdict(Reader.of(request)),
            "talk": kept.whole if kept else None,
            "classes": own.whole,
            "recordings": [f"/mine/recordings/{one.name}" for one in await self._spoken(request)],
            "cookies": _cookies(request),
        }
        content = json.dumps(whole, ensure_ascii=False, indent=1)
        return Response(content, media_type="application/json", headers={"Content-Disposition": 'attachment; filename="my-record.json"'})

    async def end_grant(self, request: Request, grant: Annotated[str, Form(max_length=64)]) -> Response:
        """One consent between family ends, from whichever side. NotFound for one that is not theirs."""
        if not await run_in_threadpool(self._classes.end_grant, Holder.of(request), grant, self._clock()):
            raise NotFound()
        return RedirectResponse("/mine", status_code=303)

    async def erase(self, request: Request) -> Response:
        await run_in_threadpool(self._classes.erase, Holder.of(request), self._clock())
        await run_in_threadpool(self._record.erase, request.cookies.get(TALK_COOKIE, ""), self._clock())
        if self._recordings is not None:
            await run_in_threadpool(self._recordings.erase, request.cookies.get(RECORDINGS_COOKIE, ""))
        reader = Reader.of(request)
        response = self._pages.render("mine.html", reader, step="erased", kept=None, until="", cookies=(), own=None)
        for name in OUR_COOKIES:
            response.delete_cookie(name)
        return response

    async def _show(self, request: Request, step: str) -> HTMLResponse:
        kept, reader = await self._kept(request), Reader.of(request)
        until = self._pages.moment(reader, kept.expires_at) if kept else ""
        own = await run_in_threadpool(self._classes.find, Holder.of(request), self._clock())
        shown: dict[str, Any] = {"step": step, "kept": kept, "until": until, "cookies": _cookies(request), "own": own}
        shown["keeps"] = None if self._recordings is None else self._recordings.agreed(request.cookies.get(RECORDINGS_COOKIE, ""))
        shown["recordings"] = await self._spoken(request)
        return self._pages.render("mine.html", reader, **shown, moment=lambda at: self._pages.moment(reader, at))

    async def _spoken(self, request: Request) -> list[KeptRecording]:
        if self._recordings is None:
            return []
        return await run_in_threadpool(self._recordings.kept, request.cookies.get(RECORDINGS_COOKIE, ""))

    async def _kept(self, request: Request) -> KeptTalk | None:
        return await run_in_threadpool(self._record.find, request.cookies.get(TALK_COOKIE, ""), self._clock())


def mine_router(
    pages: Pages,
    record: OwnRecord,
    clock: Callable[[], datetime],
    public_url: str,
    classes: ClassRecord | None = None,
    recordings: OwnRecordings | None = None,
) -> APIRouter:
    page = MinePage(pages, record, clock, classes or NoClasses(), recordings)
    router = APIRouter(include_in_schema=False)
    own_form = [Depends(OwnFormsOnly(public_url))]
    router.add_api_route("/mine", page.open, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/mine/record", page.download, methods=["GET"])
    router.add_api_route("/mine/enter/{key}", page.enter, methods=["GET"])
    router.add_api_route("/mine/family", page.end_grant, methods=["POST"], dependencies=own_form)
    router.add_api_route("/mine/erase", page.ask_first, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/mine/erase", page.erase, methods=["POST"], response_class=HTMLResponse, dependencies=own_form)
    return router


def _cookies(request: Request) -> tuple[str, ...]:
    return tuple(name for name in OUR_COOKIES if name in request.cookies)
