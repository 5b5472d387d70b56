"""What must be sent, exactly once in effect: without it a crash between a change and its message would leave people uninformed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, String, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from bots.accounts import Account
from inclusion.database import inserted_number, moment


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one chat, in the channel's own form. Exactly one of `account_id` and `chat_id` (a group) says where to.

    `dedup_key` names the occasion ("reminder/session 12/person 7"): a second message for the same occasion is not put.
    """

    channel: str
    payload: tuple[dict[str, Any], ...]
    account_id: str | None = None
    chat_id: str | None = None
    dedup_key: str | None = None
    reply_token: str | None = None
    reply_until: datetime | None = None
    silent: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """`waiting` counts what is due but not sent, `later` what is due in future, `held_by_quota` what waits for free messages."""

    waiting: int
    later: int
    oldest_age_s: float
    held_by_quota: int
    given_up: int


class OutboxRow(SQLModel, table=True):
    """state: waiting, sent, given_up (staff see it), cancelled (the person left). `id` is the retry key, `number` keeps the order.

    `last_error` is a kind (try_later, quota, unknown_outcome, undeliverable, unexpected), never a text.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_due", "state", "due_at"), Index("ix_outbox_message_target", "target", "state"))

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    channel: str
    account_id: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey(f"{Account.__tablename__}.id", ondelete="CASCADE"), index=True)
    )
    chat_id: str | None = None
    target: str
    payload: list[dict[str, Any]] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    dedup_key: str | None = Field(default=None, unique=True)
    reply_token: str | None = None
    reply_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    reply_tried: bool = False
    silent: bool = False
    put_at: datetime = Field(sa_column=moment())
    due_at: datetime = Field(sa_column=moment())
    first_tried_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    leased_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    leased_by: str = ""
    tries: int = 0
    state: str = "waiting"
    sent_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    request_id: str = ""
    last_error: str = ""


def put(session: Session, outgoing: Outgoing, now: datetime) -> str | None:
    """Put a message into the caller's own transaction; returns its retry key, None when this occasion was already told.

    After the commit, call `Courier.notify()` so that it leaves at once.
    """
    retry_key = str(uuid.uuid4())
    new = inserted_number(session, SQLModel.metadata.tables["outbox_message"], _row(outgoing, retry_key, now))
    return retry_key if new is not None else None


def put_at(session: Session, dedup_key: str) -> datetime | None:
    """When this occasion was told or put to be told; None where it never was, or was taken back."""
    told = select(OutboxRow.put_at).where(OutboxRow.dedup_key == dedup_key, OutboxRow.state != "cancelled")
    return session.exec(told).first()


def cancel(session: Session, dedup_key: str) -> bool:
    """Take back a message that has not left yet; returns whether there was one."""
    waiting = update(OutboxRow).where(col(OutboxRow.dedup_key) == dedup_key, col(OutboxRow.state) == "waiting")
    unleased = waiting.where(col(OutboxRow.leased_until).is_(None))
    return session.connection().execute(unleased.values(state="cancelled")).rowcount > 0


def cancel_occasions(session: Session, start: str) -> int:
    """Take back every message whose occasion begins like this and that has not left yet; returns how many."""
    waiting = update(OutboxRow).where(col(OutboxRow.dedup_key).startswith(start, autoescape=True), col(OutboxRow.state) == "waiting")
    return session.connection().execute(waiting.where(col(OutboxRow.leased_until).is_(None)).values(state="cancelled")).rowcount


def purge(session: Session, before: datetime) -> int:
    """Erase the words and addresses of what was settled and put before `before`; the occasions stay, so nothing is told twice."""
    settled = update(OutboxRow).where(
        col(OutboxRow.put_at) < before, col(OutboxRow.state) != "waiting", col(OutboxRow.payload).is_not(None)
    )
    return session.connection().execute(settled.values(payload=None, chat_id=None, target="", reply_token=None)).rowcount


def outbox_figures(session: Session, now: datetime) -> OutboxFigures:
    waiting = OutboxRow.state == "waiting"
    due, oldest = session.exec(select(func.count(), func.min(OutboxRow.due_at)).where(waiting, col(OutboxRow.due_at) <= now)).one()
    return OutboxFigures(
        waiting=due,
        later=_count(session, waiting, col(OutboxRow.due_at) > now),
        oldest_age_s=(now - oldest).total_seconds() if oldest else 0.0,
        held_by_quota=_count(session, waiting, OutboxRow.last_error == "quota"),
        given_up=_count(session, OutboxRow.state == "given_up"),
    )


def _count(session: Session, *conditions: Any) -> int:
    return session.exec(select(func.count()).select_from(OutboxRow).where(*conditions)).one()


def _row(outgoing: Outgoing, retry_key: str, now: datetime) -> dict[str, Any]:
    if (outgoing.account_id is None) == (outgoing.chat_id is None):
        raise ValueError("A message goes to one account or to one group chat: give account_id or chat_id, not both.")
    return {
        "id": retry_key,
        "channel": outgoing.channel,
        "account_id": outgoing.account_id,
        "chat_id": outgoing.chat_id,
        "target": _target(outgoing, retry_key),
        "payload": list(outgoing.payload),
        "dedup_key": outgoing.dedup_key,
        "reply_token": outgoing.reply_token,
        "reply_until": outgoing.reply_until,
        "reply_tried": False,
        "silent": outgoing.silent,
        "put_at": now,
        "due_at": outgoing.due_at or now,
        "leased_by": "",
        "tries": 0,
        "state": "waiting",
        "request_id": "",
        "last_error": "",
    }


def _target(outgoing: Outgoing, retry_key: str) -> str:
    """Whose queue it stands in. People whose id the channel withholds share an empty chat id, but must not wait for each other."""
    if outgoing.account_id:
        return f"account {outgoing.account_id}"
    return f"chat {outgoing.channel} {outgoing.chat_id}" if outgoing.chat_id else f"once {retry_key}"
