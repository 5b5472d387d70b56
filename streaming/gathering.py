"""A room's people and their own voices, kept in step; without it somebody who was silenced would go on being heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from .admission import Act, Gate, Ticket
from .floor import Floor, Mode, Seat
from .floor_views import side_room, view
from .house import House

EMPTY_S: Final = 600.0
SIDE_TICKET_LIVES: Final = timedelta(hours=6)


class Ring:
    """One ring of a bell, to be waited for."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def happen(self) -> None:
        self._rung.set()

    async def within(self, seconds: float) -> bool:
        """Whether it comes in that time, or came already."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True


class Bell:
    """Wakes everybody who waits, each time it rings. Take `next`, look at what there is, then wait: nothing falls in between."""

    def __init__(self) -> None:
        self.next = Ring()

    def ring(self) -> None:
        rung, self.next = self.next, Ring()
        rung.happen()


class Gathering:
    """One room's. What changes the floor here also changes who is really heard."""

    def __init__(
        self, house: House, gate: Gate, name: str, now: Callable[[], datetime], mode: Mode = "festival", capacity: int = 0
    ) -> None:
        self.name, self.bell = name, Bell()
        self._house, self._gate, self._now = house, gate, now
        self.floor = Floor(mode, capacity, self.bell.ring)
        self._passes: dict[tuple[str, Act, str], str] = {}

    def sit(self, ticket: Ticket) -> Seat:
        """The seat of whoever holds this ticket. Raises SeatRemoved or HouseFull."""
        return self.floor.sit(ticket.person, ticket.act == "host", self._house.clock())

    def view(self, seat: Seat) -> Mapping[str, Any]:
        return view(self.name, self.floor, seat, self._issue, self._house.clock())

    def thank(self) -> None:
        seat = self.floor.thank()
        if seat is not None and not self.floor.may_send(seat):
            self._stop_sending(seat)

    def stop(self, seat: Seat) -> None:
        """The person ends his own turn, or stops showing himself."""
        if seat is self.floor.speaker:
            self.thank()
        seat.live = False
        self._stop_sending(seat)
        self.floor.changed()

    def silence(self, number: int) -> None:
        self._stop_sending(self.floor.silence(number))

    def remove(self, number: int) -> None:
        seat = self.floor.remove(number)
        self._stop_sending(seat)
        self._house.send_away(seat.person)

    def turn_away(self, person: str) -> None:
        """Whoever came in by a ticket that was taken back is out; nothing happens where nobody did."""
        seat = self.floor.seats.get(person)
        if seat is not None:
            self.remove(seat.number)

    def close(self) -> None:
        """The event is over for everybody, also for who publishes."""
        for seat in list(self.floor.seats.values()):
            self._stop_sending(seat)
        self.floor.close()
        self._house.clear(self.name)

    @property
    def empty(self) -> bool:
        """Whether nobody has been here for a while and nobody sends anything."""
        now, floor = self._house.clock(), self.floor
        gone = all(not seat.here and now - seat.last_here > EMPTY_S for seat in floor.seats.values())
        return gone and not any(name.partition(".")[0] == self.name and room.live for name, room in self._house.rooms.items())

    def tick(self) -> None:
        self.floor.tick(self._house.clock())

    def _stop_sending(self, seat: Seat) -> None:
        for screen in (False, True):
            place = side_room(self.name, seat, screen)
            token = self._passes.pop((place, "publish", seat.person), None)
            if token is not None:
                self._gate.revoke_token(token)
            self._house.clear(place)

    def _issue(self, room: str, act: Act, seat: Seat) -> str:
        key = room, act, seat.person
        if key not in self._passes:
            self._passes[key] = self._gate.issue(room, act, self._now(), SIDE_TICKET_LIVES, seat.person)
        return self._passes[key]
