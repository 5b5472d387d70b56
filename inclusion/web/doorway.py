"""What every request passes on its way in and out; without it size limits, headers and figures would be each route's job.

Plain ASGI: the body is never copied, and only a body of unknown length is watched while it is read.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import BodyTooLarge, Broken, NotFound, WebError
from .metrics import Metrics
from .security import complete_headers

Respond = Callable[[Request, WebError], Awaitable[Response]]


class Doorway:
    """ASGI middleware around the whole app."""

    def __init__(
        self, app: ASGIApp, *, respond: Respond, metrics: Metrics, max_body_bytes: int, https: bool, larger: Mapping[str, int] | None = None
    ) -> None:
        self._app, self._respond, self._metrics = app, respond, metrics
        self._max_body_bytes, self._https = max_body_bytes, https
        self._larger = dict(larger or {})  # paths that take more than the others: recordings
        self._log = logging.getLogger("inclusion.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        headers_only = scope["method"] == "HEAD" and not scope["path"].startswith(OWN_METHODS)
        scope = {**scope, "method": "GET"} if headers_only else scope
        out = _Way(send, secrets.token_hex(8), self._https or scope["scheme"] == "https", headers_only)
        try:
            await self._pass(scope, receive, out)
        finally:
            self._note(scope, out, perf_counter() - started)

    async def _pass(self, scope: Scope, receive: Receive, out: _Way) -> None:
        """Through the app; what nobody caught becomes a page or a JSON error of ours."""
        try:
            if "\0" in scope["path"] or b"%00" in scope["query_string"]:
                raise NotFound()  # PostgreSQL takes no such text, and no address of ours holds one
            await self._app(scope, self._measured(scope, receive), out.send)
        except WebError as error:
            await self._refuse(scope, receive, out, error)
        except _Enough:
            return
        except Exception as error:
            self._log.error("A request failed: %s at %s (request %s)", type(error).__name__, _where(error), out.request_id)
            await self._refuse(scope, receive, out, Broken())

    def _measured(self, scope: Scope, receive: Receive) -> Receive:
        """`receive` when the declared length is small enough, a counting one when none is declared; raises BodyTooLarge."""
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), None)
        most = self._larger.get(scope["path"], self._max_body_bytes)
        if declared is None:
            return _Counted(receive, most)
        if not declared.isdigit() or int(declared) > most:
            raise BodyTooLarge(most)
        return receive

    async def _refuse(self, scope: Scope, receive: Receive, out: _Way, error: WebError) -> None:
        if out.status:  # the response has begun: all we can do is stop
            return
        response = await self._respond(Request(scope, receive), error)
        await response(scope, receive, out.send)

    def _note(self, scope: Scope, out: _Way, seconds: float) -> None:
        """Figures and one log sentence. The route's template is named, never the address: it may hold what a person typed."""
        route = str(getattr(scope.get("route"), "path", "")) or scope.get("named_route", "other")
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.request_served(method, route, out.status or 500)
        self._log.info("%s %s was answered %d in %d ms (request %s)", method, route, out.status, seconds * 1000, out.request_id)


OWN_METHODS = ("/whip/", "/whep/", "/webhooks/")  # their standards say what each method does
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Way:
    """The way out of one request: adds our headers and remembers the status (0 until the response begins)."""

    def __init__(self, send: Send, request_id: str, https: bool, headers_only: bool = False) -> None:
        self._send, self.request_id, self._https, self._headers_only, self.status = send, request_id, https, headers_only, 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = complete_headers(message, self.request_id.encode(), self._https)
        elif self._headers_only:
            if message.get("more_body"):  # a stream without an end: its first piece ends it
                await self._send({"type": "http.response.body"})
                raise _Enough
            message = {"type": "http.response.body"}
        await self._send(message)


class _Enough(Exception):
    """Who asked for the headers alone has them."""


class _Counted:
    """Stops reading a body of unknown length at the limit; nothing more of it is taken in."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit, self._taken = receive, limit, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > self._limit:
            raise BodyTooLarge(self._limit)
        return message


def _where(error: Exception) -> str:
    """File and line of the failure. The error's own words stay out of the log: they may repeat what a person said."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "unknown"
