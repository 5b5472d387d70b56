"""One server for several towns: each request goes to the town whose host name it names; without it the second town would be unreachable.

What other programs call can also be reached under /towns/NAME/…, where nobody has set up a host name yet. Pages cannot: their links
begin at the top of an address, so they are sent on to the town's own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

FOR_PROGRAMS: Final = ("/api/", "/webhooks/", "/healthz", "/readyz", "/metrics", "/openapi.json")
TOWNS: Final = "/towns"


@dataclass(frozen=True, slots=True)
class Served:
    """One town on the server. `name` stands in addresses, `title` is what residents call the town."""

    name: str
    title: str
    public_url: str
    app: FastAPI


def side_by_side(towns: Sequence[Served]) -> ASGIApp:
    """The application of a single town as it is; of several, one that leads to each of them. A host nobody knows gets the first."""
    if len(towns) == 1:
        return towns[0].app
    routes = [Route(TOWNS, _listed(towns)), Mount("/", _Crossing(towns))]
    return Starlette(routes=routes, lifespan=_all_of(towns))


class _Crossing:
    """Leads a request to its town."""

    def __init__(self, towns: Sequence[Served]) -> None:
        self._first = towns[0]
        self._by_name = {town.name: town for town in towns}
        self._by_host = {_host_name(town.public_url): town for town in reversed(towns)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        town, path = self._named(scope)
        if town is None:
            await self._unknown(scope, receive, send)
        elif path is None:
            await town.app(scope, receive, send)
        elif path.startswith(FOR_PROGRAMS):
            await town.app({**scope, "path": path, "raw_path": path.encode(), "root_path": ""}, receive, send)
        else:
            asked = scope["query_string"].decode("latin-1")
            await RedirectResponse(town.public_url + path + (f"?{asked}" if asked else ""))(scope, receive, send)

    def _named(self, scope: Scope) -> tuple[Served | None, str | None]:
        """The town, and the path within it where the path names the town; no town for a name nobody has."""
        if scope["path"].startswith(TOWNS + "/"):
            name, _, within = scope["path"].removeprefix(TOWNS + "/").partition("/")
            return self._by_name.get(name), "/" + within
        host = next((value for key, value in scope["headers"] if key == b"host"), b"").decode("latin-1")
        return self._by_host.get(_host_name(f"//{host}"), self._first), None

    @property
    def _unknown(self) -> JSONResponse:
        names = ", ".join(self._by_name)
        words = {
            "code": "town_unknown",
            "message": "この名前の町はありません。 / No town of this name is served here.",
            "next_step": f"使える名前: {names} / Use one of these: {names}",
        }
        return JSONResponse({"error": words}, 404)


def _host_name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:  # anybody can write anything there
        return None


def _listed(towns: Sequence[Served]) -> Callable[[Request], JSONResponse]:
    def tell(_: Request) -> JSONResponse:
        return JSONResponse(
            [{"name": one.name, "title": one.title, "page": one.public_url, "ask": f"{TOWNS}/{one.name}/api/v1/ask"} for one in towns]
        )

    return tell


def _all_of(towns: Sequence[Served]) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            for town in towns:
                await running.enter_async_context(town.app.router.lifespan_context(town.app))
            yield

    return lifespan
