"""One medium on its way out: packets rewritten once for everybody, remembered for repair and for the first picture.

Every viewer gets the same SSRC, sequence and timestamps, so what is lost can be sent again from one shared memory, and someone who
joins simply receives the packets since the last whole picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Final

REMEMBERED: Final = 1024  # packets kept for repair; also libsrtp's window, past which a repeat could not be encrypted
LONGEST_OPENING: Final = 900  # packets since the last whole picture; past that a joiner waits for the next one
_HEADER: Final = Struct("!BBHLL")
_OPUS_SILENCE_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Arrived:
    """A media packet as the publisher sent it, header extensions stripped."""

    sequence: int
    timestamp: int
    marker: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A media packet as every viewer gets it. `index` is the sequence number before it is cut to 16 bits."""

    index: int
    timestamp: int
    marker: int
    ssrc: int
    payload: bytes

    def written(self, number: int, shift: int = 0, ticks: int = 0) -> bytes:
        """On the wire, under the payload type one group of viewers agreed on; for who changed layers, further on in number and time."""
        timestamp = (self.timestamp + ticks) & 0xFFFFFFFF
        head = _HEADER.pack(0x80, self.marker << 7 | number, (self.index + shift) & 0xFFFF, timestamp, self.ssrc)
        return head + self.payload


class OutgoingStream:
    """Keeps sequence and timestamps continuous however often the publisher is replaced."""

    def __init__(self, ssrc: int, rate: int, first_index: int) -> None:
        self.ssrc, self.rate = ssrc, rate
        self._first_index = first_index
        self._last_index, self._last_timestamp, self._last_at = first_index - 1, 0, 0.0
        self._floor = first_index
        self._highest_in: int | None = None
        self._index_offset = self._timestamp_offset = 0
        self._kept: dict[int, Outgoing] = {}
        self._opening: list[Outgoing] = []
        self.packets = self.octets = 0
        self.whole_at = 0.0
        self.sent = (first_index - 1, 0)

    def beside(self, other: OutgoingStream) -> None:
        """A layer that begins later than another one of the same picture goes by its clock."""
        self._last_timestamp, self._last_at = other.last

    def mark_sent(self) -> None:
        """Everything that passed so far has left."""
        self.sent = self._last_index, self._last_timestamp

    @property
    def last(self) -> tuple[int, float]:
        """The newest timestamp and when it passed, for sender reports."""
        return self._last_timestamp, self._last_at

    @property
    def opening(self) -> Sequence[Outgoing]:
        """Everything since the last whole picture."""
        return tuple(self._opening)

    @property
    def begins(self) -> Outgoing | None:
        """The first packet of the newest whole picture, while that has not left yet."""
        return self._opening[0] if self._opening and self._opening[0].index > self.sent[0] else None

    def new_source(self) -> None:
        """The next packet comes from another publisher: it follows on from the last one sent."""
        self._highest_in = None
        self._opening.clear()

    def outgoing_timestamp(self, timestamp: int) -> int:
        """The publisher's timestamp in the viewers' count."""
        return (timestamp + self._timestamp_offset) & 0xFFFFFFFF

    def pass_on(self, packet: Arrived, now: float, starts_picture: bool = False) -> Outgoing | None:
        """The packet as viewers get it, or None for one that came twice or from before this source."""
        index = self._index_of(packet, now)
        if index < self._floor or index in self._kept or index <= self._last_index - REMEMBERED:
            return None
        out = Outgoing(index, self.outgoing_timestamp(packet.timestamp), packet.marker, self.ssrc, packet.payload)
        self._remember(out, starts_picture)
        self.whole_at = now if starts_picture else self.whole_at
        if index > self._last_index:
            self._last_index, self._last_timestamp, self._last_at = index, out.timestamp, now
        self.packets += 1
        self.octets += len(packet.payload)
        return out

    def again(self, sequence: int) -> Outgoing | None:
        """The packet a viewer misses, by its 16-bit number, while it is remembered."""
        return self._kept.get(self._last_index - ((self._last_index - sequence) & 0xFFFF))

    def _index_of(self, packet: Arrived, now: float) -> int:
        highest = self._highest_in
        if highest is None:
            highest = self._begin(packet, now)
        ahead = (packet.sequence - highest) & 0xFFFF
        unwrapped = highest + (ahead if ahead < 0x8000 else ahead - 0x10000)
        self._highest_in = max(highest, unwrapped)
        return unwrapped + self._index_offset

    def _begin(self, packet: Arrived, now: float) -> int:
        """Number on from the last packet; let the media clock have run on while nobody published."""
        self._floor = self._last_index + 1
        self._index_offset = self._floor - packet.sequence
        passed = max(now - self._last_at, _OPUS_SILENCE_S if self.packets else 0.0) if self._last_at else 0.0
        self._timestamp_offset = (self._last_timestamp + int(passed * self.rate) - packet.timestamp) & 0xFFFFFFFF
        return packet.sequence

    def _remember(self, out: Outgoing, starts_picture: bool) -> None:
        self._kept[out.index] = out
        self._kept.pop(out.index - REMEMBERED, None)
        if len(self._kept) > REMEMBERED:
            del self._kept[next(iter(self._kept))]
        if starts_picture and not (self._opening and self._opening[0].timestamp == out.timestamp):
            self._opening = [*self._same_picture_before(out), out]
        elif self._opening and len(self._opening) < LONGEST_OPENING:
            self._opening.append(out)
        else:
            self._opening.clear()

    def _same_picture_before(self, out: Outgoing) -> Sequence[Outgoing]:
        """Packets of the picture before its first slice: parameter sets and delimiters, in whatever packets the encoder put them."""
        index = out.index
        while (kept := self._kept.get(index - 1)) is not None and kept.timestamp == out.timestamp:
            index -= 1
        return [self._kept[at] for at in range(index, out.index)]


def starts_picture(codec: str, payload: bytes) -> bool:
    """Whether a packet begins a picture that needs no earlier one (H264: its parameter sets or its first slice; VP8: a key frame)."""
    if codec == "h264":
        return _starts_h264(payload)
    return codec == "vp8" and _starts_vp8(payload)


def _starts_h264(payload: bytes) -> bool:
    if len(payload) < 4:
        return False
    kind = payload[0] & 0x1F
    if kind == 24:  # several units in one packet: look at the first
        kind = payload[3] & 0x1F
    elif kind == 28:  # one unit over several packets: its first part
        kind = payload[1] & 0x1F if payload[1] & 0x80 else 0
    return kind in (5, 7)


def _starts_vp8(payload: bytes) -> bool:
    if len(payload) < 6 or not payload[0] & 0x10 or payload[0] & 0x07:
        return False
    at = 1
    if payload[0] & 0x80:
        extended = payload[1]
        at = 2
        if extended & 0x80:
            at += 2 if payload[at] & 0x80 else 1
        at += bool(extended & 0x40) + bool(extended & 0x30)
    return at < len(payload) and not payload[at] & 0x01
