"""Fetches Telegram's updates from a machine Telegram cannot reach; without it a developer would need a public https address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bots import TryLater
from bots.telegram import event_id, open_telegram
from inclusion.ending import ended_by_signal
from inclusion.logs import set_up_logging
from inclusion.settings import Settings

from .platform import clock
from .run_time import open_migrated_database
from .services import Events
from .wiring import build_platform

log = logging.getLogger(__name__)


class Updates(Protocol):
    """What hands out Telegram's updates."""

    async def updates(self, offset: int) -> list[dict[str, Any]]: ...


async def poll(telegram: Updates, save: Callable[[Events], Awaitable[object]], rounds: int | None = None) -> None:
    """Save what comes, for ever or for so many rounds. The next round confirms the last one, so only what was saved is confirmed."""
    offset = 0
    while rounds is None or rounds > 0:
        try:
            found = await telegram.updates(offset)
        except TryLater as wait:
            log.info("Telegram hands out nothing now; asked again soon.")
            await asyncio.sleep(wait.after_s)
            continue
        if found:
            await save([(event_id(update), update) for update in found])
            offset = max(int(update["update_id"]) for update in found) + 1
        rounds = None if rounds is None else rounds - 1


def poll_forever(settings: Settings) -> None:
    """`inclusion telegram-poll`: answer on Telegram without a webhook, until a signal ends it."""
    set_up_logging(settings.log_level)
    if ended_by_signal(_poll(settings)):
        log.info("Stopped.")


async def _poll(settings: Settings) -> None:
    platform = build_platform(settings, open_migrated_database(settings))
    telegram = await open_telegram(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url)
    await platform.start()
    try:
        await telegram.forget_webhook()
        await poll(telegram, lambda events: platform.save("telegram", events, clock()))
    finally:
        await platform.stop()
        await telegram.close()
