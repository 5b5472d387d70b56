"""What stands beside a room while people need it: its files for large audiences, its recording, its listeners.

Without it a scribe would run for rooms nobody watches that way, or be missing where somebody does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from . import hls
from .house import House
from .room import Room
from .scribe import HeardSound, Scribe

log = logging.getLogger(__name__)

UNSEEN_S: Final = 60.0  # files or captions that nobody asked for this long are no longer made
FIRST_FILES_S: Final = 12.0
LOOK_S: Final = 0.1
LONGEST_REST_S: Final = 60.0
WHOLE_EVERY_S: Final = hls.SECONDS - 0.5  # looked at once a second


class Hall:
    """One room's. `playlist` may be asked by everybody at once; the files begin with the first who asks."""

    def __init__(self, house: House, name: str, folder: Path, on_sound: HeardSound | None = None) -> None:
        self.name = name
        self._house, self._folder, self._on_sound = house, folder, on_sound
        self._scribe: Scribe | None = None
        self._room: Room | None = None
        self._codecs: dict[str, str] = {}
        self._hls = False
        self._recording: Path | None = None
        self._seen = self._listened = self._began = self._not_before = 0.0
        self._failures = 0
        self._one_at_a_time = asyncio.Lock()

    @property
    def recording(self) -> bool:
        return self._recording is not None

    @property
    def files(self) -> Path:
        return self._folder / "hls" / self.name

    async def playlist(self) -> str | None:
        """The playlist's text, None while nobody publishes or its first files are not there yet."""
        self._seen = self._house.clock()
        if not await self._with_scribe(self._begin_hls):
            return None
        until = self._house.clock() + FIRST_FILES_S
        file = self.files / hls.PLAYLIST
        while not file.exists() and self._house.clock() < until:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(LOOK_S)
        return file.read_text(encoding="ascii") if file.exists() else None

    def part(self, name: str) -> Path | None:
        """One of the files the playlist names. A name that could not be one of ours is never looked for."""
        file = self.files / name
        return file if hls.PART.fullmatch(name) and file.is_file() else None

    async def listen(self) -> bool:
        """Hand the sound to `on_sound` while somebody keeps asking; False while nobody publishes."""
        self.still_listening()
        return await self._with_scribe(_nothing)

    def still_listening(self) -> None:
        """Somebody reads what is heard: said from time to time, at least once in UNSEEN_S."""
        self._listened = self._house.clock()

    async def record(self, file: Path) -> bool:
        async def begin(scribe: Scribe) -> None:
            if self._recording is None:
                scribe.record(file)
                self._recording = file
                self._refresh(0.0)

        return await self._with_scribe(begin)

    async def stop_recording(self) -> None:
        if self._scribe is not None and self._recording is not None:
            self._recording = None
            await self._scribe.end("record")

    async def tick(self) -> None:
        """Once a second: begin anew after a change of publisher, end what nobody looks at."""
        if self._scribe is None or self._one_at_a_time.locked():
            return
        async with self._one_at_a_time:
            await self._tidy(self._scribe)

    async def close(self) -> None:
        scribe, self._scribe, self._hls, self._recording = self._scribe, None, False, None
        if scribe is not None:
            await scribe.close()

    async def _tidy(self, scribe: Scribe) -> None:
        room = self._house.rooms.get(self.name)
        if not scribe.running:
            await self._rest()
        elif (
            room is None
            or room is not self._room
            or self._changed(room)
            or not self._wanted(self._hls and self._house.clock() - self._seen <= UNSEEN_S)
        ):
            await self.close()
        elif self._hls and self._house.clock() - self._seen > UNSEEN_S:
            self._hls = False
            if not await scribe.end("hls"):
                await self.close()
        elif self._hls:
            self._refresh(WHOLE_EVERY_S)

    def _wanted(self, watched: bool) -> bool:
        """Whether anybody still watches the files, is filmed, or reads what is heard."""
        read = self._on_sound is not None and self._house.clock() - self._listened <= UNSEEN_S
        return watched or self.recording or read

    async def _rest(self) -> None:
        """The process ended by itself: the next one is started after a pause, longer each time, so that a broken one costs little."""
        lived = self._house.clock() - self._began
        self._failures = 1 if lived > LONGEST_REST_S else self._failures + 1
        self._not_before = self._house.clock() + min(2.0**self._failures, LONGEST_REST_S)
        log.warning("The process beside a live room ended unexpectedly.", extra={"failures": self._failures})
        await self.close()

    async def _begin_hls(self, scribe: Scribe) -> None:
        if not self._hls:
            await asyncio.to_thread(scribe.prepare_hls, self.files)
            scribe.write_hls(self.files)
            self._hls = True
            self._refresh(0.0)

    def _refresh(self, older_than_s: float) -> None:
        """A camera in a browser sends a whole picture only when asked: the files would begin and be cut a minute apart."""
        if self._room is not None:
            self._room.refresh_picture(self._house.clock(), older_than_s)

    async def _with_scribe(self, work: Callable[[Scribe], Awaitable[None]]) -> bool:
        async with self._one_at_a_time:
            room = self._house.rooms.get(self.name)
            if room is None or not room.live:
                return False
            if self._scribe is not None and not self._scribe.running:
                await self._rest()
            elif self._scribe is not None and (room is not self._room or self._changed(room)):
                await self.close()
            if self._scribe is None:
                if self._house.clock() < self._not_before:
                    return False
                self._room, self._codecs = room, _names(room)
                self._scribe = await self._started(room)
            await work(self._scribe)
            return True

    async def _started(self, room: Room) -> Scribe:
        """One that runs. Nobody else sees it before it does: a slow start must not be taken for a dead process and doubled."""
        scribe = Scribe(room, self._on_sound)
        await scribe.start()
        self._began = self._house.clock()
        log.info("A process began beside a live room.")
        return scribe

    def _changed(self, room: Room) -> bool:
        return _names(room) != self._codecs


def _names(room: Room) -> dict[str, str]:
    return {kind: codec.name for kind, codec in room.codecs.items()}


async def _nothing(_scribe: Scribe) -> None:
    return None
