"""What classes need while the server runs: the sample month, and offers that end on time even when nobody opens a page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from holidays import country_holidays
from starlette.concurrency import run_in_threadpool

from inclusion.classes.notices import ClassNotices
from inclusion.database import Database
from inclusion.forgotten_help import ForgottenHelp
from inclusion.helpers.post import post_notices
from inclusion.telling import Telling
from lessons import end_queues, expire_due_offers, read_timetable, seed_samples, team

log = logging.getLogger(__name__)
EVERY_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class LessonKeeping:
    """`folder` is the town's own `lessons` folder; it may be missing."""

    database: Database
    folder: Path
    tz: str
    clock: Callable[[], datetime]
    telling: Telling | None = None
    notices: ClassNotices | None = None

    async def run(self) -> None:
        """For as long as the server runs."""
        await run_in_threadpool(self.open_timetable)
        while True:
            await run_in_threadpool(self.end_old_offers)
            await run_in_threadpool(self.look_for_cover)
            await run_in_threadpool(self.end_forgotten_help)
            await asyncio.sleep(EVERY_S)

    def open_timetable(self) -> None:
        """The sample month, where the town has no class yet."""
        closed = country_holidays("JP")
        with self.database.writing() as session:
            made = seed_samples(session, read_timetable(self.folder), self.tz, lambda day: _is_closed(day, closed), self.clock())
            team.seed_team(session, self.folder, self.tz, lambda day: _is_closed(day, closed), self.clock())
        if made:
            log.info("The town had no classes: %s sample classes were made.", made)

    def end_old_offers(self) -> None:
        """Seats nobody took go on, waiting ends where a class begins, and whoever must hear of it or be reminded is written to."""
        with self.database.writing() as session:
            offers = expire_due_offers(session, self.clock())
            end_queues(session, self.clock())
            if self.notices is not None:
                self.notices.put(session, self.clock())
                self.notices.remind(session, self.clock())
        if offers:
            log.info("Seats that nobody took were offered on.", extra={"offers": len(offers)})

    def look_for_cover(self) -> None:
        """Ask the next helpers where those asked so far have not answered, and tell everybody by chat who can be told."""
        with self.database.writing() as session:
            searched = team.tend_cover(session, self.clock())
            told = post_notices(session, self.telling, self.clock()) if self.telling is not None else 0
        if searched or told:
            log.info("Helpers were looked for and told.", extra={"searched": searched, "told": told})

    def end_forgotten_help(self) -> None:
        """Help by one person that nobody ended."""
        if self.telling is None:
            return
        with self.database.writing() as session:
            ended = ForgottenHelp(self.telling).end(session, self.clock())
        if ended:
            log.info("Help that nobody had ended was ended.", extra={"ended": ended})


def _is_closed(day: date, closed: object) -> bool:
    return day in closed  # type: ignore[operator]  # holidays' own type is a dict made on demand
