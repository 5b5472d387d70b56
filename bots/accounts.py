"""Which person stands behind a channel's chat: the only place that keeps a channel's own user id in clear."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Column, DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, select

from accessibility import Person


class Account(SQLModel, table=True):
    """One chat on one channel. `blocked_at` is set while the person has blocked or left us: nothing is sent then."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "chat_id", name="uq_account"),)

    id: str = Field(default_factory=lambda: uuid.uuid4().hex, primary_key=True)
    channel: str
    chat_id: str
    person_id: str = Field(sa_column=Column(String, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    blocked_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


def find_account(session: Session, channel: str, chat_id: str) -> Account | None:
    return session.exec(select(Account).where(Account.channel == channel, Account.chat_id == chat_id)).one_or_none()


def open_account(session: Session, channel: str, chat_id: str, now: datetime) -> Account:
    """The chat's account; a chat never seen before gets one, with a new person behind it."""
    found = find_account(session, channel, chat_id)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return _new_account(session, channel, chat_id, now)
    except IntegrityError:  # another worker opened it between our look and our insert
        return session.exec(select(Account).where(Account.channel == channel, Account.chat_id == chat_id)).one()


def mark_blocked(session: Session, account: Account, now: datetime) -> None:
    """The person blocked us or left; what waits for them is not sent."""
    account.blocked_at = now
    session.add(account)


def mark_unblocked(session: Session, account: Account) -> None:
    """The person is back."""
    account.blocked_at = None
    session.add(account)


def _new_account(session: Session, channel: str, chat_id: str, now: datetime) -> Account:
    person = Person(created_at=now)
    session.add(person)
    session.flush()
    account = Account(channel=channel, chat_id=chat_id, person_id=person.id, created_at=now)
    session.add(account)
    session.flush()
    return account
