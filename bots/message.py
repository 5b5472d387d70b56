"""What a resident sent us, whatever wire it came on: the first of the four values that travel (Message, Request, Answer, Rendered)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

ChannelName = Literal["line", "telegram", "web", "console"]
MessageKind = Literal[
    "text",
    "choice",
    "audio",
    "image",
    "video",
    "file",
    "sticker",
    "location",
    "follow",
    "unfollow",
    "unsend",
    "joined",
    "account_link",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote and where to answer. `user_id` is None when the channel withholds it; `chat_id` is where an answer goes."""

    channel: ChannelName
    chat_id: str = field(repr=False)
    user_id: str | None = field(default=None, repr=False)
    in_group: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One incoming message. `text` is what was typed, pressed or (later) heard; `reply_token` answers once and soon (LINE).

    `quote_token` lets an answer show the question above itself (LINE). `edited` says that an earlier message with the same
    `message_id` is replaced: what was kept of the old words must go. `taken_back` are the messages that an `unsend` names.
    What was said, the raw event and every id of a person stay out of the repr, so that no log can show them.
    """

    event_id: str
    sender: Sender
    kind: MessageKind
    sent_at: datetime
    text: str = field(default="", repr=False)
    reply_token: str | None = field(default=None, repr=False)
    message_id: str | None = None
    redelivered: bool = False
    may_answer: bool = True
    quote_token: str | None = field(default=None, repr=False)
    edited: bool = False
    taken_back: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
