"""Puts the whole platform together from its settings, in one place; without it every entry point would wire its own."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import SQLAlchemyError

from bots import Channel
from bots import line as line_bot
from bots import telegram as telegram_bot
from inclusion.answerer import Answerer
from inclusion.answering import Answering, Door
from inclusion.courier import Courier
from inclusion.database import Database
from inclusion.group_commit import GroupCommit
from inclusion.housekeeping import Housekeeping
from inclusion.inbox import Inbox, IncomingEvent, inbox_figures
from inclusion.logs import place_of
from inclusion.municipalities import Town, load_town
from inclusion.outbox import outbox_figures
from inclusion.settings import Settings
from inclusion.understanding import Understanding

from .app import create_app
from .assets import Assets
from .metrics import Metrics
from .pages import Pages
from .services import AskReply, Events, Webhook, WebServices
from .staff_pages import staff_router
from .staff_session import StaffServices

log = logging.getLogger(__name__)

REPLY_LIVES = timedelta(seconds=50)  # LINE gives a reply token one minute; ten seconds are kept for the way there
RESTART_AFTER_S = 1.0


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
    deliver: bool = True
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def start(self) -> None:
        """Open the channels that have their secrets, and start what works in the background."""
        self.channels.update(await open_channels(self.settings))
        work: dict[str, Callable[[], Awaitable[None]]] = {"answerer": self.answerer.run, "housekeeping": self.housekeeping.run}
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

    def readiness(self) -> Mapping[str, bool]:
        alive = {name: not task.done() for name, task in self.tasks.items()}
        return {"database": self._database_answers(), **alive}

    def _database_answers(self) -> bool:
        try:
            self.database.ping()
        except SQLAlchemyError:
            return False
        return True

    def outbox_states(self) -> Mapping[str, int]:
        with self.database.reading() as session:
            figures = outbox_figures(session, clock())
        return {"waiting": figures.waiting, "later": figures.later, "held_by_quota": figures.held_by_quota, "given_up": figures.given_up}

    def inbox_states(self) -> Mapping[str, int]:
        with self.database.reading() as session:
            figures = inbox_figures(session, clock())
        return {"waiting": figures.waiting, "failed": figures.failed}

    def ask(self, text: str, conversation: str | None, preferences_changes: Mapping[str, Any], now: datetime) -> AskReply:
        """One web turn, as the web's Asker wants it."""
        conversation_id, turn = self.answering.ask(text, conversation, preferences_changes, now)
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
    answering = Answering(database, town, Understanding.of(town), doors(town))
    commits = GroupCommit(database)
    inbox, channels = Inbox(database, commits), dict[str, Channel]()
    courier = Courier(database, channels, clock, commits)
    answerer = Answerer(inbox, answering, channels, commits, clock, courier.notify)
    housekeeping = Housekeeping(commits, clock, timedelta(days=settings.keep_events_days))
    return Platform(settings, database, town, answering, commits, inbox, courier, answerer, housekeeping, channels, deliver)


def build_app(platform: Platform) -> FastAPI:
    """The web application over a platform."""
    settings, messages = platform.settings, platform.town.messages
    https = settings.public_url.startswith("https://")
    staff = StaffServices(
        platform.database, messages, clock, https, settings.public_url, idle=timedelta(minutes=settings.staff_idle_minutes)
    )
    pages = Pages(platform.town, messages, Assets.gather())
    routers: Sequence[APIRouter] = (staff_router(staff, pages),)
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
            extra_routers=routers,
            readiness=platform.readiness,
            on_start=(platform.start,),
            on_stop=(platform.stop,),
            secret=run_time_secret(settings.inclusion_var),
            trusted_proxies=tuple(part.strip() for part in settings.trusted_proxies.split(",") if part.strip()),
        )
    )


def doors(town: Town) -> Mapping[str, Door]:
    """How each channel's events are read and its answers written; the bot signs with the town's name."""
    name = town.messages.say("channel.sender", town=town.name)
    return {
        "line": Door(line_bot.message_from, lambda rendered: line_bot.line_messages(rendered, name), REPLY_LIVES),
        "telegram": Door(telegram_bot.message_from, telegram_bot.telegram_messages),
    }


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
    """The ways out that are on; call it inside the running event loop."""
    channels: dict[str, Channel] = {}
    if settings.line_on:
        channels["line"] = await line_bot.open_line(settings.line_channel_access_token.get_secret_value(), settings.line_api_url)
    if settings.telegram_on:
        channels["telegram"] = await telegram_bot.open_telegram(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url)
    return channels


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
