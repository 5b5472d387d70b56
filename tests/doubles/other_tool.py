"""The chat tool a municipality already has: it takes webhooks as LINE would give them, checks LINE's signature, and can be away."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from .line_events import sign


@dataclass
class OtherTool:
    """`heard` are the events of every webhook that was signed by LINE; `statuses` are the next answers, then 200 again."""

    channel_secret: str
    heard: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    knocks: int = 0
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/line", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/line"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.knocks += 1
        body = await request.read()
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        if request.headers.get("x-line-signature") != sign(body, self.channel_secret):
            return web.Response(status=403)
        if self.statuses:
            return web.Response(status=self.statuses.pop(0), headers={"Location": "https://elsewhere.example/"})
        self.heard += json.loads(body)["events"]
        return web.Response()


def next_door() -> list[web.RouteDef]:
    """The same tool without a judgement of its own, for a double in another process: GET tells what was posted and how it was signed."""
    heard: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        heard.append({"body": (await request.read()).decode(), "signature": request.headers.get("x-line-signature", "")})
        return web.Response()

    async def tell(_: web.Request) -> web.Response:
        return web.json_response(heard)

    return [web.post("/double/other-tool", take), web.get("/double/other-tool", tell)]
