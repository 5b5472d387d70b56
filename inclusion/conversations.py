"""What a conversation remembers from one message to the next: without it "two of them" would have nothing to point at."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, String, delete
from sqlmodel import Field, Session, SQLModel, col, select

from accessibility import Person
from bots.accounts import Account
from inclusion.database import insert_unless_there, moment

KEPT_FOR = timedelta(hours=24)  # "once more" still works the next morning; the talk itself goes stale much earlier


class Conversation(SQLModel, table=True):
    """`id` is a secret as good as a key: whoever sends it back continues the conversation. An account has at most one."""

    __tablename__ = "conversation"

    id: str = Field(primary_key=True)
    channel: str
    account_id: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey(f"{Account.__tablename__}.id", ondelete="CASCADE"), unique=True)
    )
    person_id: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey(f"{Person.__tablename__}.id", ondelete="CASCADE"), index=True)
    )
    talk: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    last_answer: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    updated_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment(index=True))


def open_conversation(session: Session, conversation_id: str | None, channel: str, account_id: str | None, now: datetime) -> Conversation:
    """The conversation to continue, or a new one.

    Without an id an account continues its own. An unknown, expired or foreign id gives a new conversation and no error, so that
    nobody can learn by trying which ids exist.
    """
    if account_id is not None:
        return _of_account(session, channel, account_id, now)
    found = session.get(Conversation, conversation_id) if conversation_id else None
    if found is not None and (found.channel, found.account_id) == (channel, None) and found.expires_at > now:
        return found
    return _new(session, channel, now)


def keep(session: Session, conversation: Conversation, talk: dict[str, Any], last_answer: dict[str, Any] | None, now: datetime) -> None:
    """Remember the talk and the last answer (for "once more" and "shorter") for another day."""
    conversation.talk, conversation.last_answer = talk, last_answer
    conversation.updated_at, conversation.expires_at = now, now + KEPT_FOR
    session.add(conversation)


def purge(session: Session, now: datetime) -> int:
    """Erase the conversations that have expired."""
    return session.connection().execute(delete(Conversation).where(col(Conversation.expires_at) <= now)).rowcount


def _of_account(session: Session, channel: str, account_id: str, now: datetime) -> Conversation:
    insert_unless_there(session, SQLModel.metadata.tables["conversation"], [_row(session, channel, account_id, now)])
    found = session.exec(select(Conversation).where(Conversation.account_id == account_id)).one()
    if found.expires_at <= now:
        keep(session, found, {}, None, now)
    return found


def _row(session: Session, channel: str, account_id: str, now: datetime) -> dict[str, Any]:
    account = session.get_one(Account, account_id)
    blank: dict[str, Any] = {"talk": {}, "last_answer": None, "updated_at": now, "expires_at": now + KEPT_FOR}
    return {"id": _token(), "channel": channel, "account_id": account_id, "person_id": account.person_id, **blank}


def _new(session: Session, channel: str, now: datetime) -> Conversation:
    conversation = Conversation(id=_token(), channel=channel, updated_at=now, expires_at=now + KEPT_FOR)
    session.add(conversation)
    session.flush()
    return conversation


def _token() -> str:
    return secrets.token_urlsafe(24)
