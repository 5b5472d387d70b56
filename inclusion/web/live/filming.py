"""What is noted while a room is filmed: who had the floor when, and what was said; without it a film would be an hour without a way in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from inclusion.database import Database
from inclusion.live.films import FilmUnknown, Marks, begin_film, close_unfinished, delete_film, delete_old, end_film, new_film
from streaming import CaptionLog
from streaming.recording import settle

EARS_NEED_S: Final = 30.0


@dataclass(slots=True)
class Filming:
    """One film that is being made. `last` is the newest line noted, `speaker` the seat that has the floor (0: the stage)."""

    number: int
    file: Path
    began: datetime
    last: int
    lines: CaptionLog
    speaker: int = 0
    chapters: Marks = field(default_factory=list)
    captions: Marks = field(default_factory=list)

    def note_lines(self, until: datetime | None = None) -> bool:
        """What was written since the last time; of what was said after `until` nothing. Returns whether there was any."""
        zero, before = self.began.timestamp(), len(self.captions)
        for line in self.lines.since(self.last):
            self.last = line.number
            if line.end > zero and (until is None or line.start < until.timestamp()):
                self.captions.append({"start": round(line.start - zero, 2), "end": round(line.end - zero, 2), "text": line.text})
        return len(self.captions) > before


class FilmKeeper:
    """Every room's. Writes to the tables in threads; a film is made seekable in a process of its own."""

    def __init__(self, database: Database, folder: Path, keep: timedelta, clock: Callable[[], datetime]) -> None:
        self.folder, self.keep = folder, keep
        self._database, self._clock = database, clock
        self._made: dict[str, Filming] = {}
        self._settling: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Task[None]] = set()

    async def begin(self, room: str, names: Mapping[str, str], by_ticket: bool, agreed: bool, lines: CaptionLog) -> Path:
        """The file to write. Raises inclusion.live.films.NotAgreed."""
        film = new_film(room, names, by_ticket, self._clock(), self.keep)

        def write() -> int:
            with self._database.writing() as session:
                return begin_film(session, film, agreed).number or 0

        number = await asyncio.to_thread(write)
        filming = Filming(number, self.folder / film.file, film.began_at, lines.newest, lines)
        filming.chapters.append({"start": 0.0, "text": "0"})
        self._made[room] = filming
        return filming.file

    def note(self, room: str, speaker: int, lines: CaptionLog) -> None:
        """Once a second."""
        filming = self._made.get(room)
        if filming is None:
            return
        at, filming.lines = self._clock(), lines
        if speaker != filming.speaker:
            filming.speaker = speaker
            filming.chapters.append({"start": round((at - filming.began).total_seconds(), 2), "text": str(speaker)})
        filming.note_lines()

    async def end(self, room: str) -> None:
        """The film is whole: it can be watched at once, and is made seekable in the background."""
        filming = self._made.pop(room, None)
        if filming is None:
            return
        filming.note_lines()
        ended = self._clock()

        def write() -> None:
            with self._database.writing() as session:
                if filming.file.is_file():
                    end_film(session, filming.number, filming.chapters, filming.captions, ended)
                else:
                    delete_film(session, filming.number, self.folder)

        await asyncio.to_thread(write)
        if filming.file.is_file():
            _kept(self._settling, settle(filming.file))
            _kept(self._waiting, self._wait_for_ears(filming, ended))

    async def _wait_for_ears(self, filming: Filming, ended: datetime) -> None:
        """What was said at the end is written down a little later: it belongs to the film, too."""
        await asyncio.sleep(EARS_NEED_S)

        def write() -> None:
            with self._database.writing() as session, suppress(FilmUnknown):
                end_film(session, filming.number, filming.chapters, filming.captions, ended)

        if filming.note_lines(ended):
            await asyncio.to_thread(write)

    def making(self, room: str) -> bool:
        return room in self._made

    def tidy(self, at_start: bool = False) -> None:
        """In a thread: delete what is old; at the start also close what a crash left open."""
        with self._database.writing() as session:
            if at_start:
                close_unfinished(session, self.folder, self._clock())
            delete_old(session, self.folder, self._clock())

    async def close(self) -> None:
        for room in list(self._made):
            await self.end(room)
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._settling, *self._waiting, return_exceptions=True)


def _kept(tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> None:
    """Run `work`, held on to until it is done."""
    task = asyncio.create_task(work, name="a film")
    tasks.add(task)
    task.add_done_callback(tasks.discard)
