"""How LINE takes messages: reply tokens, retry keys, the month's count, blocked people; without it a second copy would pass the double."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .faults import Clock
from .line_events import reply_token_age_s
from .line_rules import CHAT_ID, USER_ID, is_uuid
from .line_schema import Complaint

REPLY, PUSH = "/v2/bot/message/reply", "/v2/bot/message/push"
MULTICAST, LOADING = "/v2/bot/message/multicast", "/v2/bot/chat/loading/start"
REPLY_TOKEN_LIVES_S = 60
RETRY_KEY_LIVES_S = 24 * 3600


class Refused(Exception):
    """An error answer in LINE's form."""

    def __init__(self, status: int, message: str, complaints: Iterable[Complaint] = (), headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        details = [{"message": complaint.message, "property": complaint.property} for complaint in complaints]
        self.status, self.headers = status, headers or {}
        self.body = {"message": message, "details": details} if details else {"message": message}


@dataclass(frozen=True, slots=True)
class Delivered:
    """Messages that reached a phone. `to` is the chat, or the reply token for a reply."""

    how: str
    to: str
    messages: tuple[dict[str, Any], ...]
    silent: bool


@dataclass(slots=True)
class Accepted:
    """A retry key LINE has seen: whose request it was and when."""

    request_id: str
    at: datetime
    sent: list[dict[str, str]] = field(default_factory=list)


class Sending:
    """What one channel has sent, to whom it may not, and what it has used up."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.delivered: list[Delivered] = []
        self.thinking: list[str] = []
        self.blocked: set[str] = set()
        self.monthly_left: int | None = None
        self._used_tokens: set[str] = set()
        self._retry_keys: dict[str, Accepted] = {}

    def send(self, path: str, body: dict[str, Any], retry_key: str, request_id: str) -> tuple[int, dict[str, Any]]:
        """LINE's answer to a body without complaints; raises Refused."""
        if path == LOADING:
            return self._loading(body)
        if path == REPLY:
            return 200, {"sentMessages": self._reply(body)}
        return 200, self._push(path, body, retry_key, request_id)

    def _loading(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if not USER_ID.fullmatch(body["chatId"]):
            raise Refused(400, "The property, 'chatId', in the request body is invalid")
        if body.get("loadingSeconds", 20) % 5:
            raise Refused(400, "The property, 'loadingSeconds', must be a multiple of 5")
        self.thinking.append(body["chatId"])
        return 202, {}

    def _reply(self, body: dict[str, Any]) -> list[dict[str, str]]:
        token = body["replyToken"]
        age = reply_token_age_s(token, self.clock())
        if age is None or age > REPLY_TOKEN_LIVES_S or token in self._used_tokens:
            raise Refused(400, "Invalid reply token")
        self._used_tokens.add(token)
        return self._deliver("reply", [token], body)

    def _push(self, path: str, body: dict[str, Any], retry_key: str, request_id: str) -> dict[str, Any]:
        everyone = body["to"] if path == MULTICAST else [body["to"]]
        if not all((USER_ID if path == MULTICAST else CHAT_ID).fullmatch(to) for to in everyone):
            raise Refused(400, "The property, 'to', in the request body is invalid")
        seen = self._retry_keys.get(retry_key)
        if seen and (self.clock() - seen.at).total_seconds() < RETRY_KEY_LIVES_S:
            again = Refused(409, "The retry key is already accepted", headers={"X-Line-Accepted-Request-Id": seen.request_id})
            again.body["sentMessages"] = seen.sent  # type: ignore[assignment]  # LINE tells them here too
            raise again
        if self.monthly_left is not None:
            if self.monthly_left < len(everyone):
                raise Refused(429, "You have reached your monthly limit.")
            self.monthly_left -= len(everyone)
        sent = self._deliver("push" if path == PUSH else "multicast", everyone, body)
        if retry_key:
            self._retry_keys[retry_key] = Accepted(request_id, self.clock(), sent)
        return {} if path == MULTICAST else {"sentMessages": sent}

    def _deliver(self, how: str, everyone: list[str], body: dict[str, Any]) -> list[dict[str, str]]:
        """Blocked people get nothing, and nobody tells the sender."""
        messages, silent = tuple(body["messages"]), bool(body.get("notificationDisabled"))
        self.delivered += [Delivered(how, to, messages, silent) for to in everyone if to not in self.blocked]
        return [{"id": str(uuid.uuid4().int % 10**18), "quoteToken": uuid.uuid4().hex} for _ in messages]


def retry_key_of(path: str, headers: Mapping[str, str]) -> str:
    """The request's retry key in small letters, empty without one; raises Refused where none may stand."""
    key = headers.get("X-Line-Retry-Key")
    if key is None:
        return ""
    if path not in (PUSH, MULTICAST):
        raise Refused(400, "The retry key is not supported by this API")
    if not is_uuid(key):
        raise Refused(400, "Invalid retry key. Specify a UUID in hexadecimal format.")
    return key.lower()
