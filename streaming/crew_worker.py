"""One of the processes that serve viewers where one core is not enough; it fetches a room once, however many watch here.

Reads JSON lines from standard input and writes JSON lines to standard output (see crew.py); ends when its house does.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import astuple
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any, Final

from .admission import Gate
from .errors import OfferUnusable, StreamingError
from .feeding import Feed, feed
from .figures import Meter
from .negotiation import Call, Negotiation, Reply
from .port import MediaPort
from .sessions import Limits
from .turn import Relays

LONGEST_LINE: Final = 1 << 20
LOOK_S: Final = 0.5
TELL_S: Final = 1.0
EMPTY_S: Final = 30.0  # a room nobody watches here any more is fetched this long


class Worker:
    """Answers what the house passes on. `write` sends it a message."""

    def __init__(self, port: MediaPort, gate: Gate, write: Callable[[Mapping[str, Any]], None]) -> None:
        self.house, self._write = port.house, write
        self._negotiation = Negotiation(port.house, gate, Relays(), lambda: datetime.now(UTC))
        self._feeds: dict[str, Feed] = {}
        self._watched: dict[str, float] = {}
        self._wishes: dict[int, asyncio.Future[tuple[str, int]]] = {}
        self._numbers = count(1)
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, message: Mapping[str, Any]) -> None:
        """One message from the house."""
        if "call" in message:
            task = asyncio.create_task(self._answer(message["number"], called(message["call"])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif "fetched" in message:
            self._fetched(message["number"], message["fetched"], message["sizes"])
        elif "away" in message:
            self.house.send_away(message["away"])
        elif "clear" in message:
            self.house.clear(message["clear"])
        elif message.get("sizes") in self._feeds:
            self._feeds[message["sizes"]].close()  # and is fetched anew

    async def keep(self) -> None:
        """Fetch anew what broke off and is still watched; leave what nobody watches."""
        while True:
            await asyncio.sleep(LOOK_S)
            for name, fed in list(self._feeds.items()):
                room = self.house.rooms.get(name)
                if room is not None and room.viewers:
                    self._watched[name] = self.house.clock()
                    if not fed.live:
                        await self._feed(name)
                elif self.house.clock() - self._watched[name] > EMPTY_S:
                    self._feeds.pop(name).end()

    async def tell_figures(self) -> None:
        """How everybody who watches here is doing, once a second, for the house's own page and counts."""
        meter, figures = Meter(self.house), self.house.figures
        while True:
            await asyncio.sleep(TELL_S)
            viewers = {room.name: [astuple(one) for one in room.viewers] for room in meter.read() if room.viewers}
            self._write({"viewers": viewers, "joined": figures.joined, "dropped": figures.dropped})

    async def _answer(self, number: int, call: Call) -> None:
        if call.method == "POST":
            await self._feed(call.room)
        reply = self._negotiation.answer(call)
        self._write({"number": number, "reply": [reply.status, list(reply.headers), reply.body.decode("latin-1")]})

    async def _feed(self, room: str) -> None:
        """See that the room is filled here; what cannot be had is answered as a room without a publisher."""
        async with self._one_at_a_time[room]:
            fed = self._feeds.get(room)
            if fed is not None and fed.live:
                return
            if fed is not None:
                fed.end()
            try:
                self._feeds[room] = await feed(self.house, room, partial(self._wish, room))
                self._watched[room] = self.house.clock()
            except (OSError, StreamingError):
                return

    async def _wish(self, room: str, offer: str, size: int) -> tuple[str, int]:
        number = next(self._numbers)
        wish = self._wishes[number] = asyncio.get_running_loop().create_future()
        self._write({"number": number, "wish": [room, offer, size]})
        try:
            answer, sizes = await wish
            return answer, sizes
        finally:
            del self._wishes[number]

    def _fetched(self, number: int, answer: str, sizes: int) -> None:
        wish = self._wishes.get(number)
        if wish is None or wish.done():
            return
        if answer:
            wish.set_result((answer, sizes))
        else:
            wish.set_exception(OfferUnusable("The house does not show it."))


def called(told: list[Any]) -> Call:
    protocol, method, room, session, headers, body = told
    return Call(protocol, method, room, session, headers, body.encode("latin-1"))


def told(call: Call) -> list[Any]:
    return [call.protocol, call.method, call.room, call.session, dict(call.headers), call.body.decode("latin-1")]


def replied(told: list[Any]) -> Reply:
    status, headers, body = told
    return Reply(status, [(name, value) for name, value in headers], body.encode("latin-1"))


async def run(port: int, hosts: list[str], secret: str, sessions: int) -> None:
    """Serve until standard input ends."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader(LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    media = MediaPort.open(port, hosts, Limits(rooms=400, sessions=sessions))

    def write(message: Mapping[str, Any]) -> None:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()

    worker = Worker(media, Gate(secret), write)
    works = [asyncio.create_task(worker.keep()), asyncio.create_task(worker.tell_figures())]
    write({"ready": os.getpid()})
    while line := await reader.readline():
        worker.take(json.loads(line))
    for work in works:
        work.cancel()
    await media.close()


if __name__ == "__main__":
    told_at_start = json.loads(sys.stdin.readline())
    asyncio.run(run(**told_at_start))
