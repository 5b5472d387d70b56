"""Takes back what somebody took back: without it an unsent message would live on in our inbox, memory, transcript and answer."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import String, cast, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from inclusion import handover, neighbours
from inclusion.conversations import Conversation
from inclusion.database import insert_unless_there, moment
from inclusion.inbox import EventRow
from inclusion.learning import unanswered
from inclusion.outbox import OutboxRow

SPOKEN = re.compile(r'(?:/speech/|"speech_id": ")([0-9a-f]{40})')
REMEMBERED_FOR = timedelta(days=8)  # longer than any channel sends an event again


class UnsentMessage(SQLModel, table=True):
    """That a message was taken back, known also when the message itself arrives only afterwards. A digest: not even its id stays."""

    __tablename__ = "unsent_message"

    digest: str = Field(primary_key=True)
    at: datetime = Field(sa_column=moment(index=True))


def was_unsent(session: Session, channel: str, chat_id: str, message_id: str | None) -> bool:
    return bool(message_id) and session.get(UnsentMessage, _digest(channel, chat_id, str(message_id))) is not None


def remember_unsent(session: Session, channel: str, chat_id: str, message_id: str, now: datetime) -> None:
    row = {"digest": _digest(channel, chat_id, message_id), "at": now}
    insert_unless_there(session, SQLModel.metadata.tables["unsent_message"], [row])


def erase_message(session: Session, channel: str, event_number: int, message_id: str, account_id: str | None) -> frozenset[str]:
    """Erase one message of the chat that event `event_number` belongs to, and all that was made from it.

    Returns the ids under which its answer was spoken and nobody else's was: their recordings go too.
    """
    spoken: set[str] = set()
    for row in _events_of(session, channel, event_number, message_id):
        row.raw = None
        row.state = "kept" if row.state == "waiting" else row.state
        session.add(row)
        spoken |= _erase_answer(session, f"answer/{channel}/{row.event_id}")
    neighbours.forget(session, channel, message_id)
    if account_id is not None:
        _erase_from_talk(session, account_id, message_id)
        handover.erase_line(session, message_id, account_id)
        unanswered.forget(session, account_id, message_id)
    return _nobody_elses(session, spoken)


def erase_event(session: Session, event_number: int) -> None:
    """Erase the words of the event in hand: it was taken back before it arrived."""
    session.connection().execute(update(EventRow).where(col(EventRow.number) == event_number).values(raw=None))


def purge(session: Session, now: datetime) -> int:
    return session.connection().execute(delete(UnsentMessage).where(col(UnsentMessage.at) < now - REMEMBERED_FOR)).rowcount


def _events_of(session: Session, channel: str, event_number: int, message_id: str) -> list[EventRow]:
    """Other events of that chat which carry the message: itself, and edits of it."""
    chat = session.exec(select(EventRow.chat).where(EventRow.number == event_number)).one()
    if not chat:
        return []
    theirs = select(EventRow).where(EventRow.chat == chat, EventRow.channel == channel, col(EventRow.raw).is_not(None))
    return [row for row in session.exec(theirs.where(EventRow.number != event_number)).all() if _carries(row.raw or {}, message_id)]


def _carries(raw: dict[str, Any], message_id: str) -> bool:
    """LINE names a message `id`, Telegram `message_id`, in the message or the edited one."""
    for name in ("message", "edited_message", "business_message", "edited_business_message"):
        message = raw.get(name)
        if isinstance(message, dict) and message_id in (str(message.get("id", "")), str(message.get("message_id", ""))):
            return True
    return False


def _erase_answer(session: Session, dedup_key: str) -> set[str]:
    """What answers it is derived from it: it goes too, and if it has not left yet it stays here. Returns the ids of its recordings."""
    payloads = session.exec(select(OutboxRow.payload).where(OutboxRow.dedup_key == dedup_key)).all()
    answer = update(OutboxRow).where(col(OutboxRow.dedup_key) == dedup_key)
    session.connection().execute(answer.where(col(OutboxRow.state) == "waiting").values(state="cancelled", reply_token=None))
    session.connection().execute(answer.values(payload=None))
    return {found for payload in payloads for found in SPOKEN.findall(json.dumps(payload))}


def _nobody_elses(session: Session, spoken: Collection[str]) -> frozenset[str]:
    """Equal answers share one recording: what somebody else was sent stays for the day it is kept."""
    named = cast(OutboxRow.payload, String)
    return frozenset(one for one in spoken if session.exec(select(OutboxRow.number).where(named.contains(one)).limit(1)).first() is None)


def _erase_from_talk(session: Session, account_id: str, message_id: str) -> None:
    """The whole short memory goes when the message was part of it: what was understood from it cannot be told apart."""
    found = session.exec(select(Conversation).where(Conversation.account_id == account_id)).one_or_none()
    said = (found.talk or {}).get("said", []) if found else []
    if found is None or not any(line.get("message_id") == message_id for line in said):
        return
    found.talk = {**found.talk, "talk": {}, "said": [], "asked": None}
    found.last_answer = None
    session.add(found)


def _digest(channel: str, chat_id: str, message_id: str) -> str:
    return blake2b(f"{channel} {chat_id} {message_id}".encode(), digest_size=16).hexdigest()
