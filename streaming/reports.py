"""The RTCP we write and read; without it neither side would know what was lost, nor would lips and voice stay together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import Struct, error
from typing import Final, Literal

SENDER, RECEIVER, DESCRIPTION, GOODBYE, TRANSPORT_FEEDBACK, PICTURE_FEEDBACK = 200, 201, 202, 203, 205, 206
NTP_EPOCH_S: Final = 2_208_988_800
_HEAD, _SENDER, _BLOCK, _PAIR, _NACK = Struct("!BBH"), Struct("!LQLLL"), Struct("!L4sLLLL"), Struct("!LL"), Struct("!HH")
MOST_NACKED: Final = 256
Kind = Literal["audio", "video"]


@dataclass(frozen=True, slots=True)
class SenderReport:
    """How a stream's clock stands against the wall clock."""

    ssrc: int
    ntp: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class Reception:
    """What one receiver says about one stream: loss since the last report as a fraction of 256, jitter in clock ticks."""

    ssrc: int
    fraction_lost: int
    total_lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(slots=True)
class Reports:
    """Everything in one compound packet."""

    senders: list[SenderReport] = field(default_factory=list)
    receptions: list[Reception] = field(default_factory=list)
    missing: list[tuple[int, int]] = field(default_factory=list)
    picture_wanted: list[int] = field(default_factory=list)
    bandwidth: int = 0


def read_reports(packet: bytes) -> Reports:
    """What a compound packet says; unknown parts are skipped, a malformed rest is ignored."""
    found = Reports()
    try:
        for kind, count, body in _parts(packet):
            _read_part(found, kind, count, body)
    except (error, IndexError):
        pass
    return found


def ntp_of(unix_s: float) -> int:
    return int((unix_s + NTP_EPOCH_S) * (1 << 32))


def sender_report(ssrc: int, ntp: int, timestamp: int, packets: int, octets: int) -> bytes:
    return _part(SENDER, 0, _SENDER.pack(ssrc, ntp, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF))


def description(ssrcs: Sequence[int], name: bytes = b"live") -> bytes:
    """SDES with the same CNAME for all: they belong together (RFC 3550, section 6.5.1)."""
    item = b"\x01" + bytes([len(name)]) + name + b"\x00"
    chunks = b"".join(ssrc.to_bytes(4, "big") + item + bytes(-len(item) % 4) for ssrc in ssrcs)
    return _part(DESCRIPTION, len(ssrcs), chunks)


def receiver_report(our_ssrc: int, receptions: Sequence[Reception]) -> bytes:
    return _part(RECEIVER, len(receptions), our_ssrc.to_bytes(4, "big") + b"".join(_block(one) for one in receptions))


def nack(our_ssrc: int, ssrc: int, missing: Sequence[int]) -> bytes:
    """Ask for packets again (RFC 4585, section 6.2.1)."""
    pairs: list[list[int]] = []
    for number in missing:
        gap = (number - pairs[-1][0] - 1) & 0xFFFF if pairs else 16
        if gap < 16:
            pairs[-1][1] |= 1 << gap
        else:
            pairs.append([number, 0])
    return _part(TRANSPORT_FEEDBACK, 1, _PAIR.pack(our_ssrc, ssrc) + b"".join(_NACK.pack(*pair) for pair in pairs))


def picture_loss(our_ssrc: int, ssrc: int) -> bytes:
    """Ask for a whole picture (RFC 4585, section 6.3.1)."""
    return _part(PICTURE_FEEDBACK, 1, _PAIR.pack(our_ssrc, ssrc))


def bandwidth_estimate(our_ssrc: int, ssrc: int, bits_per_s: int) -> bytes:
    """Tell a publisher how much gets through (draft-alvestrand-rmcat-remb)."""
    exponent = max(0, bits_per_s.bit_length() - 18)
    number = exponent << 18 | bits_per_s >> exponent
    return _part(PICTURE_FEEDBACK, 15, _PAIR.pack(our_ssrc, 0) + b"REMB\x01" + number.to_bytes(3, "big") + ssrc.to_bytes(4, "big"))


def _part(kind: int, count: int, body: bytes) -> bytes:
    return _HEAD.pack(0x80 | count, kind, len(body) // 4) + body


def _parts(packet: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(packet):
        first, kind, words = _HEAD.unpack_from(packet, at)
        if first >> 6 != 2:
            return
        yield kind, first & 0x1F, packet[at + 4 : at + 4 + 4 * words]
        at += 4 + 4 * words


def _read_part(found: Reports, kind: int, count: int, body: bytes) -> None:
    if kind == SENDER:
        ssrc, ntp, timestamp, _, _ = _SENDER.unpack_from(body)
        found.senders.append(SenderReport(ssrc, ntp, timestamp))
        found.receptions += _blocks(body[24:], count)
    elif kind == RECEIVER:
        found.receptions += _blocks(body[4:], count)
    elif kind == TRANSPORT_FEEDBACK and count == 1:
        found.missing += _nacked(body)
    elif kind == PICTURE_FEEDBACK:
        _read_picture_feedback(found, count, body)


def _read_picture_feedback(found: Reports, form: int, body: bytes) -> None:
    _, ssrc = _PAIR.unpack_from(body)
    if form == 1:
        found.picture_wanted.append(ssrc)
    elif form == 4:  # FIR names its streams after the fixed part
        found.picture_wanted += [int.from_bytes(body[at : at + 4], "big") for at in range(8, len(body) - 7, 8)]
    elif form == 15 and body[8:12] == b"REMB":
        number = int.from_bytes(body[13:16], "big")
        found.bandwidth = (number & 0x3FFFF) << (number >> 18)


def _nacked(body: bytes) -> Iterator[tuple[int, int]]:
    _, ssrc = _PAIR.unpack_from(body)
    for at in range(8, min(len(body) - 3, 8 + 4 * MOST_NACKED), 4):
        first, more = _NACK.unpack_from(body, at)
        yield ssrc, first
        yield from ((ssrc, (first + 1 + bit) & 0xFFFF) for bit in range(16) if more >> bit & 1)


def _blocks(body: bytes, count: int) -> Iterator[Reception]:
    for at in range(0, 24 * count, 24):
        ssrc, lost, highest, jitter, last_report, delay = _BLOCK.unpack_from(body, at)
        yield Reception(ssrc, lost[0], int.from_bytes(lost[1:], "big", signed=True), highest, jitter, last_report, delay)


def _block(one: Reception) -> bytes:
    lost = bytes([one.fraction_lost]) + max(-0x800000, min(one.total_lost, 0x7FFFFF)).to_bytes(3, "big", signed=True)
    return _BLOCK.pack(one.ssrc, lost, one.highest, one.jitter, one.last_report, one.delay)
