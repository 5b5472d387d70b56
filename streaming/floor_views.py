"""What each person is shown of a room; without it a page would have to be trusted with everybody's business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .admission import Act
from .floor import Floor, Seat
from .questions import Question

Pass = Callable[[str, Act, Seat], str]
"""A ticket for a side room: room, act, for whom. The same one each time, so that nothing is negotiated anew without need."""


def side_room(room: str, seat: Seat, screen: bool = False) -> str:
    """Where a person's own voice and picture (or screen) goes. No page hands out tickets for such a room."""
    return f"{room}.{2 * seat.number + screen}"


def view(room: str, floor: Floor, seat: Seat, issue: Pass, now: float) -> Mapping[str, Any]:
    """For one person, in plain JSON values."""
    hands = floor.hands()
    shown = {
        "mode": floor.mode,
        "closed": floor.closed,
        "people": floor.people(now),
        "claps": floor.claps,
        "seat": seat.number,
        "hand": seat.hand_at is not None,
        "place": hands.index(seat) + 1 if seat in hands else 0,
        "waiting": len(hands),
        "speaker": floor.speaker.number if floor.speaker else 0,
        "yours": seat is floor.speaker,
        "live": seat.live,
        "agreed": seat.agreed,
        "turns": seat.turns,
        "open_questions": floor.questions.of(seat.number),
        "send": _rights(room, floor, seat, issue),
        "parts": _parts(room, floor, seat, issue),
    }
    return {**shown, **_for_host(floor, now)} if seat.host else shown


def _rights(room: str, floor: Floor, seat: Seat, issue: Pass) -> Mapping[str, str] | None:
    if not floor.may_send(seat):
        return None
    own, screen = side_room(room, seat), side_room(room, seat, screen=True)
    rights = {"room": own, "ticket": issue(own, "publish", seat)}
    return {**rights, "screen_room": screen, "screen_ticket": issue(screen, "publish", seat)} if floor.mode == "pair" else rights


def _parts(room: str, floor: Floor, seat: Seat, issue: Pass) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for other in floor.seen_by(seat):
        for screen in (False, True):
            if other.screen if screen else other.live:
                place = side_room(room, other, screen)
                found.append({"seat": other.number, "screen": screen, "room": place, "ticket": issue(place, "watch", seat)})
    return found


def _for_host(floor: Floor, now: float) -> Mapping[str, Any]:
    return {
        "hands": [{"seat": one.number, "waited_s": int(now - (one.hand_at or now))} for one in floor.hands()],
        "questions": [_question(one) for one in floor.questions],
        "here": [one.number for one in floor.seats.values() if one.here and not one.host],
    }


def _question(one: Question) -> Mapping[str, Any]:
    """`heard`: written down by the ears. `voice`: there is sound to be played."""
    return {"number": one.number, "seat": one.seat, "text": one.text, "heard": one.heard, "voice": bool(one.sound)}
