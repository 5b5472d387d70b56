"""Listens to a room and passes on what goes through it to a process of its own, where files are written and words are heard.

Without it a slow disk or a slow recogniser would hold up a festival: here a packet is copied into a pipe, and dropped when that is full.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from . import telegraph
from .packets import Outgoing
from .reports import Kind
from .room import Room
from .telegraph import Sound

MOST_WAITING: Final = 8_000_000  # bytes in the pipe: half a minute of a good picture
END_S: Final = 20.0  # a busy machine is waited for; after that the process is killed
HeardSound = Callable[[Sound], None]


class Scribe:
    """One process beside one room. Call from the event loop."""

    def __init__(self, room: Room, on_sound: HeardSound | None = None, wall: Callable[[], float] = time.time) -> None:
        self._room, self._on_sound, self._wall = room, on_sound, wall
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ended: dict[str, asyncio.Event] = {}
        self.dropped = 0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "streaming.scribe_worker", stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
        )
        self._tell({"codecs": {kind: codec.name for kind, codec in self._room.codecs.items()}, "listen": self._on_sound is not None})
        self._reading = asyncio.create_task(self._read(self._process), name="a room's scribe")
        self._room.listeners.add(self._take)

    def prepare_hls(self, folder: Path) -> None:
        """Empty the folder: an older run's files must not be taken for this one's."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def write_hls(self, folder: Path) -> None:
        """Begin a playlist in `folder`."""
        self._tell({"hls": str(folder), "secret": secrets.token_hex(8)})

    def record(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._tell({"record": str(file)})

    async def end(self, what: str) -> bool:
        """Finish "hls" or "record"; True once its file is whole, False when the process does not say so in time."""
        done = self._ended[what] = asyncio.Event()
        self._tell({"stop": what})
        try:
            await asyncio.wait_for(done.wait(), END_S)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Finish everything and end the process."""
        self._room.listeners.discard(self._take)
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), END_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)

    def _take(self, kind: Kind, packet: Outgoing) -> None:
        pipe = self._process.stdin if self._process else None
        if pipe is None or pipe.is_closing():
            return
        if pipe.transport.get_write_buffer_size() > MOST_WAITING:
            self.dropped += 1
            return
        pipe.write(telegraph.of_packet(kind, packet, self._wall()))

    def _tell(self, words: Mapping[str, Any]) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(telegraph.of_words(words))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        pipe = process.stdout
        assert pipe is not None  # noqa: S101 - made as a pipe above
        try:
            while True:
                sign, size = telegraph.size_of(await pipe.readexactly(telegraph.HEAD_SIZE))
                self._hear(telegraph.meaning(sign, await pipe.readexactly(size)))
        except asyncio.IncompleteReadError:
            return

    def _hear(self, said: object) -> None:
        if isinstance(said, Sound) and self._on_sound is not None:
            self._on_sound(said)
        elif isinstance(said, Mapping) and "ended" in said:
            self._ended.pop(said["ended"], asyncio.Event()).set()
