"""What a house keeps of each WHIP or WHEP resource, how many it keeps, and what it counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from .admission import Act, person_of
from .peer import Peer
from .publisher import Publisher


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may be served. Sessions still connecting are counted apart: they are what a flood makes."""

    rooms: int = 50
    sessions: int = 1500
    connecting: int = 200


@dataclass(slots=True)
class Session:
    """One WHIP or WHEP resource. The id is unguessable; `client_ufrag` tells a trickle from a restart."""

    id: str
    room: str
    act: Act
    ticket: str
    peer: Peer
    client_ufrag: str
    tagged: tuple[str, str]
    publisher: Publisher | None = None
    answered: bool = True
    ufrags: list[str] = field(default_factory=list)

    @property
    def person(self) -> str:
        return person_of(self.ticket)


@dataclass(slots=True)
class Figures:
    """What happened so far, for the operator."""

    joined: int = 0
    published: int = 0
    dropped: int = 0
