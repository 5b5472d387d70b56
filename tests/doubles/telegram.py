"""A Telegram that checks every call against the Bot API's own description; without it Telegram tests would only agree with us."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web

from .faults import Clock, FaultPlan
from .telegram_schema import complaints, described, read_form

__all__ = ["TelegramDouble", "press", "said", "update"]

RESIDENT = 1001
BOT = {"id": 7, "is_bot": True, "first_name": "案内係", "username": "chiyoda_test_bot"}


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    values: dict[str, Any]
    status: int


class TelegramDouble:
    """One Bot API with one bot. Read `calls` and `delivered`; order trouble with `faults.next_requests`."""

    def __init__(self, token: str = "7:double-bot-token", clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.token, self.clock = token, clock
        self.faults = FaultPlan()
        self.calls: list[Call] = []
        self.delivered: list[dict[str, Any]] = []
        self.blocked: set[int] = set()
        self.flooded_for_s = 0
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    def texts(self) -> list[str]:
        return [message["text"] for message in self.delivered]

    async def _answer(self, request: web.Request) -> web.Response:
        method, fault = request.match_info["method"], self.faults.take()
        form = {name: str(value) for name, value in (await request.post()).items()}
        if not fault.accepted:
            await asyncio.sleep(fault.delay_s)
        status = 0
        told: dict[str, Any] = {}
        if fault.accepted or not (fault.status or fault.drop):
            status, told = self._take(request.match_info["token"], method, form)
        if fault.accepted:
            await asyncio.sleep(fault.delay_s)
        if fault.status:
            status, told = fault.status, {"ok": False, "error_code": fault.status, "description": fault.message}
        self.calls.append(Call(method, form, status))
        if fault.drop and request.transport:
            request.transport.abort()
        text = json.dumps(told) if fault.raw_body is None else fault.raw_body
        return web.Response(status=status or 500, text=text, content_type="application/json")

    def _take(self, token: str, method: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if token != self.token:
            return _refusal(401, "Unauthorized")
        if method not in described()["methods"]:
            return _refusal(404, "Not Found")
        values = read_form(method, form)
        found = complaints(method, values)
        if found:
            return _refusal(400, "Bad Request: " + "; ".join(found))
        if values.get("chat_id") in self.blocked:
            return _refusal(403, "Forbidden: bot was blocked by the user")
        if self.flooded_for_s:
            return _refusal(429, "Too Many Requests", {"retry_after": self.flooded_for_s})
        return 200, {"ok": True, "result": self._result(method, values)}

    def _result(self, method: str, values: dict[str, Any]) -> Any:
        if method == "getMe":
            return BOT
        if method != "sendMessage":
            return True
        self.delivered.append(values)
        chat = {"id": values["chat_id"], "type": "private", "first_name": "住民"}
        sent = {"message_id": len(self.delivered), "date": int(self.clock().timestamp()), "chat": chat, "from": BOT}
        return {**sent, "text": values["text"]}


def _refusal(status: int, description: str, parameters: dict[str, int] | None = None) -> tuple[int, dict[str, Any]]:
    told = {"ok": False, "error_code": status, "description": description}
    return status, {**told, "parameters": parameters} if parameters else told


def update(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"update_id": number, **fields}


def said(content: str | dict[str, Any], number: int = 1, chat_type: str = "private", **more: Any) -> dict[str, Any]:
    """A resident writes, or sends the content fields of a message."""
    fields = {"text": content} if isinstance(content, str) else content
    person = {"id": RESIDENT, "is_bot": False, "first_name": "花子"}
    chat_id = RESIDENT if chat_type == "private" else -5
    message = {"message_id": 50 + number, "date": 1_777_600_000, "chat": {"id": chat_id, "type": chat_type}, "from": person, **fields}
    return update(number, message={**message, **more})


def press(data: str, number: int = 2) -> dict[str, Any]:
    """A resident presses an inline button."""
    under = {**said("どれですか", number)["message"], "from": BOT}
    person = {"id": RESIDENT, "is_bot": False, "first_name": "花子"}
    return update(number, callback_query={"id": "q-77", "from": person, "chat_instance": "c", "message": under, "data": data})
