"""A LINE that answers as LINE does and knows nothing of our code; without it every LINE test would only ask us whether we agree.

In a test: `async with LineDouble() as line:` and point the client at `line.url`. From a benchmark, as a process of its own:
`python -m tests.doubles.line --port 9100` (GET /double/counts tells what it has seen).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web

from .faults import Clock, Fault, FaultPlan
from .line_content import Recordings
from .line_events import (
    audio_event,
    follow_event,
    in_group,
    message_event,
    postback_event,
    redelivered,
    sign,
    text_event,
    unfollow_event,
    unsend_event,
    webhook,
)
from .line_limits import AT_ONCE, RATES, Limits
from .line_menus import MENUS, TOKEN, Keys, Menus
from .line_rules import message_complaints
from .line_schema import Bodies, Complaint
from .line_sending import LOADING, MULTICAST, PUSH, REPLY, Refused, Sending, retry_key_of
from .other_tool import next_door

__all__ = [
    "Fault",
    "LineDouble",
    "audio_event",
    "follow_event",
    "in_group",
    "message_event",
    "postback_event",
    "redelivered",
    "sign",
    "text_event",
    "unfollow_event",
    "unsend_event",
    "webhook",
]

SCHEMAS = {
    REPLY: "ReplyMessageRequest",
    PUSH: "PushMessageRequest",
    MULTICAST: "MulticastRequest",
    LOADING: "ShowLoadingAnimationRequest",
}
REMEMBERED_BODIES = 2000


@dataclass(frozen=True, slots=True)
class Call:
    path: str
    status: int
    body: Any
    headers: dict[str, str]


class LineDouble(Sending):
    """One LINE platform with one channel. Read `delivered`, `calls`, `thinking`; order trouble with `faults.next_requests`."""

    def __init__(
        self,
        access_token: str = "double-access-token",
        clock: Clock = lambda: datetime.now(UTC),
        rates: dict[str, float] | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        super().__init__(clock)
        self.access_token = access_token
        self.faults = FaultPlan()
        self.calls: list[Call] = []
        self.limits = Limits(clock, rates, at_once)
        self.keys, self.menus = Keys(), Menus()
        self.recordings = Recordings(self._lets_in, self.faults.take)
        self._bodies = Bodies()
        self._judged: dict[str, list[Complaint]] = {}
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> Self:
        """Listen on `port`, or on any free one."""
        app = web.Application(client_max_size=20 * 1024**2)
        app.router.add_get("/double/counts", self._counts)
        app.router.add_get("/double/delivered", self._everything_delivered)
        app.router.add_routes(next_door())
        self.recordings.add_routes(app.router)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=2048)
        await site.start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def statuses(self, path: str = "") -> list[int]:
        """The statuses answered so far, of one path or of all."""
        return [call.status for call in self.calls if path in ("", call.path)]

    async def _answer(self, request: web.Request) -> web.Response:
        with self.limits.at_work(request.path) as room:
            return await self._answer_when_there_is_room(request, room)

    async def _answer_when_there_is_room(self, request: web.Request, room: bool) -> web.Response:
        request_id, fault = str(uuid.uuid4()), self.faults.take()
        raw = await request.read()
        body = _json(raw)
        if not fault.accepted and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        status, headers = 0, {}
        told: dict[str, Any] = {}
        try:
            if fault.accepted or not (fault.status or fault.drop):
                status, told = self._take(request, body, raw, request_id, room)
        except Refused as refused:
            status, told, headers = refused.status, refused.body, refused.headers
        if fault.accepted and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.status:
            status, told = fault.status, {"message": fault.message, **({"details": list(fault.details)} if fault.details else {})}
        self.calls.append(Call(request.path, status, body, {name.lower(): value for name, value in request.headers.items()}))
        if fault.drop and request.transport:
            request.transport.abort()
        text = json.dumps(told) if fault.raw_body is None else fault.raw_body
        return web.Response(
            status=status or 500, text=text, content_type="application/json", headers={"X-Line-Request-Id": request_id, **headers}
        )

    def _take(self, request: web.Request, body: Any, raw: bytes, request_id: str, room: bool) -> tuple[int, dict[str, Any]]:
        """LINE's answer to a request that reached it whole; raises Refused."""
        if request.path == TOKEN:
            return self.keys.take(raw, self.clock())
        if not self._lets_in(request.headers.get("Authorization", "").removeprefix("Bearer ")):
            raise Refused(401, "Authentication failed. Confirm that the access token in the authorization header is valid.")
        if request.path.startswith((MENUS, "/v2/bot/user/")):
            complaints = self._bodies.complaints("RichMenuRequest", body) if request.path == MENUS else []
            if complaints:
                raise Refused(400, f"The request body has {len(complaints)} error(s)", complaints)
            return self.menus.take(request.method, request.path, body, raw)
        if request.path not in SCHEMAS:
            raise Refused(404, "Not found")
        if request.method != "POST":
            raise Refused(405, "Method not allowed")
        self.limits.take(request.path, room)
        if body is None:
            raise Refused(400, "The request body could not be parsed as JSON")
        retry_key = retry_key_of(request.path, request.headers)
        complaints = self._judge(SCHEMAS[request.path], body)
        if complaints:
            raise Refused(400, f"The request body has {len(complaints)} error(s)", complaints)
        return self.send(request.path, body, retry_key, request_id)

    def _lets_in(self, given: str) -> bool:
        return given == self.access_token or self.keys.opens(given, self.clock())

    def _judge(self, schema_name: str, body: dict[str, Any]) -> list[Complaint]:
        """Description and rules; the verdict on equal messages is remembered, so that a benchmark measures the client."""
        stable = {name: value for name, value in body.items() if name not in ("replyToken", "to")}
        key = schema_name + json.dumps([stable, *(type(body.get(name)).__name__ for name in ("replyToken", "to"))])
        if isinstance(body.get("to"), list) or key not in self._judged:
            described = self._bodies.complaints(schema_name, body)
            verdict = described or message_complaints(body.get("messages"))
            if len(self._judged) < REMEMBERED_BODIES:
                self._judged[key] = verdict
            return verdict
        return self._judged[key]

    async def _everything_delivered(self, _: web.Request) -> web.Response:
        return web.json_response([{"how": one.how, "to": one.to, "messages": list(one.messages)} for one in self.delivered])

    async def _counts(self, _: web.Request) -> web.Response:
        statuses = Counter(f"{call.path} {call.status}" for call in self.calls)
        return web.json_response({"delivered": len(self.delivered), "thinking": len(self.thinking), "calls": statuses})


def _json(body: bytes) -> Any:
    try:
        read = json.loads(body)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


async def _serve(port: int, access_token: str) -> None:
    double = await LineDouble(access_token, rates=dict.fromkeys(RATES, 1e9), at_once=10**9).start(port)
    print(double.url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Stands in for api.line.me on this machine.")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--access-token", default="double-access-token")
    chosen = options.parse_args()
    asyncio.run(_serve(chosen.port, chosen.access_token))
