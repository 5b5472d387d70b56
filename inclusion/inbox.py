"""Every event a channel sent, saved before it is acknowledged: without it a crash between "200 OK" and the answer would lose a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select

from inclusion.database import Database, LeaseLost, insert_unless_there, moment
from inclusion.group_commit import GroupCommit

LEASE = timedelta(seconds=30)
MAX_TRIES = 5
FIRST_PAUSE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """One event as it came. `chat_id` keeps the order of one chat and lets it be erased; only a digest of it is stored.

    `wants_answer` is False for what is only kept (a redelivery notice, a group message not meant for us).
    """

    channel: str
    event_id: str
    raw: Mapping[str, Any]
    received_at: datetime
    chat_id: str = ""
    wants_answer: bool = True


@dataclass(frozen=True, slots=True)
class LeasedEvent:
    """An event that is ours to answer until the lease runs out; `tries` tells our lease from a later one."""

    number: int
    channel: str
    event_id: str
    raw: Mapping[str, Any]
    received_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class InboxFigures:
    waiting: int
    oldest_age_s: float
    failed: int


class EventRow(SQLModel, table=True):
    """state: waiting (to be answered), answered, kept (nothing to answer), failed (given up, staff see it)."""

    __tablename__ = "incoming_event"
    __table_args__ = (
        UniqueConstraint("channel", "event_id", name="uq_incoming_event"),
        Index("ix_incoming_event_due", "state", "due_at"),
    )

    number: int | None = Field(default=None, primary_key=True)
    channel: str
    event_id: str
    chat: str = Field(index=True)
    raw: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    received_at: datetime = Field(sa_column=moment(index=True))
    state: str
    tries: int
    due_at: datetime = Field(sa_column=moment())
    leased_until: datetime | None = Field(sa_column=moment(nullable=True))
    answered_at: datetime | None = Field(sa_column=moment(nullable=True))


class Inbox:
    """Saves in groups, hands out events one per chat at a time, and forgets what was said when told to."""

    def __init__(self, database: Database, commits: GroupCommit | None = None) -> None:
        self._database = database
        self._own_commits = commits is None
        self._commits = commits or GroupCommit(database)

    async def save(self, events: Sequence[IncomingEvent], also: Callable[[Session], None] | None = None) -> int:
        """Keep the events we do not have yet; returns how many were new, after they are safely on disk.

        `also` happens in the same transaction, if anything was new. Raises group_commit.QueueFull when too many wait already.
        """
        if not events:
            return 0
        rows = [_row(event) for event in events]

        def keep(session: Session) -> int:
            new = insert_unless_there(session, SQLModel.metadata.tables["incoming_event"], rows)
            if new and also is not None:
                also(session)
            return new

        return await self._commits.write(keep)

    async def close(self) -> None:
        """Save what waits, then stop; a shared GroupCommit is left to whoever made it."""
        if self._own_commits:
            await self._commits.close()

    def lease_waiting(self, now: datetime, limit: int = 20) -> list[LeasedEvent]:
        """Take up to `limit` due events, the oldest of each chat first; events of a worker that died come back after LEASE."""
        with self._database.writing() as session:
            rows = session.exec(_due(now).limit(limit)).all()
            return [_lease(row, now) for row in rows if not _given_up(row)]


def mark_answered(session: Session, leased: LeasedEvent, now: datetime) -> None:
    """Close the event in the caller's transaction. Raises LeaseLost when another worker has taken it meanwhile."""
    _close(session, leased, state="answered", answered_at=now, leased_until=None)


def mark_kept(session: Session, leased: LeasedEvent, now: datetime) -> None:
    """Close an event that needed no answer."""
    _close(session, leased, state="kept", answered_at=now, leased_until=None)


def mark_failed(session: Session, leased: LeasedEvent, now: datetime) -> None:
    """Try again after a growing pause, or give up after MAX_TRIES."""
    if leased.tries >= MAX_TRIES:
        _close(session, leased, state="failed", leased_until=None)
    else:
        _close(session, leased, due_at=now + FIRST_PAUSE * 2 ** (leased.tries - 1), leased_until=None)


def purge(session: Session, before: datetime) -> int:
    """Erase what events received before `before` said; their ids stay, so that a late redelivery is still recognised."""
    old = update(EventRow).where(col(EventRow.received_at) < before, or_(col(EventRow.raw).is_not(None), col(EventRow.chat) != ""))
    gone = session.connection().execute(old.values(raw=None, chat="")).rowcount
    unanswered = update(EventRow).where(col(EventRow.received_at) < before, col(EventRow.state) == "waiting")
    session.connection().execute(unanswered.values(state="failed", leased_until=None))
    return gone


def erase_chat(session: Session, channel: str, chat_id: str) -> int:
    """Erase everything one chat said, answered or not."""
    theirs = update(EventRow).where(col(EventRow.chat) == _digest(channel, chat_id))
    return session.connection().execute(theirs.values(raw=None, chat="", state="kept", leased_until=None)).rowcount


def inbox_figures(session: Session, now: datetime) -> InboxFigures:
    waiting, oldest = session.exec(select(func.count(), func.min(EventRow.received_at)).where(EventRow.state == "waiting")).one()
    failed = session.exec(select(func.count()).select_from(EventRow).where(EventRow.state == "failed")).one()
    return InboxFigures(waiting, (now - oldest).total_seconds() if oldest else 0.0, failed)


def _row(event: IncomingEvent) -> dict[str, Any]:
    return {
        "channel": event.channel,
        "event_id": event.event_id,
        "chat": _digest(event.channel, event.chat_id),
        "raw": dict(event.raw),
        "received_at": event.received_at,
        "state": "waiting" if event.wants_answer else "kept",
        "tries": 0,
        "due_at": event.received_at,
        "leased_until": None,
        "answered_at": None,
    }


def _digest(channel: str, chat_id: str) -> str:
    return blake2b(f"{channel} {chat_id}".encode(), digest_size=16).hexdigest() if chat_id else ""


def _due(now: datetime) -> Any:
    """Due events whose chat has no earlier event that is due or being answered; a failed one that pauses holds nobody up."""
    earlier = aliased(EventRow)
    in_order = select(earlier.number).where(
        earlier.chat == EventRow.chat,
        earlier.chat != "",
        earlier.state == "waiting",
        col(earlier.number) < col(EventRow.number),
        or_(col(earlier.due_at) <= now, col(earlier.leased_until) > now),
    )
    free = or_(col(EventRow.leased_until).is_(None), col(EventRow.leased_until) <= now)
    due = select(EventRow).where(EventRow.state == "waiting", col(EventRow.due_at) <= now, free, ~in_order.exists())
    return due.order_by(col(EventRow.number)).with_for_update(skip_locked=True, of=EventRow)


def _given_up(row: EventRow) -> bool:
    """An event whose last try ended without a word MAX_TRIES times (the process died with it) is not tried again."""
    if row.tries >= MAX_TRIES:
        row.state, row.leased_until = "failed", None
    return row.state == "failed"


def _lease(row: EventRow, now: datetime) -> LeasedEvent:
    row.tries, row.leased_until = row.tries + 1, now + LEASE
    return LeasedEvent(row.number or 0, row.channel, row.event_id, row.raw or {}, row.received_at, row.tries)


def _close(session: Session, leased: LeasedEvent, **values: Any) -> None:
    ours = update(EventRow).where(col(EventRow.number) == leased.number, col(EventRow.tries) == leased.tries)
    if session.connection().execute(ours.where(col(EventRow.state) == "waiting").values(**values)).rowcount != 1:
        raise LeaseLost("event")
