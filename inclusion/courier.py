"""Carries what waits in the outbox to the channels: without it messages would be written down and never sent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bots import Channel, OutcomeUnknown, Receipt
from inclusion.database import Database, StorageError
from inclusion.group_commit import GroupCommit
from inclusion.leasing import SEND_TIMEOUT_S, Leased, lease_due, settle

AT_ONCE = 20
LOOK_EVERY_S = 1.0

log = logging.getLogger(__name__)


class Courier:
    """Leases due parcels, sends them side by side (one a chat at a time), and writes down how it went. Several may run at once.

    A parcel whose courier died is sent again with the same retry key; the channel recognises it.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        commits: GroupCommit | None = None,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._channels, self._clock, self._look_every_s = channels, clock, look_every_s
        self._commits = commits or GroupCommit(database)
        self._own_commits = commits is None
        self._name = secrets.token_hex(8)
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._under_way: set[asyncio.Task[None]] = set()

    def notify(self) -> None:
        """Something was put (call it after the commit, from any thread): look at once instead of at the next round."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Deliver until `stop` is called or the task is cancelled; what is under way is finished first."""
        self._loop = asyncio.get_running_loop()
        try:
            while not self._stopping:
                self._wake.clear()
                await self._start_sending()
                await self._sleep()
        finally:
            await self._finish()

    async def stop(self) -> None:
        """Take nothing new; `run` returns when what is under way is finished."""
        self._stopping = True
        self._wake.set()

    async def deliver_once(self, now: datetime) -> int:
        """Send all that is due at `now` and return how many parcels were tried; what fails is due later and not tried again here."""
        tried = 0
        while leased := await self._lease(now, AT_ONCE):
            await asyncio.gather(*(self._deliver(parcel, now) for parcel in leased))
            tried += len(leased)
        return tried

    async def close(self) -> None:
        """Let go of the writer thread, if it is ours; `run` does so itself."""
        if self._own_commits:
            await self._commits.close()

    async def _start_sending(self) -> None:
        free = AT_ONCE - len(self._under_way)
        if free <= 0:
            return
        try:
            leased = await self._lease(self._clock(), free)
        except (SQLAlchemyError, StorageError) as error:
            log.warning("The outbox could not be read; the courier tries again soon.", extra={"kind": type(error).__name__})
            return
        for parcel in leased:
            task = asyncio.create_task(self._deliver(parcel, None))
            self._under_way.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._wake.set()  # there is room again, and the next parcel of that chat may go
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("A parcel's outcome could not be kept; it is sent again.", extra={"kind": type(error).__name__})

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._look_every_s):
                await self._wake.wait()

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=SEND_TIMEOUT_S)
        await self.close()

    async def _lease(self, now: datetime, limit: int) -> list[Leased]:
        return await self._commits.write(lambda session: lease_due(session, self._name, self._channels, now, limit))

    async def _deliver(self, leased: Leased, now: datetime | None) -> None:
        outcome = await self._send(leased, now or self._clock())
        settled_at = now or self._clock()
        ours = await self._commits.write(lambda session: settle(session, self._name, leased, outcome, settled_at))
        if not ours:
            log.warning("A parcel took longer than its lease; another courier has it now.", extra={"channel": leased.channel})

    async def _send(self, leased: Leased, now: datetime) -> Receipt | Exception:
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                return await self._channels[leased.channel].send(leased.parcel, now)
        except TimeoutError:
            return OutcomeUnknown("The channel did not answer in time.", used_reply_token=True)
        except Exception as error:  # every kind is judged in leasing.settle; a bug in a channel must not stop the others
            log.info("A parcel was not sent.", extra={"channel": leased.channel, "kind": type(error).__name__, "tries": leased.tries})
            return error
