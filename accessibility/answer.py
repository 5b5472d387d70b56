"""What we say to a resident, before any channel or preference shapes it.

Every value here is frozen and knows no channel: a skill makes an `Answer`, `rendering.render` turns it into a `Rendered`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from types import MappingProxyType
from typing import Any, Literal, Self

Action = Literal["answer", "confirm", "clarify", "policy", "faq", "refuse", "lesson", "live", "settings"]

NO_COUNTS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `checked_on` is an ISO day or month; `verified` is False until the office compared it."""

    title: str
    url: str = ""
    checked_on: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A large button: `label` is read (at most 20 characters), `says` is what pressing it says for the resident."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Link:
    """`microphone`: the page wants microphone or camera, which the browser inside a chat app may not lend it."""

    label: str
    url: str
    microphone: bool = False


@dataclass(frozen=True, slots=True)
class Phone:
    """A number a person can call, with the hours as one readable phrase ("" when not known)."""

    label: str
    number: str
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """One line of the bill. `units` are fee units charged: twelve cushions at five a unit are three units."""

    item_id: str
    said: str
    official_name: str
    pieces: int
    units: int
    unit_yen: int | None

    @property
    def yen(self) -> int | None:
        """Whole yen for this line, None when the fee is not known."""
        return None if self.unit_yen is None else self.unit_yen * self.units


@dataclass(frozen=True, slots=True)
class Tickets:
    """How many of one kind of ticket to buy."""

    name: str
    yen: int
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete reply. `headline` alone must already be a right and useful answer; `details` are further short lines."""

    action: Action
    headline: str
    ids: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    fees: tuple[Fee, ...] = ()
    tickets: tuple[Tickets, ...] = ()
    total_yen: int | None = None
    counts: Mapping[str, int] = field(default_factory=lambda: NO_COUNTS)
    choices: tuple[Choice, ...] = ()
    phones: tuple[Phone, ...] = ()
    links: tuple[Link, ...] = ()
    sources: tuple[Source, ...] = ()
    confidence: float = 1.0
    language: str = "ja"

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, for keeping the last answer of a conversation."""
        stored = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: _plain(value) for name, value in stored.items()}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The answer that `as_dict` stored. Fields this version does not know are left out."""
        known = {one.name for one in fields(cls)}
        values = {name: _revived(name, value) for name, value in stored.items() if name in known}
        return cls(**values)


PARTS: Mapping[str, type[Any]] = MappingProxyType(
    {"fees": Fee, "tickets": Tickets, "choices": Choice, "phones": Phone, "links": Link, "sources": Source}
)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [asdict(part) if is_dataclass(part) and not isinstance(part, type) else part for part in value]
    return dict(value) if isinstance(value, Mapping) else value


def _revived(name: str, value: Any) -> Any:
    if name in PARTS:
        return tuple(PARTS[name](**part) for part in value)
    return tuple(value) if isinstance(value, list) else value
