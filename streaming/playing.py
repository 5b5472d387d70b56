"""Plays a prepared clip into a room, over and over; without it the sample festival would need a second program to publish it."""

from __future__ import annotations

import asyncio
from typing import Final

from .answers import Medium
from .house import House
from .matching import PREFERRED, SOUND
from .packets import Arrived
from .reports import Kind, SenderReport
from .room import Room
from .sample import Clip, Piece

RATES: Final[dict[Kind, int]] = {"video": 90_000, "audio": 48_000}


class ClipPlayer:
    """A room's source inside the program. `step` sends what is due; `run` does so until cancelled."""

    def __init__(self, house: House, room_name: str, clip: Clip) -> None:
        self._house, self._clip = house, clip
        self.live = True
        self._next, self._round, self._began = 0, 0, house.clock()
        self._sequence: dict[Kind, int] = {"video": 0, "audio": 0}
        self._room: Room = house.play(room_name, self, {"video": Medium(PREFERRED), "audio": Medium(SOUND)})

    async def run(self) -> None:
        while self.live:  # noqa: ASYNC110 - this is a clock
            await asyncio.sleep(max(0.0, self.step() - self._house.clock()))

    def step(self) -> float:
        """Send everything due now; gives the moment the next piece is due."""
        now = self._house.clock()
        while (due := self._due()) <= now:
            self._send(self._clip.pieces[self._next], due)
            self._next += 1
            if self._next == len(self._clip.pieces):
                self._next, self._round = 0, self._round + 1
        self._room.flush(now)
        return due

    def ask_picture(self, now: float, layer: int = 0) -> None:
        """A clip has a whole picture every second; there is nobody to ask."""

    def ask_missing(self, now: float) -> None:
        """Nothing gets lost inside the program."""

    def report(self, now: float) -> None:
        """Nobody to report to."""

    def clock_of(self, kind: Kind, layer: int = 0) -> tuple[SenderReport, float] | None:
        return None

    def close(self) -> None:
        self.live = False

    def _due(self) -> float:
        return self._began + self._round * self._clip.seconds + self._clip.pieces[self._next].at

    def _send(self, piece: Piece, due: float) -> None:
        timestamp = (piece.timestamp + int(self._round * self._clip.seconds * RATES[piece.kind])) & 0xFFFFFFFF
        for number, payload in enumerate(piece.payloads):
            last = piece.kind == "video" and number == len(piece.payloads) - 1
            self._room.pass_on(piece.kind, Arrived(self._sequence[piece.kind], timestamp, int(last), payload), due)
            self._sequence[piece.kind] = (self._sequence[piece.kind] + 1) & 0xFFFF
