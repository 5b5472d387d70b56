"""The side that calls: checks the way, begins the handshake; without it we could be called but never hand a room on."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from . import stun
from .handshake import Handshake, Identity
from .offers import Offer
from .peer import Peer, Send
from .stun import Address


class Line(Protocol):
    """A port of its own for one call: two calls to the same server could not be told apart on a shared one."""

    @property
    def port(self) -> int: ...
    def send(self, datagram: bytes, address: Address) -> None: ...
    def close(self) -> None: ...


OpenLine = Callable[[Callable[[bytes, Address], None]], Line]
"""Opens a line; what arrives on it goes to the given function. Raises OSError."""


def no_line(take: Callable[[bytes, Address], None]) -> Line:
    raise OSError("This house has no port from which it could call.")


class CallingPeer(Peer):
    """A peer whose description we wait for. Once it is there, checks go out every second: first to find the way, then to keep it."""

    def __init__(self, identity: Identity, send: Send, line: Line | None, now: float) -> None:
        super().__init__(identity, "", line.send if line else send, now)
        self.line = line
        self.places: Sequence[Address] = ()
        self._username = self._theirs = ""
        self._asked = b""
        self._begun = False

    def answered(self, answer: Offer, places: Sequence[Address]) -> None:
        """The other side described itself and is at one of `places`."""
        self.places, self._username, self._theirs = places, f"{answer.ufrag}:{self.ufrag}", answer.password
        self._begun = answer.setup == "active"  # then it begins
        self._handshake = Handshake(self._identity.context, answer.fingerprint, as_client=not self._begun)
        self._check()

    def known_places(self) -> Sequence[Address]:
        return [*super().known_places(), *self.places]

    def take_answer(self, datagram: bytes, address: Address, now: float) -> None:
        if not self._asked or not stun.is_success(datagram, self._asked, self._theirs):
            return
        self.heard = now
        self.address = self.address or address
        if not self._begun and self._handshake is not None:
            self._begun = True
            self._fly(self._handshake.begin(), now)

    def tick(self, now: float) -> None:
        super().tick(now)
        if not self.closed:
            self._check()

    def close(self) -> None:
        super().close()
        if self.line is not None:
            self.line.close()

    def _check(self) -> None:
        self._asked = secrets.token_bytes(12)
        for place in [self.address] if self.address else self.places:
            self._send(stun.controlling(self._asked, self._username, self._theirs), place)


def places_in(description: str) -> Sequence[Address]:
    """The UDP candidates of a description with an IPv4 address (not a name), the best first."""
    found: list[tuple[int, Address]] = []
    for line in description.splitlines():
        parts = line.removeprefix("a=candidate:").split()
        if not line.startswith("a=candidate:") or len(parts) < 8 or parts[2].lower() != "udp" or parts[1] != "1":
            continue
        if _is_ipv4(parts[4]) and parts[5].isdecimal() and parts[3].isdecimal() and 0 < int(parts[5]) < 65_536:
            found.append((-int(parts[3]), (parts[4], int(parts[5]))))
    return list(dict.fromkeys(place for _, place in sorted(found)))


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
