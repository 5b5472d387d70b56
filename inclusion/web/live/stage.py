"""The live part while the server runs: its port, its rooms, what stands beside them; without it pages would reach into rooms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from streaming import (
    Call,
    CaptionLog,
    Crew,
    Gate,
    Gathering,
    Hall,
    House,
    Limits,
    MediaPort,
    Meter,
    Mode,
    Reply,
    Seat,
    own_addresses,
)
from streaming.admission import Act, Ticket
from streaming.gathering import Bell
from streaming.sample_host import SampleHost

from .book import LiveBook, RoomPlan
from .captions import CaptionState, RoomCaptions
from .figures import PageFigures
from .filming import FilmKeeper
from .sample import play_sample
from .settings import LivePlan, in_the_open

log = logging.getLogger(__name__)

SAMPLE_ROOM: Final = "sample"
TICK_S: Final = 1.0
ROOMS: Final = 400  # people who speak or show themselves have a room of their own each
ANYBODY: Final[tuple[Act, ...]] = ("watch", "host")


class LiveStage:
    """The house of rooms while the server runs; off when its port is taken (by another worker), which the pages then say kindly."""

    def __init__(
        self, plan: LivePlan, secret: str, clock: Callable[[], datetime], book: LiveBook | None = None, films: FilmKeeper | None = None
    ) -> None:
        self._plan, self._secret, self.now, self.book, self.films = plan, secret, clock, book, films
        self.gate = Gate(secret)
        self.closing = False
        self._port: MediaPort | None = None
        self._crew: Crew | None = None
        self._gatherings: dict[str, Gathering] = {}
        self._halls: dict[str, Hall] = {}
        self._captioners: dict[str, RoomCaptions] = {}
        self._silent, self.relayed = CaptionLog(), bool(plan.relays.urls)  # relayed: pages ask for relays before they make an offer
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sample_host: SampleHost | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._meter: Meter | None = None
        self.figures = PageFigures()

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            self._port = MediaPort.open(self._plan.port, self._plan.hosts or own_addresses(), Limits(rooms=ROOMS))
        except OSError:
            log.warning("The live part is off in this process: its UDP port %d is taken.", self._plan.port)
            return
        self._crew = Crew(self._port.house, self.gate, self._plan.relays, self.now, self._secret, in_the_open)
        self._tasks["workers"] = asyncio.create_task(self._crew.run(self._plan.workers, self._plan.port), name="live workers")
        self._meter = Meter(self._port.house)
        self._tasks["keeping"] = asyncio.create_task(self._keep(), name="live rooms")

    def say_goodbye(self) -> None:
        """The server is about to end: pages that listen are let go now, or it would wait for them. Safe from a signal's handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake_everybody)

    async def stop(self) -> None:
        self._wake_everybody()
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for hall in self._halls.values():
            await hall.close()
        if self.films is not None:
            await self.films.close()
        if self._plan.captions is not None:
            await asyncio.to_thread(self._plan.captions.stop)
        if self._port is not None:
            await self._port.close()

    @property
    def on(self) -> bool:
        return self._port is not None

    @property
    def house(self) -> House | None:
        """For those who bring a source of their own; None where the live part is off."""
        return self._port.house if self._port else None

    def seconds(self) -> float:
        """The clock that rooms count by."""
        return self._port.house.clock() if self._port else 0.0

    def admitted(self, room: str, token: str) -> Ticket:
        """The ticket of a viewer or host. Raises TicketRefused or NotAllowed."""
        return self.gate.admit(token, room, ANYBODY, self.now())

    def rooms(self) -> Sequence[str]:
        """What can be watched now, the sample last. Side rooms have a dot in their name."""
        live = [name for name in self.live_rooms() if in_the_open(name)]
        return [*sorted(set(live) - {SAMPLE_ROOM}), *([SAMPLE_ROOM] if self._plan.sample and self.on else [])]

    def live_rooms(self) -> frozenset[str]:
        """Where there is a picture or a sound now."""
        return frozenset(name for name, room in self._port.house.rooms.items() if room.live) if self._port else frozenset()

    def gatherings(self) -> Mapping[str, Gathering]:
        return self._gatherings

    def follow(self) -> None:
        """The plans were changed elsewhere (help by one person began or ended): the rooms follow at once."""
        if self.book is not None:
            self.book.refresh()
            self.book.changed()

    def plan_of(self, room: str) -> RoomPlan | None:
        return self.book.plans.get(room) if self.book else None

    def programme(self) -> Sequence[RoomPlan]:
        return self.book.programme() if self.book else ()

    def knows(self, room: str) -> bool:
        """Whether there is, or may soon be, something to see there; any other address is a slip of the finger or an old link."""
        expected = self.book is not None and (room in self.book.plans or room in self.book.promised)
        return expected or room in self._gatherings or room in self.live_rooms() or (room == SAMPLE_ROOM and self._plan.sample)

    def gathering(self, room: str, mode: Mode = "festival", capacity: int = 0) -> Gathering | None:
        """The people of a room; begun with whoever comes first. None where the live part is off."""
        if self._port is None:
            return None
        if room not in self._gatherings:
            if len(self._gatherings) >= ROOMS:
                return None
            plan = self.plan_of(room)
            mode, capacity = (plan.mode, plan.capacity) if plan else (mode, capacity)
            self._gatherings[room] = Gathering(self._port.house, self.gate, room, self.now, mode, capacity)
            self._gatherings[room].floor.removed |= {seat for place, seat in self.book.removed if place == room} if self.book else set()
            if room == SAMPLE_ROOM and self._plan.sample:
                self._sample_host = SampleHost(self._gatherings[room].floor)
        return self._gatherings[room]

    def hall(self, room: str) -> Hall | None:
        """What stands beside a room; None where the live part is off or nobody has published there."""
        if self._port is None or "." in room:
            return None
        if room == SAMPLE_ROOM:
            self.begin_sample()
        if room not in self._halls and room in self._port.house.rooms:
            captioner = self._captioner(room)
            self._halls[room] = Hall(self._port.house, room, self._plan.folder, captioner.take if captioner else None)
        return self._halls.get(room)

    async def captions(self, room: str) -> tuple[CaptionLog, CaptionState]:
        """A room's lines, and whether there will be any. The ears begin to listen with the first who wants to read."""
        hall, captioner = self.hall(room), self._captioners.get(room)
        if hall is None or captioner is None:
            return self._silent, CaptionState()
        if not await hall.listen():
            return captioner.lines, CaptionState()
        return captioner.lines, CaptionState(on=True, trial=not self._plan.free_speech)

    def beside(self, room: str) -> Mapping[str, Any]:
        """What everybody in the room should know about what stands beside it."""
        hall = self._halls.get(room)
        return {"recording": bool(hall and hall.recording)}

    async def record(self, room: str) -> None:
        """Begin a film of the stage's own picture and sound, everybody having agreed. People who speak from home are not in it."""
        hall = self.hall(room)
        if hall is not None and not hall.recording and self.films is not None:
            plan, (lines, _) = self.plan_of(room), await self.captions(room)
            file = await self.films.begin(room, plan.names if plan else {}, bool(plan and plan.by_ticket), True, lines)
            if not await hall.record(file):
                await self.films.end(room)
            self._ring(room)

    async def stop_recording(self, room: str) -> None:
        hall = self._halls.get(room)
        if hall is not None:
            await hall.stop_recording()
        if self.films is not None and self.films.making(room):
            await self.films.end(room)
            self._ring(room)

    async def _note_films(self) -> None:
        for room, gathering in self._gatherings.items() if self.films else ():
            speaker, hall, captioner = gathering.floor.speaker, self._halls.get(room), self._captioners.get(room)
            if self.films is not None and self.films.making(room):
                self.films.note(room, speaker.number if speaker and speaker.live else 0, captioner.lines if captioner else self._silent)
                if hall is None or not hall.recording:  # its publisher left: what there is, is the film
                    await self.films.end(room)

    async def close_room(self, room: str) -> None:
        """The event is over: its film is finished, everybody is told."""
        await self.stop_recording(room)
        gathering = self.gathering(room)
        if gathering is not None:
            gathering.close()
        if self.book is not None:
            await asyncio.to_thread(self.book.closed, room)

    async def remove(self, room: str, number: int) -> None:
        """The host sends somebody out, also of the same room after a restart."""
        gathering = self.gathering(room)
        if gathering is not None:
            seat = gathering.floor.seat_of(number)
            gathering.remove(number)
            if self.book is not None:
                await asyncio.to_thread(self.book.remember_removed, room, seat.person)

    def take_back(self, seat: str, until: datetime) -> None:
        """A ticket was revoked: it opens nothing any more, and who came in by it is sent away at once."""
        self.gate.revoke_number(seat, int(until.timestamp()))
        if self._port is not None:
            self._port.house.send_away(seat)
        for gathering in self._gatherings.values():
            gathering.turn_away(seat)

    async def forget(self, room: str) -> None:
        """Everybody has left and nobody is expected: what stood beside the room ends, and its place is free."""
        del self._gatherings[room]
        self.figures.forget(room)
        if room in self._captioners:
            self._captioners.pop(room).close()
        if room in self._halls:
            await self._halls.pop(room).close()

    def _ring(self, room: str) -> None:
        if room in self._gatherings:
            self._gatherings[room].bell.ring()

    def note_figures(self, room: str, seat: Seat, first_picture_ms: int, freezes: int, way: str) -> None:
        """What a page says of its own picture, for the staff page."""
        self.figures.note(room, seat, first_picture_ms, freezes, way)

    def read_figures(self) -> Sequence[Mapping[str, Any]]:
        """Every room and its viewers, in plain JSON values."""
        rooms = self._crew.rooms(self._meter.read()) if self._meter and self._crew else ()
        return [self.figures.of(one, self._gatherings.get(one.name), self.seconds()) for one in rooms]

    def counts(self) -> Mapping[str, int]:
        """For the operator's monitoring."""
        return self._crew.counts() if self._crew else {}

    def begin_sample(self) -> None:
        """Draw and play the sample festival from the first time somebody comes to look."""
        task = self._tasks.get("sample")
        if self._plan.sample and self._port is not None and (task is None or task.done()):
            playing = play_sample(self._port.house, SAMPLE_ROOM, self._plan.voice)
            self._tasks["sample"] = asyncio.create_task(playing, name="sample festival")

    async def answer(self, call: Call) -> Reply:
        """One WHIP or WHEP request."""
        if self._crew is None:
            return Reply(503, [("Retry-After", "30")])
        if call.room == SAMPLE_ROOM and call.protocol == "whep" and call.method == "POST":
            self.begin_sample()
        return await self._crew.answer(call)

    def _captioner(self, room: str) -> RoomCaptions | None:
        desk = self._plan.captions
        if desk is None or not (self._plan.free_speech or room == SAMPLE_ROOM):
            return None
        captioner = self._captioners[room] = RoomCaptions(desk, CaptionLog())
        return captioner

    def _wake_everybody(self) -> None:
        self.closing = True
        bells: list[Bell] = [one.bell for one in self._gatherings.values()]
        for bell in [*bells, *(one.lines.bell for one in self._captioners.values()), self._silent.bell]:
            bell.ring()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            for gathering in list(self._gatherings.values()):
                gathering.tick()
            if self._sample_host is not None:
                self._sample_host.tick(self.seconds())
            for hall in list(self._halls.values()):
                await hall.tick()
            await self._note_films()
