"""What a conversation remembers between turns: the basket, the open question and its topic; never who is speaking."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from .request import AskedItem, Question, Request

EXPIRES_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item whose size class is still open: the group, the resident's word, how many, and what is already known of it."""

    group: str
    said: str
    pieces: int | None
    slots: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Following:
    """What we explain step by step (`h.*`), and the step we are at."""

    topic: str
    step: int = 1


@dataclass(frozen=True, slots=True)
class Talk:
    """Frozen conversation state; `as_dict` and `from_dict` go through JSON unchanged.

    `confirming` are ids put as a yes/no question, `offered` what else may have been meant, `earlier` are the things of
    turns before, which a new thing put aside. `measured` are the sizes and kinds said of the last thing, so that one may be corrected.
    """

    basket: tuple[AskedItem, ...] = ()
    waiting: tuple[WaitingItem, ...] = ()
    question: Question | None = None
    topic: tuple[str, ...] = ()
    confirming: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    earlier: tuple[AskedItem, ...] = ()
    measured: dict[str, str | float] = field(default_factory=dict)
    following: Following | None = None
    language: str = "ja"
    last_at: datetime | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules (not collected, not bulky) of the topic, without its FAQ."""
        return tuple(entry for entry in self.topic if not entry.startswith("f."))

    def fresh_at(self, now: datetime) -> Self:
        """This talk, or an empty one when nothing was said for ten minutes."""
        if self.last_at is not None and now - self.last_at > EXPIRES_AFTER:
            return type(self)(last_at=now)
        return replace(self, last_at=now)

    def as_dict(self) -> dict[str, Any]:
        stored = asdict(self)
        stored["last_at"] = self.last_at.isoformat() if self.last_at else None
        return stored

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        return cls(
            basket=tuple(AskedItem(**item) for item in stored.get("basket", ())),
            waiting=tuple(WaitingItem(**item) for item in stored.get("waiting", ())),
            question=Question(**stored["question"]) if stored.get("question") else None,
            topic=tuple(stored.get("topic", ())),
            confirming=tuple(stored.get("confirming", ())),
            offered=tuple(stored.get("offered", ())),
            earlier=tuple(AskedItem(**item) for item in stored.get("earlier", ())),
            measured=dict(stored.get("measured") or {}),
            following=Following(**stored["following"]) if stored.get("following") else None,
            language=stored.get("language", "ja"),
            last_at=datetime.fromisoformat(stored["last_at"]) if stored.get("last_at") else None,
        )


def started_over(talk: Talk) -> tuple[Request, Talk]:
    """Nothing that was said holds any more; only the language and the clock stay."""
    return Request("settings", ("s.start_over",)), Talk(language=talk.language, last_at=talk.last_at)
