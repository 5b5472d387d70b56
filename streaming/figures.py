"""How each room is doing, in plain numbers; without it the operator would hear of a bad picture by telephone.

Nobody's address or name is in here: a viewer is a number that means nothing elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from .house import House


@dataclass(frozen=True, slots=True)
class ViewerFigures:
    """Of one viewer, by its own reports: loss as a share, times in milliseconds, how often it was repaired or asked for a picture.

    `person` is whom the ticket names, a random word; pages turn it into a seat number.
    """

    seconds: int
    lost: float
    round_trip_ms: int
    jitter_ms: int
    repaired: int
    pictures_asked: int
    person: str = ""


@dataclass(frozen=True, slots=True)
class RoomFigures:
    name: str
    live: bool
    bits_per_s: int
    viewers: tuple[ViewerFigures, ...]


class Meter:
    """Call `read` about once a second: the bit rate is what passed since the last time."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._before: dict[str, tuple[float, int]] = {}

    def read(self) -> tuple[RoomFigures, ...]:
        now = self._house.clock()
        found = tuple(self._of(name, now) for name in sorted(self._house.rooms))
        self._before = {name: (now, self._house.rooms[name].octets) for name in self._house.rooms}
        return found

    def _of(self, name: str, now: float) -> RoomFigures:
        room = self._house.rooms[name]
        at, octets = self._before.get(name, (now, room.octets))
        rate = int(8 * (room.octets - octets) / (now - at)) if now > at else 0
        seats = [viewer for viewer in room.viewers.values() if viewer.peer.keys is not None]
        people = {session.peer: session.ticket.partition(".")[0] for session in self._house.sessions.values() if session.room == name}
        viewers = tuple(
            ViewerFigures(
                int(now - viewer.peer.connected_at),
                round(viewer.reception.fraction_lost, 3),
                round(viewer.reception.round_trip_ms),
                round(viewer.reception.jitter_ms),
                viewer.reception.repaired,
                viewer.reception.pictures_asked,
                people.get(viewer.peer, ""),
            )
            for viewer in seats
        )
        return RoomFigures(name, room.live, rate, viewers)
