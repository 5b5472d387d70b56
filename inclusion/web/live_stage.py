"""The live part while the server runs: its port, its rooms, what stands beside them; without it pages would reach into rooms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from streaming import Call, Gate, Hall, Limits, MediaPort, Negotiation, Relays, Reply, own_addresses
from streaming.playing import ClipPlayer
from streaming.sample import make_clip

log = logging.getLogger(__name__)

SAMPLE_ROOM: Final = "sample"
TICK_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class LivePlan:
    """What the settings say about the live part. No hosts: this machine's own addresses. `folder` is for files made while it runs."""

    port: int = 0
    hosts: Sequence[str] = ()
    relays: Relays = field(default_factory=Relays)
    sample: bool = True
    folder: Path = Path("var/live")


class LiveStage:
    """The house of rooms while the server runs; off when its port is taken (by another worker), which the pages then say kindly."""

    def __init__(self, plan: LivePlan, secret: str, clock: Callable[[], datetime]) -> None:
        self._plan, self._clock = plan, clock
        self.gate = Gate(secret)
        self._port: MediaPort | None = None
        self._negotiation: Negotiation | None = None
        self._halls: dict[str, Hall] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        try:
            self._port = MediaPort.open(self._plan.port, self._plan.hosts or own_addresses(), Limits())
        except OSError:
            log.warning("The live part is off in this process: its UDP port %d is taken.", self._plan.port)
            return
        self._negotiation = Negotiation(self._port.house, self.gate, self._plan.relays, self._clock)
        self._tasks["halls"] = asyncio.create_task(self._keep_halls(), name="live halls")

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for hall in self._halls.values():
            await hall.close()
        if self._port is not None:
            await self._port.close()

    @property
    def on(self) -> bool:
        return self._port is not None

    def rooms(self) -> Sequence[str]:
        """What can be watched now, the sample last."""
        live = [name for name, room in self._port.house.rooms.items() if room.live and name != SAMPLE_ROOM] if self._port else []
        return [*sorted(live), *([SAMPLE_ROOM] if self._plan.sample and self.on else [])]

    def hall(self, room: str) -> Hall | None:
        """What stands beside a room; None where the live part is off or nobody has published there."""
        if self._port is None:
            return None
        if room == SAMPLE_ROOM:
            self.begin_sample()
        if room not in self._halls and room in self._port.house.rooms:
            self._halls[room] = Hall(self._port.house, room, self._plan.folder)
        return self._halls.get(room)

    def begin_sample(self) -> None:
        """Draw and play the sample festival from the first time somebody comes to look."""
        task = self._tasks.get("sample")
        if self._plan.sample and self._port is not None and (task is None or task.done()):
            self._tasks["sample"] = asyncio.create_task(self._play_sample(self._port), name="sample festival")

    def answer(self, call: Call) -> Reply:
        """One WHIP or WHEP request."""
        if self._negotiation is None:
            return Reply(503, [("Retry-After", "30")])
        if call.room == SAMPLE_ROOM and call.protocol == "whep" and call.method == "POST":
            self.begin_sample()
        return self._negotiation.answer(call)

    async def _play_sample(self, port: MediaPort) -> None:
        clip = await asyncio.to_thread(make_clip)
        await ClipPlayer(port.house, SAMPLE_ROOM, clip).run()

    async def _keep_halls(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            for hall in list(self._halls.values()):
                await hall.tick()
