"""The state machines of helpers, their promises and cover; without it a class could count on somebody who said no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Moves = Mapping[str, frozenset[str]]


def moves(**allowed: str) -> Moves:
    return {present: frozenset(after.split()) for present, after in allowed.items()}


VOLUNTEER: Final = moves(
    applied="approved refused left",
    approved="resting left",
    resting="approved left",
    refused="applied",
    left="",
)
ASSIGNMENT: Final = moves(
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
COVER_REQUEST: Final = moves(
    open="asking escalated withdrawn",
    asking="filled escalated withdrawn",
    escalated="filled asking withdrawn",
    filled="",
    withdrawn="",
)
COVER_ASK: Final = moves(asked="accepted declined closed", accepted="", declined="", closed="")
ROSTER: Final = moves(draft="published discarded", published="", discarded="")
HELPER_MACHINES: Final[Mapping[str, Moves]] = {
    "volunteer": VOLUNTEER,
    "assignment": ASSIGNMENT,
    "cover request": COVER_REQUEST,
    "question": COVER_ASK,
    "roster": ROSTER,
}
COMING: Final = ("accepted", "served")  # these are counted as helpers of a class
STANDING: Final = ("proposed", "published", "accepted", "cover_wanted")  # these take somebody's time
