"""Puts packets back into pictures and sounds, in order; without it nothing could be written to a file or listened to.

Only used beside the room (see scribe.py): viewers get packets as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error
from typing import Final

from aiortc.codecs.h264 import h264_depayload
from aiortc.codecs.vpx import vp8_depayload

from .packets import Outgoing, starts_picture
from .reports import Kind

PATIENCE: Final = 96  # packets that may wait for a late one before it is given up


@dataclass(frozen=True, slots=True)
class Unit:
    """One whole picture, or 20 ms of sound. `ticks` counts on where the 32-bit timestamp begins again."""

    kind: Kind
    ticks: int
    data: bytes
    whole: bool = True


class Assembler:
    """One stream's packets in, its units out. After a loss pictures are left out until one needs no earlier one."""

    def __init__(self, kind: Kind, codec: str) -> None:
        self._kind, self._codec = kind, codec
        self._waiting: dict[int, Outgoing] = {}
        self._next: int | None = None
        self._parts: list[Outgoing] = []
        self._torn = kind == "video"
        self._ticks: int | None = None

    def add(self, packet: Outgoing) -> Iterator[Unit]:
        """The units that this packet completes."""
        if self._next is None:
            self._next = packet.index
        if packet.index >= self._next:
            self._waiting[packet.index] = packet
        yield from self._in_order()
        if len(self._waiting) > PATIENCE:
            self._next, self._torn, self._parts = min(self._waiting), self._kind == "video", []
            yield from self._in_order()

    def _in_order(self) -> Iterator[Unit]:
        while self._next is not None and (packet := self._waiting.pop(self._next, None)):
            self._next += 1
            yield from self._take(packet)

    def _take(self, packet: Outgoing) -> Iterator[Unit]:
        if self._kind == "audio":
            yield Unit("audio", self._counted(packet.timestamp), packet.payload)
            return
        if self._parts and self._parts[0].timestamp != packet.timestamp:
            yield from self._picture()
        self._parts.append(packet)
        if packet.marker:
            yield from self._picture()

    def _picture(self) -> Iterator[Unit]:
        parts, self._parts = self._parts, []
        whole = any(starts_picture(self._codec, part.payload) for part in parts)
        if self._torn and not whole:
            return
        try:
            data = b"".join(self._unpacked(part.payload) for part in parts)
        except (ValueError, error, IndexError):
            self._torn = True
            return
        self._torn = False
        yield Unit("video", self._counted(parts[0].timestamp), data, whole)

    def _unpacked(self, payload: bytes) -> bytes:
        return h264_depayload(payload) if self._codec == "h264" else vp8_depayload(payload)

    def _counted(self, timestamp: int) -> int:
        if self._ticks is None:
            self._ticks = timestamp
        ahead = (timestamp - self._ticks) & 0xFFFFFFFF
        at = self._ticks + (ahead if ahead < 0x80000000 else ahead - 0x100000000)
        self._ticks = max(self._ticks, at)
        return at
