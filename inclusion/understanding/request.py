"""What the resident wants, in the town's own ids: the second of the four values that travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from accessibility import Action


@dataclass(frozen=True, slots=True)
class AskedItem:
    """A bulky item whose size class and count are settled. `said` is the resident's own word for it."""

    id: str
    said: str
    pieces: int
    units: int


@dataclass(frozen=True, slots=True)
class Question:
    """What we must still know. `group` is the group asked about, `said` the resident's word, `round` counts askings (1, 2; 3 = table)."""

    group: str
    said: str
    round: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """The outcome of understanding one turn.

    `ids` follow the public contract (item, `n.*`, `b.*`, `f.*`, `r.*`, group or sorting-row ids; `h.*`, `l.*`, `s.*` for things to do).
    `items` are the settled bulky items, in the order they were said; `others` are policy or sorting ids in a mixed answer;
    `unknown` are words for things we do not know; `suggestions` are up to three ids for "did you mean".
    `step` counts the steps of smartphone help from 1; `asked_class` is the kind of waste somebody asks about with yes or no.
    """

    action: Action
    ids: tuple[str, ...]
    items: tuple[AskedItem, ...] = ()
    others: tuple[str, ...] = ()
    question: Question | None = None
    unknown: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    guard: str = ""
    asked_class: str = ""
    step: int = 0
    confidence: float = 1.0
    language: str = "ja"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for keeping the question that the last answer belongs to."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The request that `as_dict` stored. Fields this version does not know are left out."""
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in stored.items() if name in known
        }
        values["items"] = tuple(AskedItem(**item) for item in values.get("items", ()))
        values["question"] = Question(**values["question"]) if values.get("question") else None
        return cls(**values)

    def in_our_words(self) -> Self:
        """The same request without the resident's own words, for another language than theirs."""
        items = tuple(replace(item, said="") for item in self.items)
        return replace(self, items=items, question=replace(self.question, said="") if self.question else None)


def begun(topic: str, confidence: float = 1.0, step: int = 1) -> Request:
    """Help with the telephone, at one step."""
    return Request("faq", (topic,), step=step, confidence=min(1.0, confidence))
