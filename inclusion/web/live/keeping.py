"""Keeps rooms and tables in step while the server runs; without it an event would stay "planned" while everybody watches it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from inclusion.database import StorageError
from streaming import Gathering

from .book import LiveBook, host_link
from .stage import SAMPLE_ROOM, LiveStage

log = logging.getLogger(__name__)
EVERY_S: Final = 3.0
ROUNDS_BETWEEN_TIDYING: Final = 1200
TICKETS_OUTLIVE_S: Final = 2 * 24 * 3600


@dataclass(slots=True)
class LiveKeeping:
    """`start` returns when removals and revocations from before a restart hold again."""

    stage: LiveStage
    book: LiveBook
    _task: asyncio.Task[None] | None = field(default=None, init=False)
    _taken_back: set[str] = field(default_factory=set, init=False)

    async def start(self) -> None:
        await self._once()
        if self.stage.films is not None:
            await asyncio.to_thread(self.stage.films.tidy, True)
        loop = asyncio.get_running_loop()

        def follow_soon() -> None:
            loop.call_soon_threadsafe(self._follow)

        self.book.changed = follow_soon
        self._task = asyncio.create_task(self._run(), name="live events")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(EVERY_S)
            await self._once()
            await self._forget_empty()
            rounds += 1
            if self.stage.films is not None and rounds % ROUNDS_BETWEEN_TIDYING == 0:
                await asyncio.to_thread(self.stage.films.tidy)

    async def _once(self) -> None:
        work = (lambda: self.book.tend(self.stage.live_rooms())) if self.stage.on else self.book.refresh
        try:
            await asyncio.to_thread(work)
        except (SQLAlchemyError, StorageError) as error:
            log.warning("The live events could not be read; tried again soon.", extra={"kind": type(error).__name__})
        self._follow()

    async def _forget_empty(self) -> None:
        """Rooms that are over and that everybody has left, or that nobody planned: their places are needed for others."""
        for room, gathering in list(self.stage.gatherings().items()):
            plan = self.book.plans.get(room)
            if gathering.empty and room != SAMPLE_ROOM and (plan is None or not plan.open):
                await self.stage.forget(room)

    def _follow(self) -> None:
        """What the tables say holds in the rooms."""
        for one in self.book.revoked:
            if one.seat not in self._taken_back:
                self._taken_back.add(one.seat)
                self.stage.take_back(one.seat, one.until)
        for plan in self.book.plans.values():
            if plan.state == "cancelled":
                self.stage.gate.revoke_number(host_link(plan.number), int(plan.end.timestamp() + TICKETS_OUTLIVE_S))
        for room, gathering in list(self.stage.gatherings().items()):
            self._follow_one(room, gathering)

    def _follow_one(self, room: str, gathering: Gathering) -> None:
        plan = self.book.plans.get(room)
        if plan is None:
            return
        gathering.floor.mode, gathering.floor.capacity = plan.mode, plan.capacity
        if not plan.open and not gathering.floor.closed:
            gathering.close()
