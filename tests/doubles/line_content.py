"""What residents send LINE to be fetched: prepared first, then handed over; without it a client that never waits would pass the double."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from .faults import Fault

CONTENT = "/v2/bot/message/{message_id:[0-9]+}/content"


@dataclass(slots=True)
class Recording:
    """Sound of a message. `looks` are how often LINE answers "processing" first, `accepts` how often 202 instead of the content."""

    sound: bytes
    looks: int = 0
    accepts: int = 0
    broken: bool = False


@dataclass
class Recordings:
    """The recordings of one channel by message id. `opens` judges an Authorization header, `fault` gives the next request's trouble."""

    opens: Callable[[str], bool]
    fault: Callable[[], Fault]
    kept: dict[str, Recording] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(CONTENT + "/transcoding", self._transcoding)
        router.add_get(CONTENT, self._content)
        router.add_put("/double/recordings/{message_id}", self._keep)

    async def _transcoding(self, request: web.Request) -> web.Response:
        recording = await self._found(request, "transcoding")
        if isinstance(recording, web.Response):
            return recording
        recording.looks -= 1
        state = "processing" if recording.looks >= 0 else "failed" if recording.broken else "succeeded"
        return web.json_response({"status": state})

    async def _content(self, request: web.Request) -> web.Response:
        recording = await self._found(request, "content")
        if isinstance(recording, web.Response):
            return recording
        recording.accepts -= 1
        if recording.looks >= 0 or recording.accepts >= 0:
            return web.json_response({}, status=202)
        return web.Response(body=recording.sound, content_type="audio/x-m4a")

    async def _found(self, request: web.Request, what: str) -> Recording | web.Response:
        fault = self.fault()
        self.calls.append(what)
        await asyncio.sleep(fault.delay_s)
        if fault.drop and request.transport:
            request.transport.abort()
        if fault.status:
            return web.json_response({"message": fault.message}, status=fault.status)
        if not self.opens(request.headers.get("Authorization", "").removeprefix("Bearer ")):
            return web.json_response({"message": "Authentication failed."}, status=401)
        found = self.kept.get(request.match_info["message_id"])
        return found or web.json_response({"message": "Not found"}, status=404)

    async def _keep(self, request: web.Request) -> web.Response:
        """For a double in another process: what a resident said."""
        looks = int(request.query.get("looks", "0"))
        self.kept[request.match_info["message_id"]] = Recording(await request.read(), looks)
        return web.Response()
