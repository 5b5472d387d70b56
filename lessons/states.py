"""Every state machine of classes, seats, draws and helpers: what may follow what; without it a lost seat could be checked in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from .errors import IllegalMove

Moves = Mapping[str, frozenset[str]]


def _moves(**allowed: str) -> Moves:
    return {present: frozenset(after.split()) for present, after in allowed.items()}


class Stateful(Protocol):
    state: str


SESSION: Final = _moves(
    draft="published discarded",  # proposed by a volunteer or staff, not yet shown to residents
    published="drawing cancelled completed",
    drawing="awarded cancelled",
    awarded="completed cancelled",
    completed="",
    cancelled="",
    discarded="",  # never shown, so nobody need be told that it does not take place
)
APPLICATION: Final = _moves(
    submitted="confirmed waitlisted in_draw invited",
    invited="confirmed withdrawn",
    in_draw="won reserve withdrawn",
    waitlisted="confirmed withdrawn lost",
    reserve="confirmed withdrawn lost",
    confirmed="withdrawn",
    won="withdrawn",
    withdrawn="waitlisted",  # an unreachable person is put back at the old place, by staff, once
    lost="",
)
BOOKING: Final = _moves(
    held="confirmed expired declined cancelled_by_staff",
    confirmed="checked_in cancelled_by_learner cancelled_by_staff no_show",
    checked_in="attended",
    no_show="excused",
    attended="",
    excused="",
    expired="",
    declined="",
    cancelled_by_learner="",
    cancelled_by_staff="",
)
WAITING: Final = _moves(
    waiting="offered removed",
    offered="accepted declined expired removed",
    expired="waiting",  # once, at the old place
    accepted="",
    declined="",
    removed="",
)
DRAW: Final = _moves(announced="sealed void", sealed="drawn void", drawn="published", published="", void="")
HELP: Final = _moves(
    open="claimed carried_over abandoned",
    claimed="in_help carried_over abandoned",
    in_help="resolved carried_over abandoned",
    carried_over="claimed abandoned",
    resolved="",
    abandoned="",
)
PRACTICE: Final = _moves(running="done stopped", done="", stopped="")
VOLUNTEER: Final = _moves(
    applied="approved refused left",
    approved="resting left",
    resting="approved left",
    refused="applied left",
    left="",
)
ASSIGNMENT: Final = _moves(
    proposed="published accepted withdrawn",
    published="accepted declined withdrawn",
    accepted="cover_wanted served absent withdrawn",
    cover_wanted="covered accepted served absent withdrawn",  # back to accepted: the helper can come after all
    declined="",
    covered="",
    served="",
    absent="",
    withdrawn="",
)
COVER_REQUEST: Final = _moves(
    open="asking escalated",
    asking="filled escalated withdrawn",
    escalated="filled withdrawn",
    filled="",
    withdrawn="",
)
COVER_ASK: Final = _moves(asked="accepted declined closed", accepted="", declined="", closed="")
ROSTER: Final = _moves(draft="published discarded", published="", discarded="")
MACHINES: Final[Mapping[str, Moves]] = {
    "class": SESSION,
    "application": APPLICATION,
    "booking": BOOKING,
    "place in the queue": WAITING,
    "draw": DRAW,
    "request for help": HELP,
    "practice": PRACTICE,
    "volunteer": VOLUNTEER,
    "assignment": ASSIGNMENT,
    "cover request": COVER_REQUEST,
    "question": COVER_ASK,
    "roster": ROSTER,
}
UNSEEN: Final = ("draft", "discarded")  # classes residents never hear of
SEAT_STATES: Final = ("held", "confirmed", "checked_in", "attended", "no_show", "excused")  # these bookings count in seats_taken
COMING: Final = ("accepted", "served")  # these are counted as helpers of a class
STANDING: Final = ("proposed", "published", "accepted", "cover_wanted")  # these take somebody's time


def move(kind: str, row: Stateful, wanted: str) -> None:
    """Take `row` to the state `wanted`. Raises IllegalMove when that step does not exist."""
    row.state = reached(kind, row.state, wanted)


def reached(kind: str, before: str, wanted: str) -> str:
    """`wanted`, where that step exists. Raises IllegalMove."""
    if wanted not in MACHINES[kind].get(before, frozenset()):
        raise IllegalMove(kind, before, wanted)
    return wanted
