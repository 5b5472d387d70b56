"""Networks that lose, delay, reorder, double and break off by dice that always fall alike, and people who live behind them.

Nothing waits for real time: `Land.pass_time` moves the only clock there is.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from pylibsrtp import Error as SrtpError

from streaming import reports
from streaming.stun import Address

from .browsers import DELTA_FRAME, KEY_FRAME, Browser, World

STEP_S = 0.005
CHECK_EVERY_S, ASK_EVERY_S, INSIST_EVERY_S = 2.5, 0.1, 0.25  # as Chromium does
GIVES_UP_S = 1.5  # a picture with a hole older than this is asked for whole
PICTURES_A_S, PACKETS = 30, 3


@dataclass
class Network:
    """One person's way to the server and back. Shares are of all datagrams, times in seconds, each way."""

    seed: int = 1
    loss: float = 0.0
    delay_s: float = 0.04
    jitter_s: float = 0.0
    late: float = 0.0
    late_s: float = 0.06
    doubled: float = 0.0
    broken: bool = False
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def arrivals(self, now: float) -> Sequence[float]:
        """When a datagram sent now comes out at the other end: never, once or twice."""
        lost, late, doubled, jitter = (self.dice.random() for _ in range(4))
        if self.broken or lost < self.loss:
            return ()
        at = now + self.delay_s + jitter * self.jitter_s + (self.late_s if late < self.late else 0.0)
        return (at, at + 0.01) if doubled < self.doubled else (at,)


class Land(World):
    """A world with distances. `people` act by themselves as time passes."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.people: list[Far] = []
        self._ways: dict[Address, Network] = {}
        self._on_the_way: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def pass_time(self, seconds: float, step: float = STEP_S) -> None:
        until = self.seconds + seconds
        while self.seconds < until:
            self.seconds += step
            while self._on_the_way and self._on_the_way[0][0] <= self.seconds:
                heapq.heappop(self._on_the_way)[2]()
            self.house.flush()
            for person in self.people:
                person.act(self.seconds)
            self.house.tick()

    def until(self, happened: Callable[[], bool], patience_s: float) -> float:
        """How long it takes; raises AssertionError when it takes too long."""
        began = self.seconds
        while not happened():
            assert self.seconds - began < patience_s, f"not within {patience_s} s"
            self.pass_time(STEP_S)
        return self.seconds - began

    def carry(self, network: Network, arrive: Callable[[], None]) -> None:
        for at in network.arrivals(self.seconds):
            heapq.heappush(self._on_the_way, (at, next(self._numbers), arrive))

    def settle(self, person: Far) -> None:
        """From now on what is sent to this address travels the person's way."""
        self._ways[person.address] = person.network

    def _send(self, datagram: bytes, address: Address) -> None:
        self.carry(self._ways[address], lambda: super(Land, self)._send(datagram, address))


class Far(Browser):
    """A browser at the end of a network."""

    def __init__(self, land: Land, network: Network, **options: object) -> None:
        super().__init__(land, **options)
        self.land, self.network, self.present = land, network, True
        self._checked = self._insisted = 0.0
        land.settle(self)
        land.people.append(self)

    @property
    def connected(self) -> bool:
        return self.handshake is not None and self.handshake.keys is not None

    def connect(self, patience_s: float = 20.0) -> float:
        """The seconds it took."""
        self.begin()
        return self.land.until(lambda: self.connected, patience_s)

    def send(self, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self.land.carry(self.network, lambda one=datagram, place=self.address: self.land.house.take(one, place))

    def vanish(self) -> None:
        """Without a word: a battery, a lift, a tunnel."""
        self.present, self.network.broken = False, True

    def move(self, address: Address) -> None:
        """Another network: it notices nothing itself; its next check comes from there."""
        self.address = address
        self.land.settle(self)

    def act(self, now: float) -> None:
        if not self.present or self.handshake is None:
            return
        self.listen()
        if now - self._checked > (CHECK_EVERY_S if self.connected else INSIST_EVERY_S):
            self._checked = now
            self.check()
        if not self.connected and now - self._insisted > INSIST_EVERY_S:
            self._insisted = now
            self.send(*self.handshake.again())

    def _take(self, datagram: bytes) -> None:
        if not self.connected:  # media overtook the end of the handshake
            return
        try:
            super()._take(datagram)
        except SrtpError:  # the network doubled it
            return


class Camera(Far):
    """Publishes 30 pictures a second of three packets, whole ones only when asked for, and sends again what is missed."""

    def __init__(self, land: Land, network: Network, **options: object) -> None:
        super().__init__(land, network, act="publish", **{"address": ("198.51.100.1", 4000), **options})
        self.made: list[bytes] = []
        self.on_air = True
        self._sent: dict[int, tuple[bytes, int, int]] = {}
        self._pictures, self._began, self._whole = 0, 0.0, True

    def act(self, now: float) -> None:
        super().act(now)
        if not self.present or not self.connected:
            return
        self._began = self._began or now
        self._answer()
        while self.on_air and now - self._began >= self._pictures / PICTURES_A_S:
            self._picture()

    def _picture(self) -> None:
        start = KEY_FRAME if self._whole else DELTA_FRAME
        for part in range(PACKETS):
            payload = (start if part == 0 else b"\x00\x02") + len(self.made).to_bytes(4, "big")
            self.made.append(payload)
            number, marker, timestamp = len(self.made) & 0xFFFF, int(part == PACKETS - 1), self._pictures * 3000
            self._sent[number] = payload, timestamp, marker
            self.publish(payload, timestamp, sequence=number, marker=marker)
        self._pictures, self._whole = self._pictures + 1, False

    def _answer(self) -> None:
        missing, self.heard.missing = self.heard.missing, []
        self._whole, self.heard.picture_wanted = self._whole or bool(self.heard.picture_wanted), []
        for _, number in missing:
            if number in self._sent:
                payload, timestamp, marker = self._sent[number]
                self.publish(payload, timestamp, sequence=number, marker=marker)


class Watcher(Far):
    """Asks for what it misses as browsers do, and notes how long each hole stayed open."""

    def __init__(self, land: Land, network: Network, asks: bool = True, **options: object) -> None:
        super().__init__(land, network, **options)
        self.asks = asks
        self.holes: dict[int, float] = {}
        self.mended: list[float] = []
        self.last_at = 0.0
        self.sees = False  # something whole has come
        self._highest: int | None = None
        self._asked: dict[int, float] = {}
        self._whole_asked = 0.0

    @property
    def worst_s(self) -> float:
        return max(self.mended, default=0.0)

    def act(self, now: float) -> None:
        super().act(now)
        if not (self.asks and self.present and self.order):
            return
        oldest = min(self.holes.values(), default=now) if self.sees else 0.0
        if now - oldest > GIVES_UP_S and now - self._whole_asked > GIVES_UP_S / 3:
            self._whole_asked = now
            self.report(reports.picture_loss(5, self.order[0][0]))
        due = [number for number in self.holes if now - self._asked.get(number, 0.0) >= ASK_EVERY_S]
        if due:
            self._asked.update(dict.fromkeys(due, now))
            self.report(reports.nack(5, self.order[0][0], [number & 0xFFFF for number in due]))

    def _take(self, datagram: bytes) -> None:
        before = len(self.order)
        super()._take(datagram)
        if len(self.order) > before:
            self._note(self.order[-1], self.land.seconds)

    def _note(self, key: tuple[int, int], now: float) -> None:
        self.last_at = now
        if self._highest is None:
            self._highest = key[1] - 1
        number = self._highest + ((key[1] - self._highest + 0x8000) & 0xFFFF) - 0x8000
        self.holes.update((one, now) for one in range(self._highest + 1, number))
        self._highest = max(self._highest, number)
        if number in self.holes:
            self.mended.append(now - self.holes.pop(number))
        if self.got[key].startswith(KEY_FRAME):
            self.sees = True  # what was before is needed no more
            for old in [one for one in self.holes if one < number]:
                self.mended.append(now - self.holes.pop(old))
