"""Webhooks as LINE sends them: real, signed JSON bytes; without it tests would hand our code what our code expects."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any

BOT = "U" + "b07" + "0" * 30
RESIDENT = "U" + "1" * 32
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REPLY_TOKEN = re.compile(r"([0-9a-f]{12})[0-9a-f]{20}")

Event = dict[str, Any]


def sign(body: bytes, channel_secret: str) -> str:
    """The x-line-signature header for these bytes."""
    return base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()).decode()


def webhook(*events: Event, destination: str = BOT) -> bytes:
    """One webhook body; no event makes the empty one by which LINE checks an address."""
    return json.dumps({"destination": destination, "events": list(events)}, ensure_ascii=False, separators=(",", ":")).encode()


def new_reply_token(at: datetime | None = None) -> str:
    """A reply token that carries its own birth, so that a double in another process knows its age."""
    return f"{_milliseconds(at):012x}{secrets.token_hex(10)}"


def reply_token_age_s(token: str, now: datetime) -> float | None:
    """Seconds since the token was given out, None for one that never was."""
    found = REPLY_TOKEN.fullmatch(token)
    return None if found is None else now.timestamp() - int(found.group(1), 16) / 1000


def text_event(text: str, user_id: str | None = RESIDENT, at: datetime | None = None, **changes: Any) -> Event:
    """A resident writes. `changes` replace top-level fields (mode, source, webhookEventId, deliveryContext …)."""
    return message_event({"type": "text", "text": text, "quoteToken": secrets.token_hex(8)}, user_id, at, **changes)


def audio_event(message_id: str, user_id: str | None = RESIDENT, at: datetime | None = None, duration: int = 3000) -> Event:
    """A resident speaks; what was said is fetched by `message_id`."""
    return message_event({"type": "audio", "id": message_id, "duration": duration, "contentProvider": {"type": "line"}}, user_id, at)


def message_event(message: Event, user_id: str | None = RESIDENT, at: datetime | None = None, **changes: Any) -> Event:
    said = {"id": str(secrets.randbits(58)), **message}
    return _event("message", user_id, at, replyToken=new_reply_token(at), message=said, **changes)


def postback_event(data: str, user_id: str | None = RESIDENT, at: datetime | None = None, **changes: Any) -> Event:
    return _event("postback", user_id, at, replyToken=new_reply_token(at), postback={"data": data}, **changes)


def follow_event(is_unblocked: bool = False, user_id: str | None = RESIDENT, at: datetime | None = None) -> Event:
    return _event("follow", user_id, at, replyToken=new_reply_token(at), follow={"isUnblocked": is_unblocked})


def unfollow_event(user_id: str | None = RESIDENT, at: datetime | None = None) -> Event:
    return _event("unfollow", user_id, at)


def unsend_event(message_id: str, user_id: str | None = RESIDENT, at: datetime | None = None) -> Event:
    return _event("unsend", user_id, at, unsend={"messageId": message_id})


def in_group(event: Event, group_id: str = "C" + "2" * 32) -> Event:
    """The same event, said in a group."""
    return {**event, "source": {**event["source"], "type": "group", "groupId": group_id}}


def redelivered(event: Event) -> Event:
    """The same event, sent again by LINE because nobody acknowledged it."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


def _event(kind: str, user_id: str | None, at: datetime | None, **fields: Any) -> Event:
    source = {"type": "user", "userId": user_id} if user_id else {"type": "user"}
    return {
        "type": kind,
        "timestamp": _milliseconds(at),
        "mode": "active",
        "webhookEventId": _ulid(at),
        "deliveryContext": {"isRedelivery": False},
        "source": source,
        **fields,
    }


def _milliseconds(at: datetime | None) -> int:
    return int((at or datetime.now(UTC)).timestamp() * 1000)


def _ulid(at: datetime | None) -> str:
    number = (_milliseconds(at) << 80) | secrets.randbits(80)
    return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
