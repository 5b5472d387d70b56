"""The memory in which the system reads whom to send what; without it every packet would be described to the system anew."""

from __future__ import annotations

import socket
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, Final

from cffi import FFI
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from .peer import Aim
from .stun import Address
from .trains import Train

SLOTS: Final = 64  # few enough to stay in the processor's cache
SLOT_BYTES: Final = 20_480 + 64  # no power of two, or the slots would push each other out of the cache
PLACES_KEPT: Final = 256
UDP_SEGMENT: Final = 103
_C: Final = """
struct iovec { void *base; size_t size; };
struct msghdr { void *name; unsigned int namelen; struct iovec *iov; size_t iovlen; void *control; size_t controllen; int flags; };
struct mmsghdr { struct msghdr head; unsigned int sent; };
struct control { size_t length; int level; int type; unsigned short segment; };
int sendmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags);
"""
_NAME_BYTES: Final = 16
_CONTROL_SPACE, _CONTROL_LENGTH = 24, 18  # CMSG_SPACE and CMSG_LEN of a segment's length


class Slots:
    """Where packets are encrypted: one slot for each viewer of a row. All rows use the same slots, one after the other."""

    def __init__(self) -> None:
        """Raises OSError or AttributeError where the system has no sendmmsg."""
        self.ffi = FFI()
        self.ffi.cdef(_C)
        self._system: Any = self.ffi.dlopen(None)
        self.sendmmsg = self._system.sendmmsg
        self._memory = srtp_ffi.new("char[]", SLOTS * SLOT_BYTES)
        self._sizes = srtp_ffi.new("int[]", SLOTS)
        self._each_size = [self._sizes + at for at in range(SLOTS)]
        self._places: dict[int, Sequence[Any]] = {}
        self._shape = (0, 0)
        self.iov, self.controls = self.ffi.new("struct iovec[]", SLOTS), self.ffi.new("struct control[]", SLOTS)
        for at, slot in enumerate(self._at(0)):
            self.iov[at].base = self.ffi.cast("void *", int(srtp_ffi.cast("uintptr_t", slot)))
            control = self.controls[at]
            control.length, control.level, control.type = _CONTROL_LENGTH, socket.IPPROTO_UDP, UDP_SEGMENT

    def fill(self, train: Train, row: Row) -> set[int]:
        """Encrypt `train` for every viewer of the row; gives those for whom it could not be: their slots hold it in clear."""
        count, form = len(row.handles), train.form
        deque(map(srtp_ffi.memmove, self._at(0)[:count], repeat(form), repeat(len(form))), maxlen=0)
        failed: set[int] = set()
        for offset, size in train.places:
            srtp_ffi.memmove(self._sizes, size.to_bytes(4, sys.byteorder) * count, 4 * count)
            results = list(map(srtp.srtp_protect, row.handles, self._at(offset), self._each_size))
            if any(results):
                failed.update(at for at, result in enumerate(results) if result)
        self._take_shape(train.shape)
        return failed

    def cut(self, train: Train, row: Row, at: int) -> Iterator[Any]:
        """One viewer's message, packet by packet, for a way on which the system does not cut."""
        one, piece = self.ffi.new("struct mmsghdr *"), self.ffi.new("struct iovec *")
        one.head, one.head.iov = row.single[at].head, piece
        for offset, size in train.cuts():
            piece.base, piece.size = self.ffi.cast("char *", self.iov[at].base) + offset, size
            yield one

    def _take_shape(self, shape: tuple[int, int]) -> None:
        """Tell the system how long the messages are and where to cut them."""
        if shape == self._shape:
            return
        self._shape = (length, segment) = shape
        for at in range(SLOTS):
            self.iov[at].size, self.controls[at].segment = length, segment

    def _at(self, offset: int) -> Sequence[Any]:
        """This place in every slot."""
        places = self._places.get(offset)
        if places is None:
            if len(self._places) >= PLACES_KEPT:
                self._places.clear()
            places = self._places[offset] = [self._memory + (at * SLOT_BYTES + offset) for at in range(SLOTS)]
        return places


class Row:
    """At most SLOTS viewers and what does not change while they stay. `single` and `coupled` are what sendmmsg reads."""

    def __init__(self, slots: Slots, aims: Sequence[Aim]) -> None:
        self.aims = aims
        self.handles = [keys.handle for keys, _ in aims]
        self._names = [slots.ffi.new("char[]", _name(address)) for _, address in aims]
        self.single, self.coupled = (slots.ffi.new("struct mmsghdr[]", len(aims)) for _ in range(2))
        for at, name in enumerate(self._names):
            for message in (self.single[at], self.coupled[at]):
                head = message.head
                head.name, head.namelen, head.iov, head.iovlen = name, _NAME_BYTES, slots.iov + at, 1
            head.control, head.controllen = slots.controls + at, _CONTROL_SPACE


def _name(address: Address) -> bytes:
    """The address as the system wants it."""
    raw = socket.AF_INET.to_bytes(2, sys.byteorder) + address[1].to_bytes(2, "big") + socket.inet_aton(address[0])
    return raw + bytes(_NAME_BYTES - len(raw))
