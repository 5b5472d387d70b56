"""Wire bytes from Telegram become Messages; without it nothing a resident sends on Telegram could be trusted or understood.

The order is the caller's, as with LINE: `verify`, split with `events`, save each under its `event_id`, then `message_from`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from bots.errors import BadBody, BadSignature
from bots.message import Message, MessageKind, Sender
from bots.reading import json_object, part, time_from, words

CONTENT_KINDS: Mapping[str, MessageKind] = {
    "text": "text",
    "voice": "audio",
    "audio": "audio",
    "photo": "image",
    "video": "video",
    "video_note": "video",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
}
GROUP_CHATS = ("group", "supergroup")


def verify(secret_token: str | None, expected: str) -> None:
    """Raise BadSignature unless the header X-Telegram-Bot-Api-Secret-Token holds the secret we gave Telegram at setWebhook."""
    if not expected:
        raise BadSignature("No webhook secret is set, so no update can be trusted. Set TELEGRAM_WEBHOOK_SECRET.")
    if not secret_token:
        raise BadSignature("The update carries no X-Telegram-Bot-Api-Secret-Token header.")
    if not hmac.compare_digest(expected.encode(), secret_token.encode("utf-8", "replace")):
        raise BadSignature("The update's secret is not ours.")


def events(body: bytes) -> tuple[dict[str, Any], ...]:
    """The one update of a webhook; raises BadBody for any other shape."""
    update = json_object(body)
    if not isinstance(update.get("update_id"), int):
        raise BadBody("The body has no update_id. Send Telegram's update unchanged.")
    return (update,)


def event_id(raw: Mapping[str, Any]) -> str:
    """Telegram's own number of the update, the same on every retry; a hash where it is missing."""
    number = raw.get("update_id")
    if isinstance(number, int):
        return f"update:{number}"
    return "sha256:" + hashlib.sha256(json.dumps(dict(raw), sort_keys=True, default=str).encode()).hexdigest()


def message_from(raw: Mapping[str, Any], bot_name: str = "") -> Message:
    """Any update as a Message; never raises. Edited messages, channel posts and what we do not know stay unanswered in `raw`.

    A pressed button carries its query id as `reply_token`, so that sending can stop the button's waiting sign, and no time of its
    own: the time of the message it stands under is given.
    """
    query, message = part(raw, "callback_query"), part(raw, "message")
    if query:
        return _pressed(raw, query)
    if message:
        return _said(raw, message, bot_name)
    member = part(raw, "my_chat_member")
    blocked = part(member, "new_chat_member").get("status") == "kicked" and part(member, "chat").get("type") == "private"
    return Message(
        event_id=event_id(raw),
        sender=_sender(part(member, "chat"), part(member, "from")),
        kind="unfollow" if blocked else "unknown",
        sent_at=time_from(member.get("date")),
        may_answer=False,
        raw=raw,
    )


def _pressed(raw: Mapping[str, Any], query: Mapping[str, Any]) -> Message:
    under = part(query, "message")
    return Message(
        event_id=event_id(raw),
        sender=_sender(part(under, "chat"), part(query, "from")),
        kind="choice",
        sent_at=time_from(under.get("date")),
        text=words(query, "data"),
        reply_token=words(query, "id") or None,
        raw=raw,
    )


def _said(raw: Mapping[str, Any], message: Mapping[str, Any], bot_name: str) -> Message:
    sender = _sender(part(message, "chat"), part(message, "from"))
    text = words(message, "text")
    number = message.get("message_id")
    return Message(
        event_id=event_id(raw),
        sender=sender,
        kind="follow" if text.split(maxsplit=1)[:1] == ["/start"] else _kind(message),
        sent_at=time_from(message.get("date")),
        text=_question(text, bot_name),
        message_id=str(number) if isinstance(number, int) else None,
        may_answer=_may_answer(message, sender, text, bot_name),
        raw=raw,
    )


def _sender(chat: Mapping[str, Any], person: Mapping[str, Any]) -> Sender:
    user_id = person.get("id")
    return Sender(
        channel="telegram",
        chat_id=str(chat["id"]) if isinstance(chat.get("id"), int) else "",
        user_id=str(user_id) if isinstance(user_id, int) else None,
        in_group=chat.get("type") in GROUP_CHATS,
    )


def _kind(message: Mapping[str, Any]) -> MessageKind:
    return next((kind for name, kind in CONTENT_KINDS.items() if name in message), "unknown")


def _question(text: str, bot_name: str) -> str:
    return text.replace(f"@{bot_name}", " ").strip() if bot_name else text


def _may_answer(message: Mapping[str, Any], sender: Sender, text: str, bot_name: str) -> bool:
    """Never to another bot or without a chat; in a group only to a command, a reply to a bot, or our name."""
    if part(message, "from").get("is_bot") is True or not sender.chat_id:
        return False
    if not sender.in_group:
        return _kind(message) != "unknown"
    named = bool(bot_name) and f"@{bot_name}" in text
    replied = part(part(message, "reply_to_message"), "from").get("is_bot") is True
    return text.startswith("/") or replied or named
