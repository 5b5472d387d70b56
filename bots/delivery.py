"""What every channel promises about sending, so that the outbox can serve channels it has never heard of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .message import Message


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery to one chat, already in the channel's own form.

    `retry_key` is a UUID that stays the same over all tries; `reply_token` may be used until `reply_until`, after that the parcel
    is pushed; `reply_tried` says that an earlier try used the token and its outcome is unknown. What identifies a person, opens
    a reply or was said stays out of the repr, so that no log can show it.
    """

    chat_id: str = field(repr=False)
    messages: tuple[dict[str, Any], ...] = field(repr=False)
    retry_key: str
    reply_token: str | None = field(default=None, repr=False)
    reply_until: datetime | None = None
    reply_tried: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that the channel took the parcel: the channel's request id, and how it went ("reply", "push", "already")."""

    request_id: str
    how: str


class Channel(Protocol):
    """A way out to residents. `send` raises bots.errors.DeliveryError kinds; anything else is a bug."""

    name: str

    async def send(self, parcel: Parcel, now: datetime) -> Receipt: ...

    async def show_thinking(self, chat_id: str) -> None:
        """Let the person see that an answer is on its way; never raises."""
        ...

    async def recording(self, message: Message, longest_s: float, most_bytes: int) -> bytes:
        """What somebody said in a voice message. Raises bots.errors.RecordingNotReady or RecordingRefused."""
        ...

    async def close(self) -> None: ...
