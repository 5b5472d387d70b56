"""The next classes as a talk needs them; without it the bot could only tell people to call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from inclusion.database import Database
from lessons import can_apply, upcoming, wanted_of

SHOWN: Final = 4  # more large buttons than this do not fit on a telephone's screen
LOOKED_AT: Final = 200  # a whole term


@dataclass(frozen=True, slots=True)
class UpcomingClass:
    """`url` is the page where one applies ("" without a public address); `drawn`: who gets a seat is drawn by lot. `wanted` are the
    conditions that will be asked for: they are said before, not only when somebody applies. `course` is what is taught, as its name.
    """

    id: str
    name: str
    start: datetime
    place: str
    url: str
    free: int
    sample: bool
    drawn: bool = False
    wanted: Mapping[str, Any] = field(default_factory=dict)
    course: str = ""

    @property
    def told_later(self) -> bool:
        """Whether one learns only later if one has a seat."""
        return self.drawn or not self.free


@dataclass(frozen=True, slots=True)
class OtherClass:
    """Another class that still has room, offered beside a full one; `says` is what pressing its button says.

    `minutes_away` is the way from the venue of the full one (0: the same), `access` what its venue has (step_free, lift ...).
    """

    name: str
    start: datetime
    place: str
    says: str
    minutes_away: int = 0
    access: tuple[str, ...] = ()


Upcoming = Callable[[datetime], Sequence[UpcomingClass]]


def nothing_planned(_now: datetime) -> Sequence[UpcomingClass]:
    return ()


def next_classes(database: Database, public_url: str, now: datetime) -> Sequence[UpcomingClass]:
    """Classes that take applications now, soonest first; those with a free seat or a draw before the full ones."""
    with database.reading() as session:
        found = [one for one in upcoming(session, now, LOOKED_AT) if can_apply(one.session, now)]
    found.sort(key=lambda one: (one.session.seats_free == 0, one.session.start_date))
    base = public_url.rstrip("/")
    return [
        UpcomingClass(
            one.id,
            one.session.name,
            one.session.start_date,
            f"{one.venue.name} {one.venue.floor}".strip(),
            f"{base}/lessons/{one.id}",
            one.session.seats_free,
            one.session.sample,
            one.session.allocation == "lottery",
            wanted_of(one.session, one.course),
            one.course.name,
        )
        for one in found
    ]
