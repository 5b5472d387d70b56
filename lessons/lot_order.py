"""The order in which lots are drawn, worked out fast; without it a draw of a hundred thousand would keep its witnesses waiting.

The rule is told in `verify_draw.py`. Here the keyed hash is prepared once and copied, and only the positions are sorted.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

BLOCK: Final = 64  # octets, SHA-256 (RFC 2104)
INNER: Final = bytes(n ^ 0x36 for n in range(256))
OUTER: Final = bytes(n ^ 0x5C for n in range(256))


@dataclass(frozen=True, slots=True)
class Entrant:
    """One line of the published list: a receipt number, never a name."""

    receipt: str
    weight: int
    tier: str


def rank(entrants: Sequence[Entrant], draw_id: str, seed: bytes, public_value: str, first_timer_seats: int = 0) -> list[tuple[str, str]]:
    """(receipt, digest) in the order drawn. A hundred thousand take about a third of a second."""
    lines = [(one.receipt, one.weight, one.tier) for one in entrants]
    return list(drawn(lines, draw_id, seed, public_value, first_timer_seats))


def drawn(
    lines: Sequence[tuple[str, int, str]], draw_id: str, seed: bytes, public_value: str, first_timer_seats: int
) -> Iterator[tuple[str, str]]:
    """The same for (receipt, weight, tier)."""
    digests = _digests(seed + b"\x00" + public_value.encode(), f"{draw_id}|".encode(), [one[0].encode() for one in lines])
    shares = struct.iter_unpack(">Q", b"".join([one[:8] for one in digests]))
    keys = [-math.log(((raw >> 11) + 0.5) * 2.0**-53) / one[1] for (raw,), one in zip(shares, lines, strict=True)]
    order = _sorted(keys, digests)
    guaranteed = [n for n in order if lines[n][2] == "guaranteed"]
    firsts = [n for n in order if lines[n][2] == "first"][:first_timer_seats]
    if guaranteed or firsts:
        before = {*guaranteed, *firsts}
        order = [*guaranteed, *firsts, *(n for n in order if n not in before)]
    return ((lines[n][0], digests[n].hex()) for n in order)


def _digests(key: bytes, prefix: bytes, messages: Sequence[bytes]) -> list[bytes]:
    """HMAC-SHA256 of prefix and each message: both keyed halves are hashed once and copied."""
    padded = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    inner, outer = hashlib.sha256(padded.translate(INNER) + prefix), hashlib.sha256(padded.translate(OUTER))
    begin, end, made = inner.copy, outer.copy, list[bytes]()
    for message in messages:
        one, other = begin(), end()
        one.update(message)
        other.update(one.digest())
        made.append(other.digest())
    return made


def _sorted(keys: Sequence[float], digests: Sequence[bytes]) -> list[int]:
    """By key; where two keys are equal to the last bit, by digest."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if any(keys[one] == keys[other] for one, other in pairwise(order)):
        order.sort(key=lambda n: (keys[n], digests[n]))
    return order


__all__ = ["Entrant", "drawn", "rank"]
