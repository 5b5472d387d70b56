"""Webhooks waiting to be handed on to a tool the town already has; without it that tool would go deaf the day we take its place.

They are kept in the transaction that keeps their events, and handed on by a work of their own: however long the other tool is away, it
costs us neither a second nor an answer. A body is erased as soon as the other tool has it, or after a day.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import JSON, Column, LargeBinary, delete, or_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Field, Session, SQLModel, col, select

from bots import DeliveryError, TryLater
from inclusion.database import StorageError, moment
from inclusion.group_commit import GroupCommit

AT_ONCE = 8
LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=1)
LOOK_EVERY_S = 1.0

log = logging.getLogger(__name__)


class Neighbour(Protocol):
    """Takes webhooks; raises bots.DeliveryError kinds."""

    async def give(self, body: bytes, headers: Mapping[str, str]) -> None: ...


class WaitingWebhook(SQLModel, table=True):
    """One webhook as it came, with the headers that prove where it comes from."""

    __tablename__ = "waiting_webhook"

    number: int | None = Field(default=None, primary_key=True)
    channel: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    headers: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    received_at: datetime = Field(sa_column=moment())
    due_at: datetime = Field(sa_column=moment(index=True))
    leased_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Leased:
    number: int
    channel: str
    body: bytes
    headers: Mapping[str, str]
    received_at: datetime
    tries: int


def keep(session: Session, channel: str, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
    """Keep one webhook to be handed on. Whatever goes wrong here is told in the log: our own answer must not be lost with it."""
    try:
        with session.begin_nested():
            session.add(WaitingWebhook(channel=channel, body=body, headers=dict(headers), received_at=now, due_at=now))
            session.flush()
    except SQLAlchemyError as error:
        log.error("A webhook could not be kept for the other tool.", extra={"channel": channel, "kind": type(error).__name__})


def forget(session: Session, channel: str, message_id: str) -> int:
    """An unsent message that has not been handed on yet stays here; returns how many webhooks were erased."""
    waiting = session.exec(select(WaitingWebhook).where(WaitingWebhook.channel == channel)).all()
    theirs = [row for row in waiting if _carries(row.body, message_id)]
    for row in theirs:
        session.delete(row)
    return len(theirs)


def lease(session: Session, channels: Sequence[str], now: datetime, limit: int = AT_ONCE) -> list[Leased]:
    """Take up to `limit` due webhooks, the oldest first; those of a worker that died come back after LEASE."""
    due = select(WaitingWebhook).where(col(WaitingWebhook.channel).in_(channels), col(WaitingWebhook.due_at) <= now)
    free = due.where(or_(col(WaitingWebhook.leased_until).is_(None), col(WaitingWebhook.leased_until) <= now))
    rows = session.exec(free.order_by(col(WaitingWebhook.number)).limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.tries, row.leased_until = row.tries + 1, now + LEASE
    return [Leased(row.number or 0, row.channel, row.body, row.headers, row.received_at, row.tries) for row in rows]


def done(session: Session, number: int) -> None:
    """Nothing of it is kept."""
    session.connection().execute(delete(WaitingWebhook).where(col(WaitingWebhook.number) == number))


def later(session: Session, number: int, due_at: datetime) -> None:
    ours: Any = update(WaitingWebhook).where(col(WaitingWebhook.number) == number)
    session.connection().execute(ours.values(due_at=due_at, leased_until=None))


class HandingOn:
    """Hands waiting webhooks on until stopped. While a tool does not answer, only the oldest webhook knocks at its door."""

    def __init__(self, neighbours: Mapping[str, Neighbour], commits: GroupCommit, clock: Callable[[], datetime]) -> None:
        self._neighbours, self._commits, self._clock = neighbours, commits, clock
        self._resting: dict[str, datetime] = {}
        self._wake = asyncio.Event()

    def notify(self) -> None:
        """A webhook was kept: look at once. Called from the event loop that runs us."""
        self._wake.set()

    async def run(self) -> None:
        """Until the task is cancelled. A database that is away for a moment is waited for."""
        while True:
            self._wake.clear()
            try:
                busy = await self.hand_on_waiting()
            except (SQLAlchemyError, StorageError) as error:
                log.warning("What waits for the other tool could not be read; tried again soon.", extra={"kind": type(error).__name__})
                busy = False
            if not busy:
                await self._sleep()

    async def hand_on_waiting(self) -> bool:
        """Hand on what is due; returns whether there was anything."""
        now = self._clock()
        resting = {channel for channel, until in self._resting.items() if until > now}
        awake = [channel for channel in self._neighbours if channel not in resting]
        tested = [channel for channel in awake if channel in self._resting]  # it was away: one webhook asks whether it is back
        found = await self._commits.write(lambda session: lease(session, awake, now, 1 if tested else AT_ONCE)) if awake else []
        await asyncio.gather(*(self._hand_on(leased) for leased in found))
        return bool(found)

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._wake.wait()

    async def _hand_on(self, leased: Leased) -> None:
        try:
            await self._neighbours[leased.channel].give(leased.body, leased.headers)
        except TryLater as trouble:
            await self._wait(leased, trouble)
            return
        except DeliveryError as refused:
            log.warning("A webhook was refused by the other tool and is not tried again: %s", refused.reason, extra=_facts(leased))
        self._resting.pop(leased.channel, None)
        await self._commits.write(lambda session: done(session, leased.number))

    async def _wait(self, leased: Leased, trouble: TryLater) -> None:
        """Longer each time; after a day it is too old to be of use to anybody."""
        now = self._clock()
        if now - leased.received_at >= GIVEN_UP_AFTER:
            log.warning("A webhook was not taken for a day and is given up.", extra=_facts(leased))
            await self._commits.write(lambda session: done(session, leased.number))
            return
        due_at = now + min(LONGEST_PAUSE, timedelta(seconds=trouble.after_s) * 2 ** min(leased.tries - 1, 10))
        self._resting[leased.channel] = now + timedelta(seconds=trouble.after_s)
        log.info("The other tool is away: %s", trouble.reason, extra=_facts(leased))
        await self._commits.write(lambda session: later(session, leased.number, due_at))


def _carries(body: bytes, message_id: str) -> bool:
    """Whether a LINE webhook brings this message (and not the news that it was taken back, which the other tool must hear)."""
    try:
        events = json.loads(body)["events"]
    except (ValueError, KeyError, TypeError):
        return False
    return any(isinstance(event, dict) and (event.get("message") or {}).get("id") == message_id for event in events)


def _facts(leased: Leased) -> dict[str, object]:
    return {"channel": leased.channel, "tries": leased.tries}
