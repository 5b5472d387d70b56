"""Puts one turn, what it remembers and what must be sent into one transaction; without it a crash could lose or double an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from accessibility import Answer, Person, Preferences, Rendered
from bots import Message, MessageKind
from bots.accounts import Account, find_account, mark_blocked, mark_unblocked, open_account
from inclusion import conversations, inbox, outbox
from inclusion.conversations import Conversation, open_conversation
from inclusion.database import Database
from inclusion.inbox import LeasedEvent
from inclusion.logs import place_of
from inclusion.municipalities import Town
from inclusion.outbox import Outgoing
from inclusion.turn import Memory, Turn, greet, say_kindly, take_turn
from inclusion.understanding import Talk, Understanding

log = logging.getLogger(__name__)

APOLOGISE_AT = 2
TEXT_KINDS: tuple[MessageKind, ...] = ("text", "choice")


@dataclass(frozen=True, slots=True)
class Door:
    """One channel's two translations, and how long its reply token lives (None: it has none)."""

    read: Callable[[Mapping[str, Any]], Message]
    write: Callable[[Rendered], tuple[dict[str, Any], ...]]
    reply_lives: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event with its answer worked out, not yet written down."""

    leased: LeasedEvent
    message: Message
    turn: Turn | None


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers web questions and channel events for one town. Plain functions; safe to call from several threads."""

    database: Database
    town: Town
    understanding: Understanding
    doors: Mapping[str, Door]

    def ask(self, text: str, conversation_id: str | None, changes: Mapping[str, Any], now: datetime) -> tuple[str, Turn]:
        """One web turn; returns the conversation's id and the turn. An unknown id starts a new conversation."""
        with self.database.reading() as session:
            found = _usable(session.get(Conversation, conversation_id), now) if conversation_id else None
            memory = _memory(found, None)
        memory = replace(memory, preferences=memory.preferences.with_changes(**changes))
        turn = take_turn(text, memory, self.town, self.understanding, now)
        with self.database.writing() as session:
            conversation = open_conversation(session, conversation_id, "web", None, now)
            _keep(session, conversation, turn.memory, now)
            return conversation.id, turn

    def prepare(self, leased: LeasedEvent, now: datetime) -> Prepared:
        """Read the event and work out its answer; nothing is written yet, so no lock is held while thinking.

        An event that breaks us is tried a second time; then the person gets an apology and a number instead of silence.
        """
        message = self.doors[leased.channel].read(leased.raw)
        if not message.may_answer:
            return Prepared(leased, message, None)
        with self.database.reading() as session:
            memory = _remembered(session, message, now)
        try:
            return Prepared(leased, message, self._turn(message, memory, now))
        except Exception as error:
            if leased.tries < APOLOGISE_AT:
                raise
            facts = {"channel": leased.channel, "kind": type(error).__name__, "place": place_of(error)}
            log.error("An event broke the answering twice; its writer gets an apology.", extra=facts)
            return Prepared(leased, message, say_kindly("channel.trouble", memory, self.town, now))

    def write_down(self, session: Session, prepared: Prepared, now: datetime) -> None:
        """The whole effect of an event, in the caller's transaction: account, conversation, outgoing answer, event closed.

        Raises database.LeaseLost when another worker has taken the event meanwhile; nothing is changed then.
        """
        message, turn = prepared.message, prepared.turn
        account = self._account(session, message, now)
        if turn is None:
            inbox.mark_kept(session, prepared.leased, now)
            return
        if account is not None:
            _keep(session, open_conversation(session, None, account.channel, account.id, now), turn.memory, now)
            _keep_preferences(session, account, turn.memory.preferences)
        outbox.put(session, self._outgoing(prepared.leased, message, turn, account), now)
        inbox.mark_answered(session, prepared.leased, now)

    def _turn(self, message: Message, memory: Memory, now: datetime) -> Turn:
        if message.kind in TEXT_KINDS:
            return take_turn(message.text, memory, self.town, self.understanding, now)
        if message.kind == "follow":
            return greet(memory, self.town, now)
        return say_kindly(f"channel.{message.kind}", memory, self.town, now)

    def _account(self, session: Session, message: Message, now: datetime) -> Account | None:
        """The writer's account. A group has none: what its members say is not remembered about any of them."""
        if message.sender.in_group or not message.sender.chat_id:
            return None
        account = open_account(session, message.sender.channel, message.sender.chat_id, now)
        if message.kind == "unfollow":
            mark_blocked(session, account, now)
        elif account.blocked_at is not None:
            mark_unblocked(session, account)
        return account

    def _outgoing(self, leased: LeasedEvent, message: Message, turn: Turn, account: Account | None) -> Outgoing:
        door = self.doors[leased.channel]
        return Outgoing(
            channel=leased.channel,
            payload=door.write(turn.rendered),
            account_id=account.id if account else None,
            chat_id=None if account else message.sender.chat_id,
            dedup_key=f"answer/{leased.channel}/{leased.event_id}",
            reply_token=message.reply_token,
            reply_until=_reply_until(leased, message, door),
        )


def _reply_until(leased: LeasedEvent, message: Message, door: Door) -> datetime | None:
    """The token's minute starts with the webhook that brought it (a redelivered one gets a new minute)."""
    return leased.received_at + door.reply_lives if message.reply_token and door.reply_lives else None


def _remembered(session: Session, message: Message, now: datetime) -> Memory:
    sender = message.sender
    account = find_account(session, sender.channel, sender.chat_id) if sender.chat_id and not sender.in_group else None
    if account is None:
        return Memory()
    person = session.get(Person, account.person_id)
    found = session.exec(select(Conversation).where(Conversation.account_id == account.id)).one_or_none()
    return _memory(found if found and found.expires_at > now else None, person.preferences if person else None)


def _usable(found: Conversation | None, now: datetime) -> Conversation | None:
    return found if found is not None and found.account_id is None and found.expires_at > now else None


def _memory(found: Conversation | None, preferences: Preferences | None) -> Memory:
    if found is None:
        return Memory(preferences=preferences or Preferences())
    kept = found.talk or {}
    return Memory(
        talk=Talk.from_dict(kept.get("talk", {})),
        preferences=preferences or Preferences.from_dict(kept.get("preferences", {})),
        last=Answer.from_dict(found.last_answer) if found.last_answer else None,
    )


def _keep(session: Session, conversation: Conversation, memory: Memory, now: datetime) -> None:
    kept = {"talk": memory.talk.as_dict(), "preferences": memory.preferences.as_dict()}
    conversations.keep(session, conversation, kept, memory.last.as_dict() if memory.last else None, now)


def _keep_preferences(session: Session, account: Account, preferences: Preferences) -> None:
    person = session.get(Person, account.person_id)
    if person is not None and person.preferences != preferences:
        person.stored_preferences = preferences.as_dict()
        session.add(person)
