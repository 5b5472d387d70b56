"""Hands many packets to the system in one call (sendmmsg through cffi, no compiler); without it each packet would cost its own call.

A picture's packets that are equally long leave as one message, which the system or the network card cuts apart again (UDP segment offload).
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Final

from .forwarding import FanoutSender, PlainSender
from .peer import Aim, Peer
from .rows import SLOT_BYTES, SLOTS, UDP_SEGMENT, Row, Slots
from .trains import Train, trains_of

NOT_CUT: Final = frozenset({errno.EINVAL, errno.EIO, errno.EMSGSIZE})
GROUPS_KEPT: Final = 512
_AIM: Final = attrgetter("aim")


class BatchedSender:
    """Encrypts in place for a row of viewers, then sends to the whole row. What the system does not take is left to the repair."""

    def __init__(self, sock: socket.socket, in_segments: bool = True) -> None:
        """Raises OSError or AttributeError where the system has no sendmmsg."""
        self._slots, self._descriptor = Slots(), sock.fileno()
        self._groups: dict[int, tuple[Sequence[Aim | None], Mapping[int, Sequence[Row]]]] = {}
        self._took_coupled = False
        self.in_segments = in_segments and _knows_segments(sock)
        self.unsent = 0

    def send(self, packets: Sequence[bytes], seats: Collection[Peer]) -> None:
        for growth, rows in self._rows(seats).items():
            for train in trains_of(packets, growth, SLOT_BYTES if self.in_segments else 0):
                for row in rows:
                    self._send(train, row)

    def _rows(self, seats: Collection[Peer]) -> Mapping[int, Sequence[Row]]:
        """Viewers whose packets grow alike, in rows; made anew when somebody came, went or moved.

        A look at each viewer for each message: nothing here may be made anew for it, or that costs more than the encryption.
        """
        aims = list(map(_AIM, seats))
        if len(aims) == 1:
            return self._grouped(aims, {})
        before, rows = self._groups.get(id(seats), ([], {}))
        if before == aims:
            return rows
        if len(self._groups) >= GROUPS_KEPT:
            self._groups.clear()
        made = self._grouped(aims, rows)
        self._groups[id(seats)] = aims, made
        return made

    def _grouped(self, aims: Sequence[Aim | None], before: Mapping[int, Sequence[Row]]) -> Mapping[int, Sequence[Row]]:
        by_growth: dict[int, list[Aim]] = {}
        for aim in aims:
            if aim is not None:
                by_growth.setdefault(aim[0].growth, []).append(aim)
        return {growth: self._in_rows(alike, before.get(growth, ())) for growth, alike in by_growth.items()}

    def _in_rows(self, aims: Sequence[Aim], before: Sequence[Row]) -> Sequence[Row]:
        """Rows in which nothing changed stay as they are."""
        parts = [aims[at : at + SLOTS] for at in range(0, len(aims), SLOTS)]
        kept = dict(enumerate(before))
        return [kept[at] if at in kept and kept[at].aims == part else Row(self._slots, part) for at, part in enumerate(parts)]

    def _send(self, train: Train, row: Row) -> None:
        failed, begun = self._slots.fill(train, row), 0
        for at in sorted(failed):
            self._send_part(train, row, begun, at)
            begun = at + 1
        self._send_part(train, row, begun, len(row.handles))

    def _send_part(self, train: Train, row: Row, begun: int, end: int) -> None:
        messages = row.coupled if train.coupled else row.single
        while begun < end:
            taken = self._slots.sendmmsg(self._descriptor, messages + begun, end - begun, 0)
            if taken > 0:
                self._took_coupled = self._took_coupled or train.coupled
                begun += taken
            else:
                self._refused(train, row, begun)
                begun += 1

    def _refused(self, train: Train, row: Row, at: int) -> None:
        """This message cannot be sent: its address is gone, or the buffer is full. Or it is not cut apart on this way: then we do it."""
        if not train.coupled or self._slots.ffi.errno not in NOT_CUT:
            self.unsent += 1
            return
        self.in_segments = self._took_coupled
        for one in self._slots.cut(train, row, at):
            self.unsent += self._slots.sendmmsg(self._descriptor, one, 1, 0) < 1


def fastest_sender(sock: socket.socket) -> FanoutSender:
    """The batched sender where the system has what it needs, the plain one elsewhere."""
    if sys.platform != "linux":
        return PlainSender()
    try:
        return BatchedSender(sock)
    except (OSError, AttributeError):
        return PlainSender()


def _knows_segments(sock: socket.socket) -> bool:
    """A kernel that knows nothing of it (before 4.18) would send one large datagram in fragments instead of refusing."""
    try:
        sock.getsockopt(socket.IPPROTO_UDP, UDP_SEGMENT)
    except OSError:
        return False
    return True
