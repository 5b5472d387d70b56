"""Hands many packets to the system in one call (sendmmsg through cffi, no compiler); without it each packet would cost its own call."""

from __future__ import annotations

import socket
import sys
from collections.abc import Collection, Sequence
from typing import Any, Final

from cffi import FFI
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from .forwarding import FanoutSender, PlainSender
from .peer import Peer
from .stun import Address

SLOTS: Final = 512
SLOT_BYTES: Final = 1600
LARGEST: Final = 1400
KEPT_NAMES: Final = 8192
_C: Final = """
struct iovec { void *base; size_t size; };
struct msghdr { void *name; unsigned int namelen; struct iovec *iov; size_t iovlen; void *control; size_t controllen; int flags; };
struct mmsghdr { struct msghdr head; unsigned int sent; };
int sendmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags);
"""
_NAME_BYTES: Final = 16


class BatchedSender:
    """Encrypts in place into a row of slots, then sends the whole row. What the system does not take is left to the repair."""

    def __init__(self, descriptor: int) -> None:
        """Raises OSError or AttributeError where the system has no sendmmsg."""
        self._ffi, self._descriptor = FFI(), descriptor
        self._ffi.cdef(_C)
        self._system: Any = self._ffi.dlopen(None)
        self._sendmmsg = self._system.sendmmsg
        self._slots = srtp_ffi.new("char[]", SLOTS * SLOT_BYTES)
        self._slot = [self._slots + at * SLOT_BYTES for at in range(SLOTS)]
        self._size = srtp_ffi.new("int *")
        self._iov: Any = self._ffi.new("struct iovec[]", SLOTS)
        self._messages: Any = self._ffi.new("struct mmsghdr[]", SLOTS)
        self._names: dict[Address, Any] = {}
        self._filled = 0
        self.unsent = 0
        self._prepare()

    def send(self, packets: Sequence[bytes], seats: Collection[Peer]) -> None:
        for seat in seats:
            if seat.keys is None or seat.address is None or seat.closed:
                continue
            name, session = self._name(seat.address), seat.keys.leaving._srtp[0]
            for packet in packets:
                self._fill(packet, session, name)
        self._flush()

    def _fill(self, packet: bytes, session: Any, name: Any) -> None:
        size = len(packet)
        if size > LARGEST:
            return
        at = self._filled
        slot = self._slot[at]
        srtp_ffi.memmove(slot, packet, size)
        self._size[0] = size
        if srtp.srtp_protect(session, slot, self._size):
            return
        self._iov[at].size = self._size[0]
        self._messages[at].head.name = name
        self._filled = at + 1
        if self._filled == SLOTS:
            self._flush()

    def _flush(self) -> None:
        begun = 0
        while begun < self._filled:
            taken = self._sendmmsg(self._descriptor, self._messages + begun, self._filled - begun, 0)
            if taken < 0:  # this one cannot be sent (its address is gone, or the buffer is full): go on behind it
                self.unsent += 1
            begun += max(taken, 1)
        self._filled = 0

    def _prepare(self) -> None:
        """Everything about a slot that never changes."""
        for at in range(SLOTS):
            self._iov[at].base = self._ffi.cast("void *", int(srtp_ffi.cast("uintptr_t", self._slot[at])))
            head = self._messages[at].head
            head.namelen, head.iov, head.iovlen = _NAME_BYTES, self._iov + at, 1

    def _name(self, address: Address) -> Any:
        """The address as the system wants it, kept because the system reads it where it lies."""
        name = self._names.get(address)
        if name is None:
            if len(self._names) >= KEPT_NAMES:
                self._flush()
                self._names.clear()
            raw = socket.AF_INET.to_bytes(2, sys.byteorder) + address[1].to_bytes(2, "big") + socket.inet_aton(address[0])
            name = self._names[address] = self._ffi.new("char[]", raw + bytes(_NAME_BYTES - len(raw)))
        return name


def fastest_sender(sock: socket.socket) -> FanoutSender:
    """The batched sender where the system has what it needs, the plain one elsewhere."""
    if sys.platform != "linux":
        return PlainSender()
    try:
        return BatchedSender(sock.fileno())
    except (OSError, AttributeError):
        return PlainSender()
