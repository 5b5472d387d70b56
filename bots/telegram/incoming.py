"""Wire bytes from Telegram become Messages; without it nothing a resident sends on Telegram could be trusted or understood.

The order is the caller's, as with LINE: `verify`, split with `events`, save each under its `event_id`, then `message_from`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    "video_note": "audio",
    "document": "file",
    "animation": "file",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
}
# Messages Telegram writes itself; nobody waits for an answer to them.
SERVICE_CONTENT = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "chat_owner_left",
        "chat_owner_changed",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
        "refunded_payment",
        "gift",
        "unique_gift",
        "gift_upgrade_sent",
        "connected_website",
        "write_access_allowed",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "checklist_tasks_done",
        "checklist_tasks_added",
        "direct_message_price_changed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "giveaway_created",
        "giveaway",
        "giveaway_winners",
        "giveaway_completed",
        "managed_bot_created",
        "paid_message_price_changed",
        "poll_option_added",
        "poll_option_deleted",
        "suggested_post_approved",
        "suggested_post_approval_failed",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_participants_invited",
    }
)
GROUP_CHATS = ("group", "supergroup")


@dataclass(frozen=True, slots=True)
class Named:
    """The bot as a group calls it: its user name, and its number (the part of the token before the colon). "" when not known."""

    name: str = ""
    number: str = ""


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


def message_from(raw: Mapping[str, Any], bot_name: str = "", bot_id: str = "") -> Message:
    """Any update as a Message; never raises. Channel posts and what we do not know stay unanswered in `raw`.

    An edited text is a new question that replaces the old one; other edits (a caption, a moving location) are only kept. What
    somebody writes to a business account that the bot is connected to is not for the bot; when it is edited or deleted there, it is
    the one deletion Telegram tells a bot of, the words we kept go.

    A pressed button carries its query id as `reply_token`, so that sending can stop the button's waiting sign, and no time of its
    own: the time of the message it stands under is given.
    """
    query, message, edited = part(raw, "callback_query"), part(raw, "message"), part(raw, "edited_message")
    if query:
        return _pressed(raw, query)
    if message:
        return _said(raw, message, Named(bot_name, bot_id))
    if edited:
        again = _said(raw, edited, Named(bot_name, bot_id))
        return replace(again, edited=True, may_answer=again.may_answer and again.kind == "text")
    return _to_a_business(raw) or _membership(raw)


def _to_a_business(raw: Mapping[str, Any]) -> Message | None:
    said, edited = part(raw, "business_message"), part(raw, "edited_business_message")
    if said or edited:
        message = _said(raw, said or edited, Named())
        return replace(message, sender=_at_the_business(said or edited), may_answer=False, edited=bool(edited))
    deleted = part(raw, "deleted_business_messages")
    if not deleted:
        return None
    listed = deleted.get("message_ids")
    return Message(
        event_id=event_id(raw),
        sender=_at_the_business(deleted),
        kind="unsend",
        sent_at=time_from(None),
        may_answer=False,
        taken_back=tuple(str(one) for one in listed if isinstance(one, int)) if isinstance(listed, list) else (),
        raw=raw,
    )


def _at_the_business(told: Mapping[str, Any]) -> Sender:
    """A chat of its own, though Telegram gives it the number of the writer's chat with us: nothing here is about that person's talk."""
    chat = part(told, "chat").get("id")
    return Sender("telegram", f"business {words(told, 'business_connection_id')} {chat}", in_group=True)


def _membership(raw: Mapping[str, Any]) -> Message:
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


def _said(raw: Mapping[str, Any], message: Mapping[str, Any], bot: Named) -> Message:
    sender = _sender(part(message, "chat"), part(message, "from"))
    text = words(message, "text")
    number = message.get("message_id")
    return Message(
        event_id=event_id(raw),
        sender=sender,
        kind="follow" if text.split(maxsplit=1)[:1] == ["/start"] else _kind(message),
        sent_at=time_from(message.get("date")),
        text=_question(text, bot.name),
        message_id=str(number) if isinstance(number, int) else None,
        may_answer=_may_answer(message, sender, text, bot),
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
    return re.sub(re.escape(f"@{bot_name}"), " ", text, flags=re.IGNORECASE).strip() if bot_name else text


def _may_answer(message: Mapping[str, Any], sender: Sender, text: str, bot: Named) -> bool:
    """Never to another bot or without a chat; in a group only to a command, a reply to us, or our name."""
    if part(message, "from").get("is_bot") is True or not sender.chat_id:
        return False
    if not sender.in_group:
        return bool(part(message, "from")) and not _only_told(message)
    named = bool(bot.name) and f"@{bot.name}".casefold() in text.casefold()
    return _is_our_command(text, bot) or _replies_to_us(message, bot) or named


def _only_told(message: Mapping[str, Any]) -> bool:
    """A service message (a pinned message, a changed title): its content is an object of a name no kind of ours has."""
    return _kind(message) == "unknown" and any(name in message for name in SERVICE_CONTENT)


def _is_our_command(text: str, bot: Named) -> bool:
    """/help and /help@us, but not /help@another_bot."""
    command, _, whom = text.split(maxsplit=1)[0].partition("@") if text.strip() else ("", "", "")
    return command.startswith("/") and (not whom or not bot.name or whom.casefold() == bot.name.casefold())


def _replies_to_us(message: Mapping[str, Any], bot: Named) -> bool:
    """Until our number is known, a reply to any bot counts."""
    other = part(part(message, "reply_to_message"), "from")
    return other.get("is_bot") is True and (not bot.number or str(other.get("id", "")) == bot.number)
