"""The one open UDP port; without it nothing would reach the house from outside."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Self

from .batching import fastest_sender
from .forwarding import FanoutSender
from .house import TICK_S, House
from .room import HOLD_S
from .sessions import Limits
from .stun import Address

BUFFER: Final = 8_000_000  # bursts of many viewers must fit; the system may give less
AT_ONCE: Final = 64
LARGEST: Final = 2048
SELDOM_S: Final = 0.1


class OwnLine:
    """A socket of its own for one call."""

    def __init__(self, take: Callable[[bytes, Address], None], flush: Callable[[], None]) -> None:
        self._take, self._flush = take, flush
        self._socket = _bound(0)
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def send(self, datagram: bytes, address: Address) -> None:
        with suppress(OSError):  # full, unreachable or closed
            self._socket.sendto(datagram, address)

    def close(self) -> None:
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            try:
                datagram, address = self._socket.recvfrom(LARGEST)
            except OSError:
                break
            self._take(datagram, address)
        self._flush()


class MediaPort:
    """A non-blocking socket watched by the event loop. A datagram that cannot be sent just now is left to the repair."""

    def __init__(self, sock: socket.socket, sender: FanoutSender | None = None, limits: Limits | None = None) -> None:
        self.socket = sock
        self.unsent = 0
        self.house = House(self.send, time.monotonic, sender, limits)
        self.house.open_line = lambda take: OwnLine(take, self._flush)
        self._ticking: asyncio.Task[None] | None = None
        self._held: asyncio.TimerHandle | None = None

    @classmethod
    def open(cls, port: int, hosts: Sequence[str], limits: Limits | None = None) -> Self:
        """Bind `port` (0: any free one) inside a running loop; viewers are told to come to `hosts`. Raises OSError when it is taken."""
        sock = _bound(port)
        opened = cls(sock, fastest_sender(sock), limits)
        opened.house.addresses = [(host, sock.getsockname()[1]) for host in hosts]
        opened._start()
        return opened

    def send(self, datagram: bytes, address: Address) -> None:
        try:
            self.socket.sendto(datagram, address)
        except OSError:  # full, or the address became unreachable
            self.unsent += 1

    async def close(self) -> None:
        """End every session kindly, then the port."""
        self.house.close()
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        if self._held is not None:
            self._held.cancel()
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(self.socket, self._read)
        self._ticking = loop.create_task(self._tick())

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            try:
                datagram, address = self.socket.recvfrom(LARGEST)
            except (BlockingIOError, ConnectionError):
                break
            self.house.take(datagram, address)
        self._flush()

    def _flush(self) -> None:
        if self.house.flush() and self._held is None:
            self._held = asyncio.get_running_loop().call_later(HOLD_S, self._flush_held)

    def _flush_held(self) -> None:
        self._held = None
        self._flush()

    async def _tick(self) -> None:
        while True:  # noqa: ASYNC110 - this is a clock, there is nothing to be told of
            await asyncio.sleep(TICK_S if self.house.tick() else SELDOM_S)


def _bound(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        sock.setsockopt(socket.SOL_SOCKET, option, BUFFER)
    try:
        sock.bind(("0.0.0.0", port))  # noqa: S104 - the public's port
    except OSError:
        sock.close()
        raise
    return sock


def own_addresses() -> Sequence[str]:
    """This machine's address towards the world, then itself, for trying things out without any setting."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent; the system only says which address it would use
            own = probe.getsockname()[0]
        except OSError:
            own = "127.0.0.1"
    return (own,) if own == "127.0.0.1" else (own, "127.0.0.1")
