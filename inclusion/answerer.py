"""Takes saved events one after the other and has them answered; without it questions would be kept for ever and never answered."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from accessibility.hearing import Heard
from bots import Channel
from inclusion.answering import Answering, Prepared
from inclusion.database import LeaseLost, StorageError
from inclusion.group_commit import GroupCommit
from inclusion.inbox import Inbox, LeasedEvent, mark_failed
from inclusion.listening import Listening
from inclusion.logs import place_of

AT_ONCE = 20
LISTEN_AT_MOST = 4  # tries at one voice message: about a minute with their pauses
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
        listening: Listening | None = None,
    ) -> None:
        self._inbox, self._answering, self._channels = inbox, answering, channels
        self._commits, self._clock, self._answered, self._listening = commits, clock, answered, listening
        self._wake = asyncio.Event()
        self._tended_at: datetime | None = None
        self._beside: set[asyncio.Task[None]] = set()

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
        """Answer up to AT_ONCE events; returns whether there were any. Voice messages are heard beside: nobody who typed waits for them."""
        leased = await asyncio.to_thread(self._inbox.lease_waiting, self._clock(), AT_ONCE)
        spoken = [event for event in leased if self._is_spoken(event)]
        self._show_thinking(leased, spoken)
        for event in spoken:
            self._start(self._answer_spoken(event))
        prepared = [found for event in leased if event not in spoken and (found := await self._prepare(event)) is not None]
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

    def _is_spoken(self, event: LeasedEvent) -> bool:
        return self._listening is not None and self._listening.takes(self._answering.doors[event.channel].read(event.raw))

    async def _answer_spoken(self, event: LeasedEvent) -> None:
        """Fetch, hear, answer. What is not ready yet is tried again after a growing pause; in the end its writer is told."""
        assert self._listening is not None  # noqa: S101  # _is_spoken said so
        message = self._answering.doors[event.channel].read(event.raw)
        try:
            language, hints = await asyncio.to_thread(self._answering.expects_of, message, self._clock())
            spoken = await self._listening.hear(message, language, hints, last_try=event.tries >= LISTEN_AT_MOST)
        except Exception as error:
            await self._failed(event, error)
            return
        prepared = await self._prepare(event, spoken)
        if prepared is not None:
            await self._write_down(prepared)
            self._answered()

    async def _prepare(self, event: LeasedEvent, spoken: Heard | str | None = None) -> Prepared | None:
        try:
            return await asyncio.to_thread(self._answering.prepare, event, self._clock(), spoken)
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

    def _show_thinking(self, leased: Sequence[LeasedEvent], spoken: Sequence[LeasedEvent]) -> None:
        """A sign for those who have already waited, and for those who spoke; an answer that comes at once needs none."""
        for event in leased:
            if event in spoken or self._clock() - event.received_at > THINKING_AFTER:
                self._start(self._think(event))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _think(self, event: LeasedEvent) -> None:
        message = self._answering.doors[event.channel].read(event.raw)
        if message.may_answer and message.sender.chat_id and not message.sender.in_group:
            await self._channels[event.channel].show_thinking(message.sender.chat_id)

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._wake.wait()
