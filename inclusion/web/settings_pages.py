"""How one reads and hears, changed from any page in two taps; without it letters could be made larger only on the page where one talks."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from .pages import Pages
from .reader import Reader
from .security import OwnFormsOnly

CHOICES: Final = ("tongue", "letters", "furigana", "voice", "speed")


def settings_router(pages: Pages, public_url: str) -> APIRouter:
    """/settings: the choices as a page, and where every page's buttons go; afterwards one is back where one was."""
    secure = public_url.startswith("https://")

    def show(request: Request) -> HTMLResponse:
        return pages.render("settings_page.html", Reader.of(request))

    async def choose(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=10) as form:
            sent = {name: value for name, value in form.items() if name in CHOICES and isinstance(value, str)}
        response = RedirectResponse(_where_from(request), status_code=303)
        Reader.of(request).choosing(**sent).remember(response, secure)
        return response

    router = APIRouter(include_in_schema=False)
    router.add_api_route("/settings", show, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/settings", choose, methods=["POST"], dependencies=[Depends(OwnFormsOnly(public_url))])
    return router


def _where_from(request: Request) -> str:
    """The page the button stood on, as a path of ours; the first page when the browser does not say."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.headers.get("host") or not came_from.path.startswith("/") or came_from.path.startswith("//"):
        return "/"
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")
