"""Words every refusal in the form its reader expects: JSON for programs, a page for people; without it errors would be bare numbers."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from accessibility import Messages

from .errors import WebError, from_http, from_validation
from .pages import Pages
from .reader import Reader
from .typed_text import LIMIT

FOR_PROGRAMS: Final = ("/api/", "/webhooks/", "/whip/", "/whep/", "/healthz", "/readyz", "/metrics", "/openapi.json")


class Faults:
    """The one place where an error becomes a sentence."""

    def __init__(self, messages: Messages, pages: Pages) -> None:
        self._messages, self._pages = messages, pages

    async def respond(self, request: Request, error: WebError) -> Response:
        if request.url.path.startswith(FOR_PROGRAMS):
            return JSONResponse(self._body(error), status_code=error.status, headers=error.headers)
        reader = Reader.of(request)
        words = {name: self._pages.say(reader, self._for_people(one), **error.values) for name, one in _ids(error).items()}
        response = self._pages.render("error.html", reader, status=error.status, **words)
        response.headers.update(error.headers)
        return response

    async def on_http(self, request: Request, error: Exception) -> Response:
        """Starlette's and the routers' own HTTPException; a redirect stays a redirect."""
        if not isinstance(error, HTTPException):
            raise error
        if error.status_code < 400:
            return Response(status_code=error.status_code, headers=error.headers)
        if error.status_code == 404 and (address := without_slash(request)):
            return RedirectResponse(address)
        return await self.respond(request, from_http(error))

    async def on_validation(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        return await self.respond(request, from_validation(error, LIMIT))

    def _for_people(self, message_id: str) -> str:
        """What is said of JSON and headers to programs is said otherwise on a page."""
        page = message_id.replace(".next", "") + ".page" + ".next" * message_id.endswith(".next")
        return page if page in self._messages.texts else message_id

    def _body(self, error: WebError) -> dict[str, dict[str, str]]:
        words = {name: self._in_both(message_id, error) for name, message_id in _ids(error).items()}
        return {"error": {"code": error.code, **words}}

    def _in_both(self, message_id: str, error: WebError) -> str:
        return " / ".join(self._messages.say(message_id, language, easy=False, **error.values) for language in ("ja", "en"))


def without_slash(request: Request) -> str:
    """The address of /lessons/ without its last sign, as seen from there: an address with a host in it would be built of what
    anybody can write into the Host header. "" where nothing is to be taken away."""
    path, _, last = request.url.path.removesuffix("/").rpartition("/")
    if request.method not in ("GET", "HEAD") or not request.url.path.endswith("/") or not last or path.endswith("/"):
        return ""
    return f"../{quote(last)}" + (f"?{request.url.query}" if request.url.query else "")


def _ids(error: WebError) -> dict[str, str]:
    return {"message": f"web.error.{error.code}", "next_step": f"web.error.{error.code}.next"}
