"""Starts the server; without this file `inclusion serve` would not know how to prepare the database or run several workers."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType, MappingProxyType
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from inclusion.courier import Courier
from inclusion.database import Database, open_database
from inclusion.logs import set_up_logging
from inclusion.many_towns import each_town, name_of, prefix_of, without_live_port
from inclusion.municipalities import Town
from inclusion.settings import Settings, hand_to_workers

from .platform import clock
from .run_time import open_migrated_database
from .side_by_side import Served, side_by_side
from .wiring import build_app, build_platform, open_channels

FACTORY = "inclusion.web.serving:app_of_worker"
# proxy_headers is off: whose X-Forwarded-For is believed is decided by TRUSTED_PROXIES alone (web/limits.py).
HOW: Final[dict[str, Any]] = {
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "timeout_graceful_shutdown": 10,
}
NOT_READ: Final[Mapping[str, Town]] = MappingProxyType({})

log = logging.getLogger(__name__)


def serve_forever(settings: Settings, host: str, port: int, workers: int, deliver: bool, read: Mapping[str, Town] = NOT_READ) -> None:
    """Serve every town until a signal ends it; with several workers each is a process of its own, sharing the databases.

    `read` are towns that were read already, by what `inclusion_town` calls them.
    """
    set_up_logging(settings.log_level)
    towns = [(own, open_migrated_database(own)) for own in each_town(settings)]
    for name in without_live_port([own for own, _ in towns]):
        log.warning("Live events of %s use any free UDP port; set %sLIVE_PORT and open it.", name, prefix_of(name))
    if workers == 1:
        served = [_served(own, database, deliver, read.get(own.inclusion_town)) for own, database in towns]
        log.info("Serving %s on http://%s:%s (stop with Ctrl-C)", ", ".join(town.title for town in served), host, port)
        with suppress(KeyboardInterrupt):  # Ctrl-C is how one stops it, not a failure
            _Server(uvicorn.Config(side_by_side(served), host=host, port=port, **HOW), served).run()
        return
    for _, database in towns:
        database.close()
    hand_to_workers(settings, deliver)
    with suppress(KeyboardInterrupt):
        uvicorn.run(FACTORY, factory=True, host=host, port=port, workers=workers, **HOW)


def _served(settings: Settings, database: Database, deliver: bool, town: Town | None = None) -> Served:
    platform = build_platform(settings, database, deliver, town)
    return Served(name_of(settings.inclusion_town), platform.town.name, settings.public_url, build_app(platform))


class _Server(uvicorn.Server):
    """Lets go of pages that listen (server-sent events) as soon as it is told to end; it would wait for them otherwise."""

    def __init__(self, config: uvicorn.Config, served: Sequence[Served]) -> None:
        super().__init__(config)
        self._served = served

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        for town in self._served:
            town.app.state.say_goodbye()
        super().handle_exit(sig, frame)


def port_is_free(host: str, port: int) -> bool:
    """Whether we may listen there; asked first, so that a busy port is told in a sentence and not after a minute of starting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def app_of_worker() -> ASGIApp:
    """What each worker process of `serve --workers` runs; its settings come through the environment."""
    settings = Settings()
    set_up_logging(settings.log_level)
    towns = [(own, open_database(own.effective_database_url)) for own in each_town(settings)]
    return side_by_side([_served(own, database, settings.inclusion_deliver) for own, database in towns])


def deliver_forever(settings: Settings) -> None:
    """`inclusion deliver`: only send what waits in the outbox, until a signal ends it."""
    set_up_logging(settings.log_level)
    asyncio.run(_deliver([(own, open_migrated_database(own)) for own in each_town(settings)]))


async def _deliver(towns: Sequence[tuple[Settings, Database]]) -> None:
    ways_out = [(database, await open_channels(settings)) for settings, database in towns]
    couriers = [Courier(database, channels, clock) for database, channels in ways_out]
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, lambda: [loop.create_task(courier.stop()) for courier in couriers])
    for (settings, _), (_, channels) in zip(towns, ways_out, strict=True):
        on = ", ".join(channels) or "no channel (set their secrets first)"
        log.info("Delivering for %s: %s", name_of(settings.inclusion_town), on)
    await asyncio.gather(*(courier.run() for courier in couriers))
    for database, channels in ways_out:
        for channel in channels.values():
            await channel.close()
        database.close()
