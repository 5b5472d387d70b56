"""How each room is doing, in plain numbers; without it the operator would hear of a bad picture by telephone.

Nobody's address or name is in here: a viewer is a number that means nothing elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .house import House
from .peer import Peer
from .room import Room
from .viewer import Viewer


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
        now, rooms = self._house.clock(), self._house.rooms
        people = {session.peer: session.person for session in self._house.sessions.values()}
        found = tuple(self._of(rooms[name], people, now) for name in sorted(rooms))
        self._before = {name: (now, room.octets) for name, room in rooms.items()}
        return found

    def _of(self, room: Room, people: Mapping[Peer, str], now: float) -> RoomFigures:
        at, octets = self._before.get(room.name, (now, room.octets))
        rate = int(8 * (room.octets - octets) / (now - at)) if now > at else 0
        connected = [viewer for viewer in room.viewers.values() if viewer.peer.keys is not None]
        return RoomFigures(room.name, room.live, rate, tuple(_of_viewer(one, people.get(one.peer, ""), now) for one in connected))


def _of_viewer(viewer: Viewer, person: str, now: float) -> ViewerFigures:
    told = viewer.reception
    return ViewerFigures(
        seconds=int(now - viewer.peer.connected_at),
        lost=round(told.fraction_lost, 3),
        round_trip_ms=round(told.round_trip_ms),
        jitter_ms=round(told.jitter_ms),
        repaired=told.repaired,
        pictures_asked=told.pictures_asked,
        person=person,
    )
