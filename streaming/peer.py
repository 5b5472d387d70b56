"""One browser on the other side of the open port: who it is, where it is now, and the keys shared with it.

A phone that changes network keeps its session: whoever proves the session's password from a new address is followed there.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pylibsrtp import Error as SrtpError

from . import stun
from .handshake import Handshake, Identity, Keys
from .stun import Address, Check

Send = Callable[[bytes, Address], None]
Aim = tuple[Keys, Address]
"""Under which keys and where to."""
CONNECTING_S: Final = 20.0
AGAIN_S: Final = 0.2  # OpenSSL would wait a second, then two, then four: with a fifth lost some never came in
MOST_AGAIN_S: Final = 1.6
CONSENT_S: Final = 30.0  # RFC 7675, section 5.1


class Peer:
    """Nothing here waits: everything happens when a datagram arrives or the clock ticks."""

    def __init__(self, identity: Identity, fingerprint: str, send: Send, now: float) -> None:
        self.ufrag, self.password = new_credentials()
        self.old: tuple[str, str] | None = None
        self.entity_tag = secrets.token_urlsafe(9)
        self.aim: Aim | None = None
        self._address: Address | None = None
        self._keys: Keys | None = None
        self._closed = False
        self.connected_at = 0.0
        self.began, self.heard = now, now
        self.on_connected: Callable[[], None] = _nothing
        self.on_media: Callable[[bytes, float], None] = _nothing
        self.on_reports: Callable[[bytes, float], None] = _nothing
        self._again_at, self._again_in = now + AGAIN_S, AGAIN_S
        self._identity, self._send = identity, send
        self._handshake: Handshake | None = Handshake(identity.context, fingerprint) if fingerprint else None

    @property
    def address(self) -> Address | None:
        """Where it is now."""
        return self._address

    @address.setter
    def address(self, address: Address | None) -> None:
        self._address = address
        self._take_aim()

    @property
    def keys(self) -> Keys | None:
        """There once the handshake is done."""
        return self._keys

    @keys.setter
    def keys(self, keys: Keys | None) -> None:
        self._keys = keys
        self._take_aim()

    @property
    def closed(self) -> bool:
        """Whether nothing is sent to it any more."""
        return self._closed

    @closed.setter
    def closed(self, closed: bool) -> None:
        self._closed = closed
        self._take_aim()

    @property
    def connecting(self) -> bool:
        return self.keys is None and not self.closed

    def expect(self, fingerprint: str) -> None:
        """A player answered our counter-offer: now we know whom to expect."""
        self._handshake = Handshake(self._identity.context, fingerprint)

    def password_of(self, ufrag: str) -> str | None:
        """During an ICE restart both the old and the new credentials open the door."""
        if ufrag == self.ufrag:
            return self.password
        return self.old[1] if self.old and ufrag == self.old[0] else None

    def restart(self) -> None:
        """New ICE credentials; the old ones hold until the new ones are used."""
        self.old = (self.ufrag, self.password)
        self.ufrag, self.password = new_credentials()
        self.entity_tag = secrets.token_urlsafe(9)

    def checked(self, check: Check, password: str, address: Address, now: float) -> bool:
        """Answer a proven check; True when the peer is at a new address from now on."""
        self.heard = now
        self._send(stun.success(check, address, password), address)
        moves = self.address != address and (check.nominates or self.address is None)
        if moves:
            self.address = address
        if self.old and check.nominates and check.ours == self.ufrag:
            self.old = None
        return moves

    def known_places(self) -> Sequence[Address]:
        """Where it may be heard from."""
        return [self.address] if self.address is not None else []

    def take_answer(self, datagram: bytes, address: Address, now: float) -> None:
        """The answer to a check of ours. Those who are called make none."""

    def take_handshake(self, datagram: bytes, now: float) -> None:
        handshake = self._handshake
        if handshake is None or self.closed:
            return
        self._fly(handshake.receive(datagram), now)
        if handshake.failed or handshake.closed_by_peer:
            self.closed = True
        elif self.keys is None and handshake.keys is not None:
            self.keys, self.connected_at = handshake.keys, now
            self.on_connected()

    def take_media(self, datagram: bytes, now: float) -> None:
        """Open one SRTP or SRTCP packet; what is not authentic is dropped."""
        if self.keys is None:
            return
        is_report = 192 <= datagram[1] <= 223
        try:
            if is_report:
                self.on_reports(self.keys.arriving.unprotect_rtcp(datagram), now)
            else:
                self.on_media(self.keys.arriving.unprotect(datagram), now)
        except (SrtpError, ValueError):
            return
        self.heard = now

    def send_report(self, packet: bytes) -> None:
        if self.keys is not None and self.address is not None and not self.closed:
            self._send(self.keys.leaving.protect_rtcp(packet), self.address)

    def send_media(self, packet: bytes) -> None:
        if self.keys is None or self.address is None or self.closed:
            return
        try:
            protected = self.keys.leaving.protect(packet)
        except SrtpError:  # too old to be repeated
            return
        self._send(protected, self.address)

    def insist(self, now: float) -> None:
        """Send the last flight of an unfinished handshake again, each time later."""
        if self._handshake is None or self.address is None or now < self._again_at:
            return
        self._send_all(self._handshake.again())
        self._again_in = min(2 * self._again_in, MOST_AGAIN_S)
        self._again_at = now + self._again_in

    def tick(self, now: float) -> None:
        """Close what never came or fell silent."""
        if now - self.began > CONNECTING_S if self.keys is None else now - self.heard > CONSENT_S:
            self.closed = True

    def close(self) -> None:
        """Say goodbye and send nothing any more."""
        if self._handshake is not None and self.keys is not None and not self.closed:
            self._send_all(self._handshake.close())
        self.closed = True

    def _take_aim(self) -> None:
        """`aim` is made here only: who sends to hundreds sees by one look at each whether anything changed."""
        self.aim = None if self._keys is None or self._address is None or self._closed else (self._keys, self._address)

    def _fly(self, datagrams: Sequence[bytes], now: float) -> None:
        if datagrams:
            self._again_in, self._again_at = AGAIN_S, now + AGAIN_S
            self._send_all(datagrams)

    def _send_all(self, datagrams: Iterable[bytes]) -> None:
        for datagram in datagrams:
            if self.address is not None:
                self._send(datagram, self.address)


def new_credentials() -> tuple[str, str]:
    """A user fragment and a password (RFC 8445, section 5.3)."""
    return secrets.token_hex(8), secrets.token_hex(16)


def _nothing(*_: object) -> None:
    return None
