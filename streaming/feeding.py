"""A room as a process beside the house gets it: a call for each size of its picture; without it nobody there could have a small one.

To the worker's own room all the calls together are one source, as a camera that sends several sizes is (see layers.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from .answers import Medium
from .doors import Door
from .errors import StreamingError
from .handing_over import Received, receive
from .house import House
from .packets import Arrived
from .publisher import Publisher
from .reports import Kind, SenderReport
from .room import Room

Ask = Callable[[str, int], Awaitable[tuple[str, int]]]
"""Passes on an offer for one size of the room; gives the answer and in how many sizes the picture is sent. Raises StreamingError."""


class Feed:
    """A worker's source. The first call brings the sound, too."""

    def __init__(self, house: House, calls: Sequence[Received]) -> None:
        self._house, self._calls, self._room = house, calls, calls[0].stage
        self._sizes = [Publisher(call.peer, call.media, {}, partial(_of_size, self._room, size)) for size, call in enumerate(calls)]
        first = calls[0].media
        layers = tuple(map(str, range(len(calls)))) if len(calls) > 1 else ()
        self._room.take_stage(self, {kind: Medium(one.codec, layers=layers if kind == "video" else ()) for kind, one in first.items()})

    @property
    def live(self) -> bool:
        return all(size.live for size in self._sizes)

    def ask_picture(self, now: float, layer: int = 0) -> None:
        for size in self._sizes[layer : layer + 1]:  # an earlier source's sizes may be more
            size.ask_picture(now)

    def ask_missing(self, now: float) -> None:
        for size in self._sizes:
            size.ask_missing(now)

    def report(self, now: float) -> None:
        for size in self._sizes:
            size.report(now)

    def clock_of(self, kind: Kind, layer: int = 0) -> tuple[SenderReport, float] | None:
        return self._sizes[layer].clock_of(kind) if layer < len(self._sizes) else None

    def close(self) -> None:
        for size in self._sizes:
            size.close()

    def end(self) -> None:
        """Nobody here needs it any more, or one of its calls ended: viewers wait for another a while."""
        for call in self._calls:
            self._house.end(call.session)
        self._room.leave_stage(self, self._house.clock())


async def feed(house: House, room: str, ask: Ask) -> Feed:
    """Fill `room` with every size there is. Raises OSError or StreamingError when it cannot be had."""
    calls: list[Received] = []
    sizes = 1

    async def exchange(_door: Door, offer: str) -> tuple[str, str]:
        nonlocal sizes
        answer, sizes = await ask(offer, len(calls))
        return "", answer

    try:
        while len(calls) < sizes:
            kinds: Sequence[Kind] = ("video",) if calls else ("video", "audio")
            calls.append(await receive(house, room, Door(room, ""), exchange, kinds))
    except (OSError, StreamingError):
        for call in calls:
            house.end(call.session)
        raise
    return Feed(house, calls)


def _of_size(room: Room, size: int, kind: Kind, packet: Arrived, now: float, _layer: int) -> None:
    room.pass_on(kind, packet, now, size if kind == "video" else 0)
