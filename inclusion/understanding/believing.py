"""Weighs what the ears only think they heard; without it a guess of theirs would be answered as if it had been typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from .request import Request
from .talk import Talk

if TYPE_CHECKING:  # the ears bring decoders that nobody needs who only reads
    from accessibility.hearing import Heard

SURE: Final = 0.9  # below, what was heard is put as a question: of 350 things unknown here 2 were above it, of 350 known ones 73 %
FAINT: Final = 0.5  # below, words that mean nothing to us are asked for once more
HARDLY: Final = 0.3  # below, nothing is believed: such words were made up rather than heard
RIVAL: Final = 0.8  # another hearing this near to the best one, and of another meaning, makes it doubtful
MOST_WAYS: Final = 5
URGENT: Final = frozenset({"r.emergency", "r.fraud"})
NOTHING: Final = frozenset({"r.unknown", "r.chitchat", "r.other"})
DOUBTED: Final = ("answer", "policy", "faq")


@dataclass(frozen=True, slots=True)
class Believed:
    """The words to go on with. Not `sure`: ask whether they are meant. Not `clear`: they mean nothing, and may not have been said;
    `drowned` when that is because it was so loud around them."""

    text: str
    sure: bool = True
    clear: bool = True
    drowned: bool = False


def believe(heard: Heard, understand: Callable[[str], Request]) -> Believed:
    """The likeliest hearing that means something here; danger in any likely one comes first."""
    ways = [(one, understand(one.text)) for one in heard.hypotheses[:MOST_WAYS]]
    best = ways[0][0].confidence
    likely = [(one, request) for one, request in ways if one.confidence >= RIVAL * best]
    for one, request in likely:
        if URGENT & set(request.ids):
            return Believed(one.text)
    if best < HARDLY or heard.drowned:
        return Believed(heard.text, sure=False, clear=False, drowned=heard.drowned)
    meant = [(one, request) for one, request in ways if not NOTHING & set(request.ids)]
    if not meant:
        return Believed(heard.text, clear=best >= FAINT)
    one, request = meant[0]
    agreed = all(other.ids == request.ids for rival, other in likely if not NOTHING & set(other.ids))
    return Believed(one.text, sure=one.confidence >= SURE and agreed and one.confidence >= RIVAL * best)


def doubted(request: Request, talk: Talk, before: Talk) -> tuple[Request, Talk]:
    """The same as a yes/no question. What answers such a question is not asked about again, and a question back names the thing itself."""
    if request.action not in DOUBTED or before.confirming:
        return request, talk
    return replace(request, action="confirm", confidence=min(request.confidence, FAINT)), replace(talk, confirming=request.ids)
