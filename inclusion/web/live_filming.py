"""What is noted while a room is filmed: who had the floor when, and what was said; without it a film would be an hour without a way in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from inclusion.database import Database
from inclusion.live_films import Marks, begin_film, close_unfinished, delete_film, delete_old, end_film, new_film
from streaming import CaptionLog
from streaming.recording import settle


@dataclass(slots=True)
class Filming:
    """One film that is being made. `last` is the newest line noted, `speaker` the seat that has the floor (0: the stage)."""

    number: int
    file: Path
    began: datetime
    last: int
    speaker: int = 0
    chapters: Marks = field(default_factory=list)
    captions: Marks = field(default_factory=list)


class FilmKeeper:
    """Every room's. Writes to the tables in threads; a film is made seekable in a process of its own."""

    def __init__(self, database: Database, folder: Path, keep: timedelta, clock: Callable[[], datetime]) -> None:
        self.folder, self.keep = folder, keep
        self._database, self._clock = database, clock
        self._made: dict[str, Filming] = {}
        self._settling: set[asyncio.Task[None]] = set()

    async def begin(self, room: str, names: Mapping[str, str], by_ticket: bool, agreed: bool, lines: CaptionLog) -> Path:
        """The file to write. Raises live_films.NotAgreed."""
        film = new_film(room, names, by_ticket, self._clock(), self.keep)

        def write() -> int:
            with self._database.writing() as session:
                return begin_film(session, film, agreed).number or 0

        number = await asyncio.to_thread(write)
        filming = Filming(number, self.folder / film.file, film.began_at, lines.newest)
        filming.chapters.append({"start": 0.0, "text": "0"})
        self._made[room] = filming
        return filming.file

    def note(self, room: str, speaker: int, lines: CaptionLog) -> None:
        """Once a second."""
        filming = self._made.get(room)
        if filming is None:
            return
        at, zero = self._clock(), filming.began.timestamp()
        if speaker != filming.speaker:
            filming.speaker = speaker
            filming.chapters.append({"start": round((at - filming.began).total_seconds(), 2), "text": str(speaker)})
        for line in lines.since(filming.last):
            filming.last = line.number
            filming.captions.append({"start": round(line.start - zero, 2), "end": round(line.end - zero, 2), "text": line.text})

    async def end(self, room: str) -> None:
        """The film is whole: it can be watched at once, and is made seekable in the background."""
        filming = self._made.pop(room, None)
        if filming is None:
            return
        captions = [one for one in filming.captions if float(one["end"]) > 0]

        def write() -> None:
            with self._database.writing() as session:
                if filming.file.is_file():
                    end_film(session, filming.number, filming.chapters, captions, self._clock())
                else:
                    delete_film(session, filming.number, self.folder)

        await asyncio.to_thread(write)
        if filming.file.is_file():
            task = asyncio.create_task(settle(filming.file), name="a film")
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)

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
        await asyncio.gather(*self._settling, return_exceptions=True)
