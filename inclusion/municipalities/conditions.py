"""The small language of sizes in slots.yaml ("<100", "100..150"): one reading of it, for checking and for whoever asks about sizes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from .columns import NUMBER_SLOTS, WORD_SLOTS

WHOLE_SLOTS = ("persons", "dan")
NUMBER = r"(\d+(?:\.\d+)?)"
COMPARISON = re.compile(rf"(<=|<|>=|>){NUMBER}")
RANGE = re.compile(rf"{NUMBER}\.\.(=?){NUMBER}")


@dataclass(frozen=True, slots=True)
class Span:
    """Every number from `low` to `high`; an end belongs to the span only where its `_included` says so."""

    low: float = -math.inf
    high: float = math.inf
    low_included: bool = False
    high_included: bool = False

    def holds(self, number: float) -> bool:
        above = number > self.low or (self.low_included and number == self.low)
        below = number < self.high or (self.high_included and number == self.high)
        return above and below

    def overlaps(self, other: Span) -> bool:
        """Whether some number is in both spans."""
        first, second = sorted((self, other), key=lambda span: (span.low, not span.low_included))
        touching = first.high == second.low and first.high_included and second.low_included
        return first.high > second.low or touching

    def meets(self, following: Span) -> bool:
        """Whether no number lies between this span and the one that follows it."""
        return self.high > following.low or (self.high == following.low and (self.high_included or following.low_included))


def parse_condition(slot: str, text: str) -> Span | str | None:
    """The numbers (or the word) that `slot` must have; None when the text is not a condition for this slot."""
    if slot in WORD_SLOTS:
        return text if text and not re.match(r"[<>=]", text) else None
    if slot not in NUMBER_SLOTS:
        return None
    span = _span(text.replace(" ", ""))
    return _whole(span) if span and slot in WHOLE_SLOTS else span


def _span(text: str) -> Span | None:
    if found := COMPARISON.fullmatch(text):
        limit = float(found[2])
        if found[1].startswith("<"):
            return Span(high=limit, high_included=found[1] == "<=")
        return Span(low=limit, low_included=found[1] == ">=")
    if found := RANGE.fullmatch(text):
        low, high, upper = float(found[1]), float(found[3]), bool(found[2])
        return Span(low, high, low_included=not upper, high_included=upper) if low < high else None
    return None


def _whole(span: Span) -> Span:
    """The same span for things that are counted: `<=1` and `>=2` leave no one out, so both are put as half-open spans of whole numbers."""
    low = span.low if math.isinf(span.low) else math.ceil(span.low) + (not span.low_included and span.low == math.ceil(span.low))
    high = span.high if math.isinf(span.high) else math.floor(span.high) + (span.high_included or span.high != math.floor(span.high))
    return Span(low, high, low_included=not math.isinf(low))
