"""Spreads viewers over processes where one core is not enough; without it an event ends where one core does.

The house keeps publishers, tickets and everything said in a room; a worker gets each room it shows once, in
every size of its picture, over loopback, encrypted like any viewer's. A worker that dies is replaced; its viewers come back by themselves
and are given to another.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import zlib
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from .admission import Gate
from .crew_worker import LONGEST_LINE, replied, told
from .errors import StreamingError
from .figures import RoomFigures, ViewerFigures
from .house import House, Order
from .negotiation import ACTS, Call, Negotiation, Reply
from .turn import Relays

log = logging.getLogger(__name__)

PATIENCE_S: Final = 10.0
AGAIN_S: Final = 0.5
LONGEST_WAIT_S: Final = 30.0
MARK: Final = "~"  # between a worker's number and its own name for a session


class Hand:
    """One worker as the house sees it."""

    def __init__(self, number: int, wished: Callable[[Hand, Mapping[str, Any]], None]) -> None:
        self.number, self._wished = number, wished
        self.process: Process | None = None
        self.ready = False
        self.viewers: Mapping[str, Sequence[ViewerFigures]] = {}
        self.joined = self.dropped = 0
        self._before = (0, 0)
        self._asked = 0
        self._replies: dict[int, asyncio.Future[list[Any]]] = {}

    def tell(self, message: Mapping[str, Any]) -> None:
        if self.process is not None and self.process.stdin is not None and not self.process.stdin.is_closing():
            self.process.stdin.write(json.dumps(message).encode() + b"\n")

    async def answer(self, call: Call) -> Reply:
        """Raises TimeoutError when it does not answer, or ended before it did."""
        self._asked += 1
        number, reply = self._asked, asyncio.get_running_loop().create_future()
        self._replies[number] = reply
        self.tell({"number": number, "call": told(call)})
        try:
            return replied(await asyncio.wait_for(reply, PATIENCE_S))
        finally:
            self._replies.pop(number, None)

    async def serve(self, settings: Mapping[str, Any]) -> None:
        """Run one process from its start to its end, and take what it says."""
        command = (sys.executable, "-m", "streaming.crew_worker")
        self.process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE)
        self.tell(settings)
        try:
            while self.process.stdout is not None and (line := await self.process.stdout.readline()):
                self._take(json.loads(line))
        finally:
            self.ready, self.viewers, self._before = False, {}, (self.joined, self.dropped)
            for reply in self._replies.values():
                if not reply.done():
                    reply.set_exception(TimeoutError())
            await self._end(self.process)

    def _take(self, message: Mapping[str, Any]) -> None:
        if "ready" in message:
            self.ready = True
        elif "wish" in message:
            self._wished(self, message)
        elif "viewers" in message:
            self._note(message)
        elif (reply := self._replies.get(message["number"])) is not None and not reply.done():
            reply.set_result(message["reply"])

    def _note(self, message: Mapping[str, Any]) -> None:
        """What a worker counted goes on from what those before it counted."""
        self.viewers = {room: [ViewerFigures(*one) for one in rows] for room, rows in message["viewers"].items()}
        self.joined, self.dropped = self._before[0] + message["joined"], self._before[1] + message["dropped"]

    async def _end(self, process: Process) -> None:
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 2)
        except (TimeoutError, asyncio.CancelledError):
            process.kill()
            await process.wait()


class Crew:
    """`answer` in place of the negotiation's own; the same session always goes to the same worker, one ticket as well."""

    def __init__(
        self, house: House, gate: Gate, relays: Relays, now: Callable[[], datetime], secret: str, spread: Callable[[str], bool]
    ) -> None:
        """`spread` says whether a room may be served by workers."""
        self._spread = spread
        self._house, self._gate, self._relays, self._now, self._secret = house, gate, relays, now, secret
        self._own = Negotiation(house, gate, relays, now)
        self.hands: Sequence[Hand] = ()
        self._fed = 0
        house.elsewhere = self._tell_all

    async def run(self, count: int, port: int = 0, sessions: int = 1500) -> None:
        """Keep `count` workers until cancelled, on the ports behind `port`, or on any free ones."""
        self.hands = [Hand(number, self._wished) for number in range(count)]
        hosts = [host for host, _ in self._house.addresses]
        async with asyncio.TaskGroup() as group:
            for hand in self.hands:
                own = port + 1 + hand.number if port else 0
                settings = {"port": own, "hosts": hosts, "secret": self._secret, "sessions": sessions}
                group.create_task(self._keep(hand, settings), name=f"live worker {hand.number}")

    async def answer(self, call: Call) -> Reply:
        """One WHIP or WHEP request, by a worker where it is about watching and there is one."""
        hand = self._hand_for(call)
        if hand is None:
            return self._own.answer(call)
        try:
            reply = await hand.answer(replace(call, session=call.session.partition(MARK)[2]))
        except TimeoutError:
            return Reply(503, [("Retry-After", "1")])
        links = [("Link", server.as_link()) for server in self._relays.for_now(self._now())] if call.method == "POST" else []
        return Reply(reply.status, [*(_marked(pair, hand) for pair in reply.headers), *links], reply.body)

    def rooms(self, own: Sequence[RoomFigures]) -> Sequence[RoomFigures]:
        """The house's own figures with every worker's viewers; the workers themselves, who are fed as viewers are, are none."""
        return [replace(room, viewers=(*_people(room.viewers), *self._elsewhere(room.name))) for room in own]

    def counts(self) -> Mapping[str, int]:
        """Of the house and all workers: rooms, sessions that people have now, and what happened so far."""
        house, fed = self._house, sum(one.ticket.startswith(MARK) for one in self._house.sessions.values())
        watching = sum(len(rows) for hand in self.hands for rows in hand.viewers.values())
        return {
            "rooms": len(house.rooms),
            "sessions": len(house.sessions) - fed + watching,
            "workers": sum(hand.ready for hand in self.hands),
            "viewers_so_far": house.figures.joined - self._fed + sum(hand.joined for hand in self.hands),
            "publishers_so_far": house.figures.published,
            "strangers_so_far": house.figures.dropped + sum(hand.dropped for hand in self.hands),
        }

    def _elsewhere(self, room: str) -> Iterator[ViewerFigures]:
        return (one for hand in self.hands for one in hand.viewers.get(room, ()))

    def _tell_all(self, what: Order, whom: str) -> None:
        for hand in self.hands:
            hand.tell({what: whom})

    def _hand_for(self, call: Call) -> Hand | None:
        """None where the house itself answers: publishers, whoever may not watch, and a room that is not on the air."""
        if call.protocol != "whep" or call.method == "OPTIONS":
            return None
        if call.session:
            number, mark, _ = call.session.partition(MARK)
            known = [hand for hand in self.hands if mark and str(hand.number) == number and hand.ready]
            return known[0] if known else None
        room, ready = self._house.rooms.get(call.room), [hand for hand in self.hands if hand.ready]
        if call.method != "POST" or room is None or not room.live or not ready or not self._spread(call.room):
            return None
        try:
            ticket = self._gate.admit(call.headers.get("authorization", "").partition(" ")[2].strip(), call.room, ACTS["whep"], self._now())
        except StreamingError:
            return None
        return ready[zlib.crc32(ticket.number.encode()) % len(ready)]

    def _wished(self, hand: Hand, message: Mapping[str, Any]) -> None:
        """A worker wants a room in one of its sizes: it is given it as a viewer is, but keeps that size."""
        room, offer, size = message["wish"]
        token = self._gate.issue(room, "watch", self._now(), timedelta(minutes=1), f"{MARK}{hand.number}")
        headers = {"authorization": f"Bearer {token}", "content-type": "application/sdp"}
        reply = self._own.answer(Call("whep", "POST", room, "", headers, offer.encode()))
        given = reply.status == 201
        if given:
            self._fed += 1
            session = self._house.sessions[dict(reply.headers)["Location"].rpartition("/")[2]]
            self._house.rooms[room].hold(session.peer, size)
        sizes = self._house.rooms[room].sizes if given else 1
        hand.tell({"number": message["number"], "fetched": reply.body.decode() if given else "", "sizes": sizes})

    async def _keep(self, hand: Hand, settings: Mapping[str, Any]) -> None:
        wait = AGAIN_S
        while True:
            began = self._house.clock()
            await hand.serve(settings)
            log.warning("A process that serves live viewers ended and is started again.", extra={"worker": hand.number})
            wait = AGAIN_S if self._house.clock() - began > LONGEST_WAIT_S else min(2 * wait, LONGEST_WAIT_S)
            await asyncio.sleep(wait)


def _people(viewers: Sequence[ViewerFigures]) -> Iterator[ViewerFigures]:
    return (one for one in viewers if not one.person.startswith(MARK))


def _marked(pair: tuple[str, str], hand: Hand) -> tuple[str, str]:
    """The place of a session, with the worker that has it."""
    name, value = pair
    if name != "Location":
        return pair
    where, _, session = value.rpartition("/")
    return name, f"{where}/{hand.number}{MARK}{session}"
