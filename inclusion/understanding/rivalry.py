"""Weighs a thing that was named against a question about something else; without it 盗まれた自転車 would get a fee."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from .faqs import Guess
from .settling import UNCERTAIN, only_by_sound
from .things import Describing, Thing

ABOUT_SIZES = ("f.size_max", "f.definition")
ABOUT_FEES = ("f.fees", "f.ticket_kind")  # of a thing that was named, its own fee and tickets are the answer
OCCASIONS = ("f.moving", "f.estate")  # why a thing is thrown away changes nothing of its fee
FAQ_OVER_WEAK = 0.36
FAQ_OVER_THING = 0.42
FAQ_BY_TOPIC = 0.36
AHEAD = 0.35
AHEAD_BY_TOPIC = 0.25
THING_ANYWAY = 0.3
OVER_SIZES = 0.3
OVER_COUNTS = 0.15
CLOSE = 0.34
Winner = Literal["faq", "close", "thing"]


def rivalry(guess: Guess, things: Sequence[Thing], describing: Describing) -> Winner:
    """Whether the FAQ is meant, the thing, or which of the two cannot be told; then the thing is only put as a question."""
    if guess.id in ABOUT_SIZES and any(thing.sizes and describing.group_of(thing.target) for thing in things):
        return "thing"
    if guess.id in ABOUT_FEES and not all(thing.mention.how in UNCERTAIN for thing in things):
        return "thing"
    ahead = guess.score - guess.thing
    if all(only_by_sound(thing) for thing in things):
        return "faq" if guess.score >= FAQ_OVER_WEAK and ahead > 0 else "thing"
    more = OVER_SIZES if any(thing.sizes for thing in things) else OVER_COUNTS if any(thing.pieces for thing in things) else 0.0
    if guess.over_things and guess.score >= FAQ_BY_TOPIC + more and ahead >= AHEAD_BY_TOPIC:
        return "faq"
    if guess.score >= FAQ_OVER_THING + more and ahead >= AHEAD and guess.thing < THING_ANYWAY:
        return "faq"
    return "close" if guess.score >= CLOSE + more and ahead > 0 else "thing"


def told_of(families: Collection[str], whole: Guess) -> bool:
    """Whether the whole sentence is rather what people say of one of these things than a question."""
    return whole.thing > whole.score and bool(whole.told) and whole.told[0][0] in families
