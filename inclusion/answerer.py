"""Takes saved events one after the other and has them answered; without it questions would be kept for ever and never answered."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bots import Channel
from inclusion.answering import Answering, Prepared
from inclusion.database import LeaseLost, StorageError
from inclusion.group_commit import GroupCommit
from inclusion.inbox import Inbox, LeasedEvent, mark_failed
from inclusion.logs import place_of

AT_ONCE = 20
LOOK_EVERY_S = 1.0
TEND_EVERY = timedelta(seconds=20)
THINKING_AFTER = timedelta(milliseconds=400)

log = logging.getLogger(__name__)


class Answerer:
    """Leases waiting events, answers them, and tells the courier. Several may run at once; a dead one's events come back."""

    def __init__(
        self,
        inbox: Inbox,
        answering: Answering,
        channels: Mapping[str, Channel],
        commits: GroupCommit,
        clock: Callable[[], datetime],
        answered: Callable[[], None],
    ) -> None:
        self._inbox, self._answering, self._channels = inbox, answering, channels
        self._commits, self._clock, self._answered = commits, clock, answered
        self._wake = asyncio.Event()
        self._tended_at: datetime | None = None
        self._thinking: set[asyncio.Task[None]] = set()

    def notify(self) -> None:
        """Events were saved: look at once. Called from the event loop that runs us."""
        self._wake.set()

    async def run(self) -> None:
        """Answer until the task is cancelled. A database that is away for a moment is waited for."""
        while True:
            self._wake.clear()
            try:
                await self._tend()
                busy = await self.answer_waiting()
            except (SQLAlchemyError, StorageError) as error:
                log.warning("The inbox could not be read; tried again soon.", extra={"kind": type(error).__name__})
                busy = False
            if not busy:
                await self._sleep()

    async def answer_waiting(self) -> bool:
        """Answer up to AT_ONCE events; returns whether there were any."""
        leased = await asyncio.to_thread(self._inbox.lease_waiting, self._clock(), AT_ONCE)
        self._show_thinking(leased)
        prepared = [found for event in leased if (found := await self._prepare(event)) is not None]
        await asyncio.gather(*(self._write_down(one) for one in prepared))
        if prepared:
            self._answered()
        return bool(leased)

    async def _tend(self) -> None:
        """Now and then: the bot comes back where a person was waited for in vain, and what is too old is forgotten."""
        now = self._clock()
        if self._tended_at is not None and now - self._tended_at < TEND_EVERY:
            return
        tidy, self._tended_at = self._tended_at is None or now.hour != self._tended_at.hour, now
        desk = self._answering.desk
        if tidy:
            await self._commits.write(lambda session: desk.tidy(session, now))
        if await self._commits.write(lambda session: desk.tend(session, now)):
            self._answered()

    async def _prepare(self, event: LeasedEvent) -> Prepared | None:
        try:
            return await asyncio.to_thread(self._answering.prepare, event, self._clock())
        except Exception as error:  # one event that breaks us must not keep the others from being answered
            await self._failed(event, error)
            return None

    async def _write_down(self, prepared: Prepared) -> None:
        now = self._clock()

        def all_of_it(session: Session) -> None:
            self._answering.write_down(session, prepared, now)

        try:
            await self._commits.write(all_of_it)
        except LeaseLost:
            log.warning("An event took longer than its lease; another worker answers it.", extra={"channel": prepared.leased.channel})
        except Exception as error:
            await self._failed(prepared.leased, error)

    async def _failed(self, event: LeasedEvent, error: Exception) -> None:
        facts = {"kind": type(error).__name__, "place": place_of(error), "channel": event.channel, "tries": event.tries}
        log.error("An event could not be answered.", extra=facts)
        now = self._clock()
        with contextlib.suppress(LeaseLost):
            await self._commits.write(lambda session: mark_failed(session, event, now))

    def _show_thinking(self, leased: Sequence[LeasedEvent]) -> None:
        """A sign for those who have already waited; an answer that comes at once needs none."""
        late = [event for event in leased if self._clock() - event.received_at > THINKING_AFTER]
        for event in late:
            task = asyncio.create_task(self._think(event))
            self._thinking.add(task)
            task.add_done_callback(self._thinking.discard)

    async def _think(self, event: LeasedEvent) -> None:
        message = self._answering.doors[event.channel].read(event.raw)
        if message.may_answer and message.sender.chat_id and not message.sender.in_group:
            await self._channels[event.channel].show_thinking(message.sender.chat_id)

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._wake.wait()
