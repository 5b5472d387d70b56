"""Starts the server; without this file `inclusion serve` would not know how to prepare the database or run several workers."""

from __future__ import annotations

import asyncio
import logging
import signal

import uvicorn
from fastapi import FastAPI

from inclusion import migrations
from inclusion.courier import Courier
from inclusion.database import Database, open_database
from inclusion.logs import set_up_logging
from inclusion.settings import Settings, hand_to_workers

from .wiring import build_app, build_platform, clock, open_channels

FACTORY = "inclusion.web.serving:app_of_worker"

log = logging.getLogger(__name__)


def open_migrated_database(settings: Settings) -> Database:
    """The database in its newest form. Raises database.BadAddress for an address that cannot be opened."""
    settings.inclusion_var.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.effective_database_url)
    return open_database(settings.effective_database_url)


def serve_forever(settings: Settings, host: str, port: int, workers: int, deliver: bool) -> None:
    """Serve until a signal ends it; with several workers each is a process of its own, sharing the database."""
    set_up_logging(settings.log_level)
    database = open_migrated_database(settings)
    log.info("Serving %s on http://%s:%s", settings.inclusion_town, host, port)
    if workers == 1:
        _run(build_app(build_platform(settings, database, deliver)), host, port)
        return
    database.close()
    hand_to_workers(settings, deliver)
    uvicorn.run(FACTORY, factory=True, host=host, port=port, workers=workers, log_config=None, access_log=False, server_header=False)


def app_of_worker() -> FastAPI:
    """What each worker process of `serve --workers` runs; its settings come through the environment."""
    settings = Settings()
    set_up_logging(settings.log_level)
    return build_app(build_platform(settings, open_database(settings.effective_database_url), settings.inclusion_deliver))


def deliver_forever(settings: Settings) -> None:
    """`inclusion deliver`: only send what waits in the outbox, until a signal ends it."""
    set_up_logging(settings.log_level)
    asyncio.run(_deliver(settings, open_migrated_database(settings)))


def _run(app: FastAPI, host: str, port: int) -> None:
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False, proxy_headers=False, timeout_graceful_shutdown=10
    )
    uvicorn.Server(config).run()


async def _deliver(settings: Settings, database: Database) -> None:
    channels = await open_channels(settings)
    courier = Courier(database, channels, clock)
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, lambda: loop.create_task(courier.stop()))
    log.info("Delivering for: %s", ", ".join(channels) or "no channel (set their secrets first)")
    await courier.run()
    for channel in channels.values():
        await channel.close()
    database.close()
