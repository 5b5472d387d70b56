"""What a roster is worked out from, as plain values; without it the solver would reach into the database and could not be measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import combinations
from typing import Any, Final

from .travel import SET_UP_MINUTES, UNKNOWN_MINUTES

Pair = tuple[str, str]  # (helper id, lesson id)
FIRST_LANGUAGE: Final = "ja"


@dataclass(frozen=True, slots=True)
class Helper:
    """`past_classes` are those of the last quarter: who did much lately is asked less now."""

    id: str
    skills: frozenset[str]
    languages: frozenset[str] = frozenset({FIRST_LANGUAGE})
    max_minutes_week: int = 240
    max_per_day: int = 2
    past_classes: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """`need` helpers, one of them knowing the course; in another language than the town's also one who speaks it."""

    id: str
    course: str
    series: str
    venue: str
    start: datetime
    end: datetime
    need: int
    language: str = FIRST_LANGUAGE

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def day(self) -> date:
        return self.start.date()

    @property
    def week(self) -> tuple[int, int]:
        return self.start.isocalendar()[:2]


@dataclass(frozen=True, slots=True)
class Fit:
    """That somebody could come: gladly or not, and how far."""

    preferred: bool = False
    travel: int = 0


@dataclass(frozen=True)
class Problem:
    """`blocked` says for every other pair why not. `fixed` pairs stand as they are, `kept` ones too unless cover cannot be had otherwise.

    Times of lessons are in the town's own zone, so that "a day" and "a week" are what people call so.
    """

    lessons: Sequence[Lesson]
    helpers: Sequence[Helper]
    fits: Mapping[Pair, Fit]
    blocked: Mapping[Pair, str] = field(default_factory=dict)
    fixed: frozenset[Pair] = frozenset()
    kept: frozenset[Pair] = frozenset()
    travel: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every pair that may be chosen, in a fixed order."""
        return tuple(sorted(set(self.fits) | self.fixed | self.kept))

    @cached_property
    def lesson_of(self) -> Mapping[str, Lesson]:
        return {one.id: one for one in self.lessons}

    @cached_property
    def helper_of(self) -> Mapping[str, Helper]:
        return {one.id: one for one in self.helpers}

    @cached_property
    def clashing(self) -> frozenset[tuple[str, str]]:
        """Pairs of lessons nobody can do both, in the order of the lessons: they overlap, or the way between them is too long."""
        return frozenset(
            (a.id, b.id) for a, b in combinations(sorted(self.lessons, key=lambda one: (one.start, one.id)), 2) if self.clash(a, b)
        )

    def clash(self, a: Lesson, b: Lesson) -> bool:
        first, second = sorted((a, b), key=lambda one: (one.start, one.id))
        return second.start < first.end + timedelta(minutes=self.way(first.venue, second.venue))

    def way(self, a: str, b: str) -> int:
        """Minutes to be planned between two classes."""
        return 0 if a == b else self.travel.get((a, b), UNKNOWN_MINUTES) + SET_UP_MINUTES

    @cached_property
    def digest(self) -> str:
        """The same for the same inputs: a draft is only published while nothing has changed under it."""
        facts: tuple[Any, ...] = (
            sorted(map(repr, self.lessons)),
            sorted((one.id, sorted(one.skills), sorted(one.languages), one.max_minutes_week, one.max_per_day) for one in self.helpers),
            sorted(self.fits),
            sorted(self.fixed),
            sorted(self.kept),
        )
        return sha256(repr(facts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """The solver's result. `scores` are the goals in their order with what was reached; `gap` is how far from the proven best at most."""

    chosen: frozenset[Pair]
    short: Mapping[str, int]
    unskilled: frozenset[str]
    unspoken: frozenset[str]
    most_classes: int
    scores: Mapping[str, float]
    gap: float
    seconds: float
