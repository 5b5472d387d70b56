"""What one message leads to: an answer, and what is stored with it; without it each talk would need its own form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bots.accounts import Account
from inclusion.conversations import Conversation
from inclusion.turn import Turn


@dataclass(frozen=True, slots=True)
class Chat:
    """Where something takes effect: a channel's account, or (on our page) only its conversation."""

    account: Account | None
    conversation: Conversation


Effect = Callable[[Session, Chat, datetime], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """`turn` is None when the bot keeps silent; `effects` happen in the transaction that stores the answer."""

    turn: Turn | None
    effects: tuple[Effect, ...] = ()
