"""A key with which a chat opens its own record on our page; without it whoever writes on LINE could neither see nor erase what is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Column, ForeignKey, String, delete
from sqlmodel import Field, Session, SQLModel, col, select

from accessibility import Person
from bots.accounts import Account
from inclusion import inbox
from inclusion.conversations import Conversation
from inclusion.database import moment

KEY_LIVES: Final = timedelta(hours=1)


class OwnKey(SQLModel, table=True):
    """Only the digest of a key is kept: who reads the database cannot open anybody's page."""

    __tablename__ = "own_key"

    digest: str = Field(primary_key=True)
    person_id: str = Field(sa_column=Column(String, ForeignKey(f"{Person.__tablename__}.id", ondelete="CASCADE"), nullable=False))
    expires_at: datetime = Field(sa_column=moment(index=True))


def new_key(session: Session, person_id: str, now: datetime) -> str:
    key = secrets.token_urlsafe(24)
    session.add(OwnKey(digest=_digest(key), person_id=person_id, expires_at=now + KEY_LIVES))
    return key


def person_of(session: Session, key: str, now: datetime) -> str | None:
    """Whose key this is; None for a wrong or old one."""
    found = session.get(OwnKey, _digest(key)) if key else None
    return found.person_id if found is not None and found.expires_at > now else None


def erase_person(session: Session, person_id: str) -> None:
    """The person with all chats, talks, preferences and requests; what they said goes from the inbox too."""
    for account in session.exec(select(Account).where(Account.person_id == person_id)).all():
        inbox.erase_chat(session, account.channel, account.chat_id)
    session.connection().execute(delete(Conversation).where(col(Conversation.person_id) == person_id))
    session.connection().execute(delete(Person).where(col(Person.id) == person_id))


def purge(session: Session, now: datetime) -> int:
    return session.connection().execute(delete(OwnKey).where(col(OwnKey.expires_at) <= now)).rowcount


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
