"""Wire bytes from LINE become Messages; without it nothing a resident sends on LINE could be trusted or understood.

The order is the caller's: `verify` the raw bytes, split them with `events`, save each under its `event_id`, then `message_from`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from bots.errors import BadBody, BadSignature
from bots.message import Message, MessageKind, Sender
from bots.reading import json_object, part, time_from, words

MESSAGE_KINDS: Mapping[str, MessageKind] = {
    "text": "text",
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "file",
    "location": "location",
    "sticker": "sticker",
}
EVENT_KINDS: Mapping[str, MessageKind] = {
    "postback": "choice",
    "follow": "follow",
    "unfollow": "unfollow",
    "unsend": "unsend",
    "join": "joined",
    "accountLink": "account_link",
}
ANSWERED_EVENTS = ("message", "postback", "follow", "join", "accountLink")
# Events LINE tells us of in which nobody spoke to us. What LINE has not invented yet is in neither list: with a reply token it is answered.
SILENT_EVENTS = (
    "unfollow",
    "unsend",
    "leave",
    "memberJoined",
    "memberLeft",
    "videoPlayComplete",
    "beacon",
    "membership",
    "module",
    "activated",
    "deactivated",
    "botSuspended",
    "botResumed",
    "delivery",
)


def verify(body: bytes, signature: str | None, channel_secret: str) -> None:
    """Raise BadSignature unless `signature` (header x-line-signature) was made over exactly these bytes with our secret.

    The bytes are signed here rather than through the SDK, whose validator takes text and so cannot see every changed byte.
    """
    if not channel_secret:
        raise BadSignature("No channel secret is set, so no webhook can be trusted. Set LINE_CHANNEL_SECRET.")
    if not signature:
        raise BadSignature("The webhook carries no x-line-signature header.")
    expected = base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest())
    if not hmac.compare_digest(expected, signature.encode("utf-8", "replace")):
        raise BadSignature("The webhook was not signed with our channel secret.")


def events(body: bytes) -> tuple[dict[str, Any], ...]:
    """The events of one webhook, possibly none (LINE checks the address that way); raises BadBody for any other shape."""
    found = json_object(body).get("events")
    if not isinstance(found, list) or not all(isinstance(event, dict) for event in found):
        raise BadBody("The body has no list of events. Send LINE's webhook unchanged.")
    return tuple(found)


def event_id(raw: Mapping[str, Any]) -> str:
    """LINE's own id, the same on redelivery; for an event without one, a hash of everything a redelivery leaves as it was."""
    given = words(raw, "webhookEventId")
    if given:
        return given
    lasting = {name: value for name, value in raw.items() if name not in ("deliveryContext", "replyToken")}
    return "sha256:" + hashlib.sha256(json.dumps(lasting, sort_keys=True, default=str).encode()).hexdigest()


def message_from(raw: Mapping[str, Any]) -> Message:
    """Any event of today or tomorrow as a Message; never raises. What we do not know is kept in `raw` with the kind "unknown"."""
    sender = _sender(raw)
    return Message(
        event_id=event_id(raw),
        sender=sender,
        kind=_kind(raw),
        sent_at=time_from(_seconds(raw.get("timestamp"))),
        text=_text(raw),
        reply_token=words(raw, "replyToken") or None,
        message_id=words(part(raw, "message"), "id") or words(part(raw, "unsend"), "messageId") or None,
        taken_back=tuple(filter(None, (words(part(raw, "unsend"), "messageId"),))),
        redelivered=part(raw, "deliveryContext").get("isRedelivery") is True,
        may_answer=_may_answer(raw, sender),
        quote_token=words(part(raw, "message"), "quoteToken") or None,
        raw=raw,
    )


def _sender(raw: Mapping[str, Any]) -> Sender:
    source = part(raw, "source")
    user_id = words(source, "userId") or None
    group = words(source, "groupId") or words(source, "roomId")
    return Sender(channel="line", chat_id=group or user_id or "", user_id=user_id, in_group=bool(group))


def _kind(raw: Mapping[str, Any]) -> MessageKind:
    if raw.get("type") == "message":
        return MESSAGE_KINDS.get(words(part(raw, "message"), "type"), "unknown")
    return EVENT_KINDS.get(words(raw, "type"), "unknown")


def _seconds(milliseconds: Any) -> Any:
    return milliseconds / 1000 if isinstance(milliseconds, int) and abs(milliseconds) < 1 << 60 else None


def _text(raw: Mapping[str, Any]) -> str:
    if raw.get("type") == "postback":
        return words(part(raw, "postback"), "data")
    message = part(raw, "message")
    return _without_mention(words(message, "text"), message) if message.get("type") == "text" else ""


def _may_answer(raw: Mapping[str, Any], sender: Sender) -> bool:
    """Never in standby, never to an event in which nobody spoke to us; in a group only when the bot itself was addressed."""
    if raw.get("mode", "active") != "active" or not _speaks_to_us(raw):
        return False
    return not sender.in_group or raw.get("type") in ("postback", "join") or bool(_own_mentions(part(raw, "message")))


def _speaks_to_us(raw: Mapping[str, Any]) -> bool:
    """An event of the future with a reply token may be answered, and so it is: silence would look like a fault."""
    kind = raw.get("type")
    return kind in ANSWERED_EVENTS or (isinstance(kind, str) and kind not in SILENT_EVENTS and bool(words(raw, "replyToken")))


def _own_mentions(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    mentionees = part(message, "mention").get("mentionees")
    if not isinstance(mentionees, list):
        return []
    return [mentionee for mentionee in mentionees if isinstance(mentionee, Mapping) and mentionee.get("isSelf") is True]


def _without_mention(text: str, message: Mapping[str, Any]) -> str:
    """The text without "@our name", so that only the question is understood; positions count UTF-16 units."""
    ours = _own_mentions(message)
    units = text.encode("utf-16-le")
    for mentionee in sorted(ours, key=_position, reverse=True):
        start, length = _position(mentionee) * 2, mentionee.get("length")
        if isinstance(length, int) and length > 0 and units[start : start + 2] == "@".encode("utf-16-le"):
            units = units[:start] + units[start + length * 2 :]
    return units.decode("utf-16-le", "replace").strip() if ours else text


def _position(mentionee: Mapping[str, Any]) -> int:
    index = mentionee.get("index")
    return index if isinstance(index, int) and index >= 0 else 0
