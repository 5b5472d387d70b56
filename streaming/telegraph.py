"""How the room and the process beside it talk over a pipe; without it each end would guess where a packet begins."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct
from typing import IO, Any, Final, Literal

from .packets import Outgoing
from .reports import Kind

_HEAD: Final = Struct("!cI")
_PACKET: Final = Struct("!BqIBd")
Sign = Literal[b"p", b"j", b"s"]


@dataclass(frozen=True, slots=True)
class Passed:
    """A packet and when it passed through the room, in seconds of the day's clock."""

    kind: Kind
    packet: Outgoing
    at: float


@dataclass(frozen=True, slots=True)
class Sound:
    """16 kHz mono, signed 16 bits, and when it was heard."""

    at: float
    samples: bytes


def of_packet(kind: Kind, packet: Outgoing, at: float) -> bytes:
    body = _PACKET.pack(kind == "video", packet.index, packet.timestamp, packet.marker, at) + packet.payload
    return _HEAD.pack(b"p", len(body)) + body


def of_words(words: Mapping[str, Any]) -> bytes:
    body = json.dumps(words, separators=(",", ":")).encode()
    return _HEAD.pack(b"j", len(body)) + body


def of_sound(at: float, samples: bytes) -> bytes:
    body = Struct("!d").pack(at) + samples
    return _HEAD.pack(b"s", len(body)) + body


def read(pipe: IO[bytes]) -> Passed | Sound | Mapping[str, Any] | None:
    """The next thing said, or None at the end."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    sign, size = _HEAD.unpack(head)
    return meaning(sign, pipe.read(size))


def size_of(head: bytes) -> tuple[bytes, int]:
    sign, size = _HEAD.unpack(head)
    return sign, size


def meaning(sign: bytes, body: bytes) -> Passed | Sound | Mapping[str, Any]:
    if sign == b"p":
        video, index, timestamp, marker, at = _PACKET.unpack_from(body)
        return Passed("video" if video else "audio", Outgoing(index, timestamp, marker, 0, body[_PACKET.size :]), at)
    if sign == b"s":
        return Sound(Struct("!d").unpack_from(body)[0], body[8:])
    words: Mapping[str, Any] = json.loads(body)
    return words


HEAD_SIZE: Final = _HEAD.size
