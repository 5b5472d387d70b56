"""The parts that live as long as the server, started and stopped together; without it each worker would keep its own idea of what runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from shutil import disk_usage
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from accessibility import Furigana, Preferences
from accessibility.hearing import Heard, Listener
from bots import Channel
from inclusion.answerer import Answerer
from inclusion.answering import Answering
from inclusion.classes.notices import ClassNotices
from inclusion.courier import Courier
from inclusion.database import Database, StorageError
from inclusion.expecting import expected_words
from inclusion.group_commit import GroupCommit
from inclusion.housekeeping import Housekeeping
from inclusion.inbox import Inbox, IncomingEvent, inbox_figures
from inclusion.learning.growing import Growing
from inclusion.listening import Listening
from inclusion.logs import place_of
from inclusion.municipalities import Town, town_folder
from inclusion.outbox import outbox_figures
from inclusion.settings import Settings
from inclusion.turn import Memory, take_turn
from inclusion.voices import Voices
from inclusion.waking import Waking, fixed_turns

from .channel_doors import open_ways_out
from .classes.keeping import LessonKeeping
from .next_door import NextDoor
from .services import AskReply, CameAs, Events
from .town_voice import ears_on

log = logging.getLogger(__name__)

URGENT = frozenset({"r.emergency", "r.fraud"})
LEAST_FREE_BYTES = 20_000_000
RESTART_AFTER_S = 1.0
GROWS_EVERY_S = 10.0


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Platform:
    """All the parts that live as long as the server. Nothing runs until `start`."""

    settings: Settings
    database: Database
    town: Town
    answering: Answering
    commits: GroupCommit
    inbox: Inbox
    courier: Courier
    answerer: Answerer
    housekeeping: Housekeeping
    channels: dict[str, Channel]
    furigana: Furigana
    next_door: NextDoor
    ears: Listener
    listening: Listening
    growing: Growing
    voices: Voices | None = None
    deliver: bool = True
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    waking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the channels that have their secrets, and start what works in the background."""
        self.channels.update(await open_ways_out(self.settings, self.town.timezone, self.voices))
        work: dict[str, Callable[[], Awaitable[None]]] = {"answerer": self.answerer.run, "housekeeping": self.housekeeping.run}
        work |= {"lessons": self.lesson_keeping().run, "growing": self._growing, **self.next_door.works()}
        if self.deliver:
            work["courier"] = self.courier.run
        self.tasks = {name: asyncio.create_task(_kept_running(name, run), name=name) for name, run in work.items()}
        if self.settings.engines_at_start:
            self.waking = asyncio.create_task(self._waking().run(), name="waking")
        for channel in ("line", "telegram"):
            log.info("%s is %s.", channel.upper(), "on" if channel in self.channels else "off (its secrets are not set)")

    async def stop(self) -> None:
        """Finish what is being sent, save what waits, then close."""
        await self.courier.stop()
        if self.waking is not None:
            self.waking.cancel()
        for name, task in self.tasks.items():
            if name != "courier":
                task.cancel()
        await asyncio.wait_for(asyncio.gather(*self.tasks.values(), return_exceptions=True), timeout=30)
        await self.commits.close()
        for channel in self.channels.values():
            await channel.close()
        self.listening.close()
        self.database.close()
        if self.voices is not None:
            self.voices.close()

    def _waking(self) -> Waking:
        ears = self.ears if ears_on(self.settings) else None
        return Waking(self.voices, ears, lambda: fixed_turns(self.town, clock()), understand=self.answering.understanding.wake)

    def lesson_keeping(self) -> LessonKeeping:
        folder = town_folder(self.settings.inclusion_town) / "lessons"
        return LessonKeeping(self.database, folder, str(self.town.timezone), clock, self.answering.telling, self.class_notices())

    def class_notices(self) -> ClassNotices:
        return ClassNotices(self.answering.telling, self.settings.public_url)

    async def _growing(self) -> None:
        """What staff taught is known from the first page on, also where nobody asks anything."""
        while True:
            await asyncio.to_thread(self.growing.look)
            await asyncio.sleep(GROWS_EVERY_S)

    def readiness(self) -> Mapping[str, bool]:
        alive = {name: not task.done() for name, task in self.tasks.items()}
        return {"database": self._database_takes_writes(), **alive}

    def _database_takes_writes(self) -> bool:
        """Reachable, not locked, and with room left on the disk of a SQLite file."""
        try:
            with self.database.writing():
                pass
        except SQLAlchemyError:
            return False
        return disk_usage(self.settings.inclusion_var).free > LEAST_FREE_BYTES

    def outbox_states(self) -> Mapping[str, int]:
        with self.database.reading() as session:
            figures = outbox_figures(session, clock())
        return {"waiting": figures.waiting, "later": figures.later, "held_by_quota": figures.held_by_quota, "given_up": figures.given_up}

    def inbox_states(self) -> Mapping[str, int]:
        with self.database.reading() as session:
            figures = inbox_figures(session, clock())
        return {"waiting": figures.waiting, "failed": figures.failed}

    def ask(self, text: str | Heard, conversation: str | None, preferences_changes: Mapping[str, Any], now: datetime) -> AskReply:
        """One web turn, as the web's Asker wants it. Danger is answered before anything is looked up or written down.

        When the database is full, locked or away, the question is still answered; only its conversation is not remembered.
        """
        memory = Memory(preferences=Preferences().with_changes(**preferences_changes))
        words = text if isinstance(text, str) else text.text
        alone = take_turn(words, memory, self.town, self.answering.understanding, now)
        if not URGENT.isdisjoint(alone.answer.ids):
            return AskReply(conversation or "", alone.answer, alone.rendered, memory.preferences, words)
        try:
            conversation_id, turn = self.answering.ask(text, conversation, preferences_changes, now)
        except (SQLAlchemyError, StorageError) as error:
            log.error("A conversation could not be kept; its question was answered.", extra={"kind": type(error).__name__})
            return AskReply("", alone.answer, alone.rendered, alone.memory.preferences, words)
        return AskReply(conversation_id, turn.answer, turn.rendered, turn.memory.preferences, turn.said)

    def expects(self, conversation: str | None, language: str, now: datetime) -> tuple[str, ...]:
        """Words that may be said next, as the web's Asker wants it; when the database is away, those of a new conversation."""
        try:
            return self.answering.expects(conversation, language, now)
        except (SQLAlchemyError, StorageError):
            return expected_words(Memory(), self.town, language)

    async def save(self, channel: str, events: Events, now: datetime, came_as: CameAs | None = None) -> int:
        """Save webhook events and wake the answerer, as the web's EventInbox wants it."""
        read = self.answering.doors[channel].read
        incoming = [IncomingEvent(channel, event_id, raw, now, read(raw).sender.chat_id) for event_id, raw in events]
        new = await self.inbox.save(incoming, self.next_door.kept(channel, came_as, now))
        self.answerer.notify()
        self.next_door.notify()
        return new


async def _kept_running(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Start a background work again when it fails unexpectedly; a cancelled or finished one stays ended."""
    while True:
        try:
            await run()
            return
        except Exception as error:
            log.error(
                "The %s stopped unexpectedly and is started again.", name, extra={"kind": type(error).__name__, "place": place_of(error)}
            )
            await asyncio.sleep(RESTART_AFTER_S)
