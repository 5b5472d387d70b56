"""How every room and every viewer is doing, for the staff page: what the server sees beside what the pages say of themselves.

Without it the operator would know the network's view only, and not whether a picture ever came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from streaming import Gathering, RoomFigures, Seat
from streaming.figures import ViewerFigures

WAYS: Final = ("quick", "files")
MOST_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class Told:
    """What one page says: milliseconds to its first picture, how often the picture stood still, and by which way it comes."""

    first_picture_ms: int = 0
    freezes: int = 0
    way: str = ""


@dataclass(slots=True)
class PageFigures:
    """Of every room, by seat number."""

    told: dict[str, dict[int, Told]] = field(default_factory=dict)

    def note(self, room: str, seat: Seat, first_picture_ms: int, freezes: int, way: str) -> None:
        self.told.setdefault(room, {})[seat.number] = Told(first_picture_ms, freezes, way if way in WAYS else "")

    def forget(self, room: str) -> None:
        self.told.pop(room, None)

    def of(self, room: RoomFigures, gathering: Gathering | None, now: float) -> Mapping[str, Any]:
        """One room in plain JSON values. A person is a seat number, 0 for a program without a page."""
        told = self.told.get(room.name, {})
        first = sorted(one.first_picture_ms for one in told.values() if one.first_picture_ms)
        return {
            **asdict(room),
            "viewers": _viewers(room.viewers, told, gathering)[:MOST_SHOWN],
            "first_picture_ms": first[len(first) // 2] if first else 0,
            "freezes": sum(one.freezes for one in told.values()),
            "by_files": sum(one.way == "files" for one in told.values()),
            "people": gathering.floor.people(now) if gathering else 0,
            "joined": gathering.floor.joined if gathering else 0,
        }


def _viewers(viewers: Sequence[ViewerFigures], told: Mapping[int, Told], gathering: Gathering | None) -> Sequence[Mapping[str, Any]]:
    seats = gathering.floor.seats if gathering else {}
    rows: list[Mapping[str, Any]] = []
    seen = set()
    for one in viewers:
        seat = seats[one.person].number if one.person in seats else 0
        seen.add(seat)
        numbers = {name: value for name, value in asdict(one).items() if name != "person"}
        rows.append({"seat": seat, **numbers, **asdict(told.get(seat, Told()))})
    rows += [{"seat": seat, **asdict(one)} for seat, one in told.items() if one.way == "files" and seat not in seen]
    return rows
