"""Forgets in time what residents said; without it the database would remember for ever what was promised to be erased."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from inclusion import conversations, inbox, outbox
from inclusion.group_commit import GroupCommit
from inclusion.logs import place_of
from inclusion.staff import sessions as staff_sessions

EVERY_S = 3600.0

log = logging.getLogger(__name__)


class Housekeeping:
    """Once an hour: erases old events and sent messages, expired conversations and ended staff sessions; `others` tidy what is no row."""

    def __init__(
        self, commits: GroupCommit, clock: Callable[[], datetime], keep: timedelta, others: Sequence[Callable[[], None]] = ()
    ) -> None:
        self._commits, self._clock, self._keep, self._others = commits, clock, keep, others

    async def run(self) -> None:
        while True:
            try:
                await self.tidy()
            except Exception as error:  # a database that is away now is tidied in an hour
                log.warning("Old data could not be erased now.", extra={"kind": type(error).__name__, "place": place_of(error)})
            await asyncio.sleep(EVERY_S)

    async def tidy(self) -> None:
        now = self._clock()
        await self._commits.write(lambda session: erase_old(session, now, self._keep))
        for tidy in self._others:
            await asyncio.to_thread(tidy)


def erase_old(session: Session, now: datetime, keep: timedelta) -> None:
    """Erase what is older than `keep`; conversations and staff sessions by their own expiry."""
    inbox.purge(session, now - keep)
    outbox.purge(session, now - keep)
    conversations.purge(session, now)
    staff_sessions.purge(session, now)
