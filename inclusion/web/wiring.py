"""Puts the whole platform together from its settings, in one place; without it every entry point would wire its own."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from shutil import disk_usage
from time import monotonic
from typing import Any

from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import SQLAlchemyError

from accessibility import Furigana, Preferences
from bots import Channel
from bots import line as line_bot
from bots import telegram as telegram_bot
from inclusion.answerer import Answerer
from inclusion.answering import Answering
from inclusion.courier import Courier
from inclusion.database import Database, StorageError
from inclusion.group_commit import GroupCommit
from inclusion.housekeeping import Housekeeping
from inclusion.inbox import Inbox, IncomingEvent, inbox_figures
from inclusion.logs import place_of
from inclusion.municipalities import Town, load_town, town_folder
from inclusion.outbox import outbox_figures
from inclusion.settings import Settings
from inclusion.turn import Memory, take_turn
from inclusion.understanding import Understanding
from inclusion.voices import Voices
from streaming import Relays

from .app import create_app
from .assets import Assets
from .channel_doors import channel_doors, open_ways_out
from .lesson_api import lesson_api
from .lesson_keeping import LessonKeeping
from .lesson_pages import LessonServices, lesson_router
from .lesson_staff import lesson_staff_router
from .limits import RateLimit, TokenBuckets
from .live_pages import LivePlan, LiveStage, live_router
from .metrics import Metrics
from .mine_pages import mine_router
from .own_record import StoredTalks
from .pages import Pages
from .paper_pages import paper_pages
from .people_pages import people_router
from .services import AskReply, Events, Webhook, WebServices
from .staff_pages import staff_router
from .staff_session import StaffServices
from .town_readings import town_furigana
from .town_voice import aloud, open_ears, open_voices

log = logging.getLogger(__name__)

URGENT = frozenset({"r.emergency", "r.fraud"})
LEAST_FREE_BYTES = 20_000_000
RESTART_AFTER_S = 1.0
PLACES = ("/", "/lessons", "/live", "/mine")  # the pages named at the foot of every page; base.html knows their names


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
    voices: Voices | None = None
    deliver: bool = True
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def start(self) -> None:
        """Open the channels that have their secrets, and start what works in the background."""
        self.channels.update(await open_ways_out(self.settings, self.town.timezone))
        work: dict[str, Callable[[], Awaitable[None]]] = {"answerer": self.answerer.run, "housekeeping": self.housekeeping.run}
        work["lessons"] = self.lesson_keeping().run
        if self.deliver:
            work["courier"] = self.courier.run
        self.tasks = {name: asyncio.create_task(_kept_running(name, run), name=name) for name, run in work.items()}
        for channel in ("line", "telegram"):
            log.info("%s is %s.", channel.upper(), "on" if channel in self.channels else "off (its secrets are not set)")

    async def stop(self) -> None:
        """Finish what is being sent, save what waits, then close."""
        await self.courier.stop()
        for name, task in self.tasks.items():
            if name != "courier":
                task.cancel()
        await asyncio.wait_for(asyncio.gather(*self.tasks.values(), return_exceptions=True), timeout=30)
        await self.commits.close()
        for channel in self.channels.values():
            await channel.close()
        self.database.close()
        if self.voices is not None:
            self.voices.close()

    def lesson_keeping(self) -> LessonKeeping:
        folder = town_folder(self.settings.inclusion_town) / "lessons"
        return LessonKeeping(self.database, folder, str(self.town.timezone), clock)

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

    def ask(self, text: str, conversation: str | None, preferences_changes: Mapping[str, Any], now: datetime) -> AskReply:
        """One web turn, as the web's Asker wants it. Danger is answered before anything is looked up or written down.

        When the database is full, locked or away, the question is still answered; only its conversation is not remembered.
        """
        memory = Memory(preferences=Preferences().with_changes(**preferences_changes))
        alone = take_turn(text, memory, self.town, self.answering.understanding, now)
        if not URGENT.isdisjoint(alone.answer.ids):
            return AskReply(conversation or "", alone.answer, alone.rendered, memory.preferences)
        try:
            conversation_id, turn = self.answering.ask(text, conversation, preferences_changes, now)
        except (SQLAlchemyError, StorageError) as error:
            log.error("A conversation could not be kept; its question was answered.", extra={"kind": type(error).__name__})
            return AskReply("", alone.answer, alone.rendered, alone.memory.preferences)
        return AskReply(conversation_id, turn.answer, turn.rendered, turn.memory.preferences)

    async def save(self, channel: str, events: Events, now: datetime) -> int:
        """Save webhook events and wake the answerer, as the web's EventInbox wants it."""
        read = self.answering.doors[channel].read
        incoming = [IncomingEvent(channel, event_id, raw, now, read(raw).sender.chat_id) for event_id, raw in events]
        new = await self.inbox.save(incoming)
        self.answerer.notify()
        return new


def build_platform(settings: Settings, database: Database, deliver: bool = True) -> Platform:
    """Everything but the web. Raises municipalities.TownPackBroken when the town cannot be read."""
    town = load_town(settings.inclusion_town)
    understanding = Understanding.of(town)
    furigana = town_furigana(town, understanding.readings)
    voices = open_voices(settings, town, run_time_secret(settings.inclusion_var))
    doors = channel_doors(town, furigana, settings)
    answering = Answering(database, town, understanding, doors, settings.public_url, partial(aloud, voices))
    commits = GroupCommit(database)
    inbox, channels = Inbox(database, commits), dict[str, Channel]()
    courier = Courier(database, channels, clock, commits)
    answerer = Answerer(inbox, answering, channels, commits, clock, courier.notify)
    housekeeping = Housekeeping(commits, clock, timedelta(days=settings.keep_events_days))
    own = (commits, inbox, courier, answerer, housekeeping, channels)
    return Platform(settings, database, town, answering, *own, furigana, voices, deliver)


def build_app(platform: Platform) -> FastAPI:
    """The web application over a platform."""
    settings, messages = platform.settings, platform.town.messages
    secret = run_time_secret(settings.inclusion_var)
    live, ears = LiveStage(live_plan(settings), secret, clock), open_ears(settings)
    return create_app(
        WebServices(
            asker=platform,
            inbox=platform,
            webhooks=webhooks(settings),
            town=platform.town,
            messages=messages,
            clock=clock,
            public_url=settings.public_url,
            metrics=Metrics(platform.outbox_states, platform.inbox_states),
            extra_routers=_routers(platform, live, secret),
            readiness=platform.readiness,
            on_start=(platform.start, live.start),
            on_stop=(partial(asyncio.to_thread, ears.stop), platform.stop, live.stop),
            secret=secret,
            furigana=platform.furigana,
            nav=PLACES,
            prints=True,
            voices=platform.voices,
            ears=ears,
            trusted_proxies=_parts(settings.trusted_proxies),
        )
    )


def _routers(platform: Platform, live: LiveStage, secret: str) -> Sequence[APIRouter]:
    """The pages and addresses that are not part of the plain web side."""
    settings, messages, assets = platform.settings, platform.town.messages, Assets.gather()
    https, proxies = settings.public_url.startswith("https://"), _parts(settings.trusted_proxies)
    staff = StaffServices(
        platform.database, messages, clock, https, settings.public_url, idle=timedelta(minutes=settings.staff_idle_minutes)
    )
    pages = Pages(platform.town, messages, assets, platform.furigana, PLACES)
    form_limit = RateLimit(TokenBuckets(60, 1.0, monotonic), proxies)
    lessons = LessonServices(platform.database, clock, settings.public_url, form_limit)
    return (
        lesson_router(lessons, pages),
        lesson_api(lessons, messages),
        lesson_staff_router(staff, pages),
        staff_router(staff, pages),
        people_router(staff, pages, platform.answering.desk, platform.courier.notify),
        mine_router(pages, StoredTalks(platform.database), clock, settings.public_url),
        paper_pages(pages, assets, secret, settings.public_url, clock),
        live_router(live, pages, clock, RateLimit(TokenBuckets(40, 2.0, monotonic), proxies)),
    )


def live_plan(settings: Settings) -> LivePlan:
    """What the settings say about live events."""
    relays = Relays(_parts(settings.live_relays), settings.live_relay_secret.get_secret_value())
    return LivePlan(settings.live_port, _parts(settings.live_address), relays, settings.live_sample)


def webhooks(settings: Settings) -> Mapping[str, Webhook]:
    """The ways in that are on. Signatures are checked over the raw bytes before anything is parsed."""
    found = {}
    if settings.line_on:
        secret = settings.line_channel_secret.get_secret_value()
        found["line"] = Webhook("line", lambda body, headers: _open_line(body, headers, secret))
    if settings.telegram_on:
        token = settings.telegram_webhook_secret.get_secret_value()
        found["telegram"] = Webhook("telegram", lambda body, headers: _open_telegram(body, headers, token))
    return found


async def open_channels(settings: Settings) -> Mapping[str, Channel]:
    """The ways out that are on, quiet in the town's night; call it inside the running event loop."""
    return await open_ways_out(settings, load_town(settings.inclusion_town).timezone)


def run_time_secret(var: Path) -> str:
    """The key that seals cookies and forms: made at first start, readable only by us, the same for all workers."""
    file = var / "secret.key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as new:
        new.write(secrets.token_hex(32))
    return file.read_text(encoding="ascii")


def _parts(text: str) -> tuple[str, ...]:
    """A comma-separated setting as its parts."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _open_line(body: bytes, headers: Mapping[str, str], secret: str) -> Events:
    line_bot.verify(body, headers.get("x-line-signature"), secret)
    return [(line_bot.event_id(event), event) for event in line_bot.events(body)]


def _open_telegram(body: bytes, headers: Mapping[str, str], secret: str) -> Events:
    telegram_bot.verify(headers.get("x-telegram-bot-api-secret-token"), secret)
    return [(telegram_bot.event_id(update), update) for update in telegram_bot.events(body)]


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
