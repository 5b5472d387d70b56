"""The few STUN messages an ICE-lite server needs (RFC 8489, RFC 8445); without it no packet would find its session.

Everything sent to the open port comes through here first, so a message is dropped at the first thing wrong with it.
"""

from __future__ import annotations

import hmac
import ipaddress
import zlib
from dataclasses import dataclass
from struct import Struct
from typing import Final

Address = tuple[str, int]

COOKIE: Final = 0x2112A442
BINDING_REQUEST: Final = 0x0001
BINDING_SUCCESS: Final = 0x0101
USERNAME: Final = 0x0006
MESSAGE_INTEGRITY: Final = 0x0008
XOR_MAPPED_ADDRESS: Final = 0x0020
PRIORITY: Final = 0x0024
USE_CANDIDATE: Final = 0x0025
CONTROLLING: Final = 0x802A
OUR_PRIORITY: Final = 1_853_817_087  # a peer-reflexive candidate, should there be one (RFC 8445, section 5.1.2)
FINGERPRINT: Final = 0x8028
LONGEST_CHECK: Final = 548
_HEADER, _ATTRIBUTE, _MAPPED, _NUMBER = Struct("!HHL12s"), Struct("!HH"), Struct("!BBHL"), Struct("!L")


@dataclass(frozen=True, slots=True)
class Check:
    """One connectivity check. `username` is "ours:theirs"; `integrity_at` is where its proof stands, 0 without one."""

    transaction: bytes
    username: str
    nominates: bool
    integrity_at: int

    @property
    def ours(self) -> str:
        return self.username.partition(":")[0]


def read_check(datagram: bytes) -> Check | None:
    """The binding request in a datagram, or None for anything else, however malformed."""
    if not 20 <= len(datagram) <= LONGEST_CHECK:
        return None
    kind, length, cookie, transaction = _HEADER.unpack_from(datagram)
    if kind != BINDING_REQUEST or cookie != COOKIE or length != len(datagram) - 20 or length % 4:
        return None
    username, nominates, integrity_at, at = "", False, 0, 20
    while at + 4 <= len(datagram) and not integrity_at:
        name, size = _ATTRIBUTE.unpack_from(datagram, at)
        if name == USERNAME:
            username = datagram[at + 4 : at + 4 + size].decode("ascii", "replace")
        nominates = nominates or name == USE_CANDIDATE
        integrity_at = at if name == MESSAGE_INTEGRITY and at + 24 <= len(datagram) else 0
        at += 4 + size + (-size % 4)
    return Check(transaction, username, nominates, integrity_at)


def is_proven(datagram: bytes, check: Check, password: str) -> bool:
    """Whether the sender knows the session's password (MESSAGE-INTEGRITY over what stands before it)."""
    if not check.integrity_at:
        return False
    given = datagram[check.integrity_at + 4 : check.integrity_at + 24]
    return hmac.compare_digest(given, _integrity(datagram[: check.integrity_at], password))


def success(check: Check, address: Address, password: str) -> bytes:
    """The answer to a proven check: the address we saw it come from."""
    host = int(ipaddress.IPv4Address(address[0]))
    mapped = _MAPPED.pack(0, 1, address[1] ^ (COOKIE >> 16), host ^ COOKIE)
    return _sealed(BINDING_SUCCESS, check.transaction, _with(XOR_MAPPED_ADDRESS, mapped), password)


def request(transaction: bytes, username: str, password: str, nominate: bool = True) -> bytes:
    """A connectivity check as a client sends it."""
    attributes = _with(USERNAME, username.encode("ascii")) + (_with(USE_CANDIDATE, b"") if nominate else b"")
    return _sealed(BINDING_REQUEST, transaction, attributes, password)


def controlling(transaction: bytes, username: str, password: str) -> bytes:
    """A check of an agent that calls, to one that may be a full agent itself (RFC 8445, section 7.1)."""
    attributes = _with(USERNAME, username.encode("ascii")) + _with(PRIORITY, _NUMBER.pack(OUR_PRIORITY))
    return _sealed(BINDING_REQUEST, transaction, attributes + _with(CONTROLLING, transaction[:8]) + _with(USE_CANDIDATE, b""), password)


def is_success(datagram: bytes, transaction: bytes, password: str) -> bool:
    """Whether this answers our check `transaction`, from somebody who knows the password."""
    if not 44 <= len(datagram) <= LONGEST_CHECK or _HEADER.unpack_from(datagram)[0] != BINDING_SUCCESS or datagram[8:20] != transaction:
        return False
    at = 20
    while at + 24 <= len(datagram):
        name, size = _ATTRIBUTE.unpack_from(datagram, at)
        if name == MESSAGE_INTEGRITY:
            return hmac.compare_digest(datagram[at + 4 : at + 24], _integrity(datagram[:at], password))
        at += 4 + size + (-size % 4)
    return False


def _sealed(kind: int, transaction: bytes, attributes: bytes, password: str) -> bytes:
    message = _HEADER.pack(kind, len(attributes), COOKIE, transaction) + attributes
    message += _with(MESSAGE_INTEGRITY, _integrity(message, password))
    message = message[:2] + (len(message) - 20 + 8).to_bytes(2, "big") + message[4:]
    return message + _with(FINGERPRINT, _NUMBER.pack(zlib.crc32(message) ^ 0x5354554E))


def _integrity(before: bytes, password: str) -> bytes:
    """HMAC-SHA1 as if the message ended right after this attribute (RFC 8489, section 14.5)."""
    counted = before[:2] + (len(before) - 20 + 24).to_bytes(2, "big") + before[4:]
    return hmac.digest(password.encode("ascii"), counted, "sha1")


def _with(name: int, value: bytes) -> bytes:
    return _ATTRIBUTE.pack(name, len(value)) + value + bytes(-len(value) % 4)
