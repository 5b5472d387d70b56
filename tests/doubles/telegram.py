"""A Telegram that checks every call against the Bot API's own description; without it Telegram tests would only agree with us."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web

from .faults import Bucket, Clock, FaultPlan
from .telegram_schema import complaints, described, read_form

__all__ = ["TelegramDouble", "press", "said", "update", "voice"]

RESIDENT = 1001
LARGEST_DOWNLOAD = 20 * 1024**2
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
        self.keeps_pace = False  # True: three messages at once to one chat are too many
        self.webhook = ""
        self._buckets: dict[Any, Bucket] = {}
        self.files: dict[str, bytes] = {}
        self.voices: list[bytes] = []
        self.takes_voice = True
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 1024**2)
        app.router.add_get("/file/bot{token}/{path:.*}", self._hand_over)
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
        form, uploads = await _form(request)
        if not fault.accepted:
            await asyncio.sleep(fault.delay_s)
        status = 0
        told: dict[str, Any] = {}
        if fault.accepted or not (fault.status or fault.drop):
            status, told = self._take(request.match_info["token"], method, form, uploads)
        if fault.accepted:
            await asyncio.sleep(fault.delay_s)
        if fault.status:
            status, told = fault.status, {"ok": False, "error_code": fault.status, "description": fault.message}
        self.calls.append(Call(method, form, status))
        if fault.drop and request.transport:
            request.transport.abort()
        text = json.dumps(told) if fault.raw_body is None else fault.raw_body
        return web.Response(status=status or 500, text=text, content_type="application/json")

    def _take(self, token: str, method: str, form: dict[str, str], uploads: dict[str, bytes]) -> tuple[int, dict[str, Any]]:
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
        if method == "getFile":
            return self._file(values["file_id"])
        if method == "sendVoice":
            return self._voice(values, uploads)
        if method == "getUpdates" and self.webhook:
            return _refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        if method == "sendMessage" and self.keeps_pace and not self._bucket(values["chat_id"]).allows():
            return _refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        return 200, {"ok": True, "result": self._result(method, values)}

    def _bucket(self, chat_id: Any) -> Bucket:
        return self._buckets.setdefault(chat_id, Bucket(2.0, self.clock))

    def _file(self, file_id: str) -> tuple[int, dict[str, Any]]:
        content = self.files.get(file_id)
        if content is None:
            return _refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > LARGEST_DOWNLOAD:
            return _refusal(400, "Bad Request: file is too big")
        found = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content), "file_path": f"voice/{file_id}.oga"}
        return 200, {"ok": True, "result": found}

    def _voice(self, values: dict[str, Any], uploads: dict[str, bytes]) -> tuple[int, dict[str, Any]]:
        """Only an upload of OGG with Opus inside is a voice note; some people take none."""
        content = uploads.get(values["voice"].removeprefix("attach://"))
        if content is None or not content.startswith(b"OggS") or b"OpusHead" not in content[:100]:
            return _refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if not self.takes_voice:
            return _refusal(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN")
        self.voices.append(content)
        voice = {"file_id": "sent", "file_unique_id": "sent", "duration": values.get("duration", 0), "file_size": len(content)}
        return 200, {"ok": True, "result": {**self._sent(values), "voice": voice}}

    async def _hand_over(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["path"].removeprefix("voice/").removesuffix(".oga"))
        if request.match_info["token"] != self.token or content is None:
            return web.Response(status=404)
        return web.Response(body=content)

    def _result(self, method: str, values: dict[str, Any]) -> Any:
        if method == "getMe":
            return BOT
        if method in ("setWebhook", "deleteWebhook"):
            self.webhook = values.get("url", "") if method == "setWebhook" else ""
        if method == "getUpdates":
            return []
        if method != "sendMessage":
            return True
        self.delivered.append(values)
        return {**self._sent(values), "text": values["text"]}

    def _sent(self, values: dict[str, Any]) -> dict[str, Any]:
        chat = {"id": values["chat_id"], "type": "private", "first_name": "住民"}
        number = len(self.delivered) + len(self.voices)
        return {"message_id": number, "date": int(self.clock().timestamp()), "chat": chat, "from": BOT}


async def _form(request: web.Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """The fields of a call, and the files that came with it; a field that is a file names its upload."""
    form: dict[str, str] = {}
    uploads: dict[str, bytes] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = value.file.read()
            form.setdefault(name, f"attach://{name}")
        else:
            form[name] = str(value)
    return form, uploads


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


def voice(file_id: str, number: int = 1, duration: int = 3, kind: str = "voice", **more: Any) -> dict[str, Any]:
    """A resident speaks."""
    content = {"file_id": file_id, "file_unique_id": f"u{file_id}", "duration": duration, **more}
    return said({kind: {**content, "length": 240} if kind == "video_note" else content}, number)


def press(data: str, number: int = 2) -> dict[str, Any]:
    """A resident presses an inline button."""
    under = {**said("どれですか", number)["message"], "from": BOT}
    person = {"id": RESIDENT, "is_bot": False, "first_name": "花子"}
    return update(number, callback_query={"id": "q-77", "from": person, "chat_instance": "c", "message": under, "data": data})
