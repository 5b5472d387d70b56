"""What is known of the person who writes: their talk, wishes and open requests, from whichever channel they used last.

Without this file everyone would meet a stranger at each message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from accessibility import Answer, Person, Preferences
from bots import Message
from bots.accounts import find_account
from inclusion import conversations, forgetting, handover
from inclusion.conversations import Conversation
from inclusion.handover import Said
from inclusion.masking import masked
from inclusion.turn import Memory
from inclusion.understanding import Request, Talk

LINES_KEPT = 12


@dataclass(frozen=True, slots=True)
class Recalled:
    """`who` names the chat (its account or conversation) for counting; "" for one we do not know yet. `one_person` is False for a group
    and for somebody whose id the channel withholds: nothing can be opened or joined for them.

    `said` are the last lines of both sides, masked; `asked_as` are the page's own reading choices at the last question.
    """

    memory: Memory = field(default_factory=Memory)
    said: tuple[Said, ...] = ()
    who: str = ""
    one_person: bool = False
    channel: str = ""
    person_id: str | None = None
    ticket: int | None = None
    ticket_state: str = ""
    ticket_token: str = ""
    unsent: bool = False
    asked_as: Mapping[str, Any] = field(default_factory=dict)


def recall(session: Session, message: Message, now: datetime) -> Recalled:
    """Everything about the writer of a channel's message. A group is nobody: nothing is remembered about its members."""
    sender = message.sender
    unsent = forgetting.was_unsent(session, sender.channel, sender.chat_id, message.message_id)
    one_person = bool(sender.chat_id) and not sender.in_group
    account = find_account(session, sender.channel, sender.chat_id) if one_person else None
    if account is None:
        return Recalled(channel=sender.channel, one_person=one_person, unsent=unsent)
    ticket = handover.latest_ticket(session, account.id)
    found = latest_conversation(session, account.person_id, now)
    return Recalled(
        memory=memory_of(found, preferences_of(session, account.person_id)),
        said=said_in(found),
        who=account.id,
        channel=sender.channel,
        one_person=True,
        person_id=account.person_id,
        ticket=ticket.number if ticket else None,
        ticket_state=ticket.state if ticket else "",
        ticket_token=ticket.token if ticket else "",
        unsent=unsent,
    )


def recall_page(session: Session, conversation_id: str | None, now: datetime) -> Recalled:
    """Everything about the visitor of our page. A page that was joined to a person continues the person's newest talk."""
    own = session.get(Conversation, conversation_id) if conversation_id else None
    if own is None or own.account_id is not None or own.expires_at <= now:
        return Recalled(channel="web", one_person=True)
    found = latest_conversation(session, own.person_id, now) if own.person_id else own
    preferences = preferences_of(session, own.person_id) if own.person_id else None
    asked_as = (own.talk or {}).get("asked_as", {})
    return Recalled(memory_of(found, preferences), said_in(found), own.id, True, "web", own.person_id, asked_as=asked_as)


def without(recalled: Recalled, message_id: str | None) -> Recalled:
    """As if that message had never been said; what was understood from it cannot be told apart, so the talk begins anew."""
    said = tuple(line for line in recalled.said if line.message_id != message_id)
    if len(said) == len(recalled.said):
        return recalled
    return replace(recalled, said=said, memory=replace(recalled.memory, talk=Talk(), last=None, asked=None))


def latest_conversation(session: Session, person_id: str, now: datetime) -> Conversation | None:
    """The person's talk, wherever it was held last."""
    theirs = select(Conversation).where(Conversation.person_id == person_id, col(Conversation.expires_at) > now)
    return session.exec(theirs.order_by(col(Conversation.updated_at).desc()).limit(1)).first()


def preferences_of(session: Session, person_id: str) -> Preferences | None:
    person = session.get(Person, person_id)
    return person.preferences if person else None


def memory_of(found: Conversation | None, preferences: Preferences | None) -> Memory:
    if found is None:
        return Memory(preferences=preferences or Preferences())
    kept = found.talk or {}
    return Memory(
        talk=Talk.from_dict(kept.get("talk", {})),
        preferences=preferences or Preferences.from_dict(kept.get("preferences", {})),
        last=Answer.from_dict(found.last_answer) if found.last_answer else None,
        asked=Request.from_dict(kept["asked"]) if kept.get("asked") else None,
    )


def said_in(found: Conversation | None) -> tuple[Said, ...]:
    lines = (found.talk or {}).get("said", []) if found else []
    return tuple(Said(**{**line, "at": datetime.fromisoformat(line["at"])}) for line in lines)


def keep(
    session: Session,
    conversation: Conversation,
    memory: Memory,
    said: Sequence[Said],
    now: datetime,
    asked_as: Mapping[str, Any] | None = None,
) -> None:
    """Remember the talk, its last lines (masked) and the last answer for another day."""
    lines = [
        {"who": one.who, "text": masked(one.text), "at": one.at.isoformat(), "message_id": one.message_id, "quote_token": one.quote_token}
        for one in said[-LINES_KEPT:]
    ]
    kept: dict[str, Any] = {
        "talk": memory.talk.as_dict(),
        "preferences": memory.preferences.as_dict(),
        "said": lines,
        "asked_as": dict(asked_as or {}),
    }
    kept["asked"] = memory.asked.as_dict() if memory.asked else None
    conversations.keep(session, conversation, kept, memory.last.as_dict() if memory.last else None, now)


def keep_preferences(session: Session, person_id: str, preferences: Preferences) -> bool:
    """Store what changed; returns whether anything did."""
    person = session.get(Person, person_id)
    if person is None or person.preferences == preferences:
        return False
    person.stored_preferences = preferences.as_dict()
    session.add(person)
    return True
