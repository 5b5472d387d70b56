"""Publishes from the command line with a ticket of this installation; without it a rehearsal would need a hand-made token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inclusion.ending import ended_by_signal
from inclusion.live.hosts import make_host
from inclusion.settings import Settings
from inclusion.web.run_time import open_migrated_database, run_time_secret
from streaming import Gate, MediaPort, own_addresses
from streaming.admission import Act
from streaming.doors import Door
from streaming.handing_over import Carrier
from streaming.publishing import publish, tracks_of


def ticket_for(settings: Settings, room: str, act: Act, hours: int) -> str:
    """A ticket signed with this installation's secret. Raises streaming.errors.NotAllowed for a name no room can have."""
    return Gate(run_time_secret(settings.inclusion_var)).issue(room, act, datetime.now(UTC), timedelta(hours=hours))


def host_ticket(settings: Settings, room: str, act: Act, hours: int) -> str:
    """A ticket that stands among the hosts' links on `/staff/live` and can be taken back there. Raises streaming.errors.NotAllowed for a
    name no room can have, database.BadAddress for a database that cannot be opened.
    """
    now, lives = datetime.now(UTC), timedelta(hours=hours)
    gate, database = Gate(run_time_secret(settings.inclusion_var)), open_migrated_database(settings)
    with database.writing() as session:
        host = make_host(session, room, now, now + lives)
        return gate.issue(room, act, now, lives, host.seat)


def publish_forever(settings: Settings, room: str, file: Path | None, server: str, say: Callable[[str], object]) -> None:
    """Publish until interrupted. Raises OSError when the server cannot be reached, refuses, or the film cannot be played."""
    token = ticket_for(settings, room, "host", hours=24)
    if ended_by_signal(_publish(f"{server}/whip/{room}", token, file, lambda: say(f"On the air: {server}/live/{room} (Ctrl-C ends it)"))):
        say("Ended.")


def hand_over_forever(settings: Settings, room: str, server: str, address: str, token: str, say: Callable[[str], object]) -> None:
    """Carry a room from `server` to another engine's WHIP address until interrupted. Raises OSError when no port can be opened."""
    source = Door(f"{server}/whep/{room}", ticket_for(settings, room, "watch", hours=24))
    if ended_by_signal(_carry(room, source, Door(address, token), say)):
        say("Ended.")


async def _carry(room: str, source: Door, target: Door, say: Callable[[str], object]) -> None:
    port = MediaPort.open(0, own_addresses())
    try:
        await Carrier(port.house, room, source, target, say).run()
    finally:
        await port.close()


async def _publish(address: str, token: str, file: Path | None, started: Callable[[], object]) -> None:
    publication = await publish(address, token, tracks_of(file))
    started()
    try:
        await asyncio.Event().wait()
    finally:
        await publication.close()
