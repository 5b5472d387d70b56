"""Lines up packets that may leave as one message; without it nobody would know where the system is to cut a message apart again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LARGEST_PACKET: Final = 1400  # before encryption
MOST_SEGMENTS: Final = 64  # Linux' own limit (UDP_MAX_SEGMENTS)


@dataclass(frozen=True, slots=True)
class Train:
    """Equally long packets, the last one perhaps shorter, each with room behind it for what encryption adds.

    `form` is what is copied for each viewer, `places` where each packet begins in it and how long it is before encryption, `shape` the
    length of the whole after encryption and of one segment.
    """

    form: bytes
    places: Sequence[tuple[int, int]]
    shape: tuple[int, int]

    @property
    def coupled(self) -> bool:
        return len(self.places) > 1

    def cuts(self) -> Iterator[tuple[int, int]]:
        """Where each packet begins and how long it is after encryption."""
        growth = self.shape[0] - len(self.form)
        return ((offset, length + growth) for offset, length in self.places)


def trains_of(packets: Sequence[bytes], growth: int, most_bytes: int) -> Sequence[Train]:
    """`packets` in order, in as few trains of at most `most_bytes` as their lengths allow; encryption adds `growth` bytes to each.

    With `most_bytes` 0 every packet travels alone. A packet that is too large for the network is left out.
    """
    trains: list[list[bytes]] = []
    for packet in packets:
        if len(packet) > LARGEST_PACKET:
            continue
        if trains and _fits(trains[-1], packet, growth, most_bytes):
            trains[-1].append(packet)
        else:
            trains.append([packet])
    return [_coupled(train, growth) for train in trains]


def _fits(train: Sequence[bytes], packet: bytes, growth: int, most_bytes: int) -> bool:
    """Behind a shorter one nothing can follow, nor a longer one behind any."""
    first = len(train[0])
    if len(train) >= MOST_SEGMENTS or (first + growth) * (len(train) + 1) > most_bytes:
        return False
    return len(packet) <= first == len(train[-1])


def _coupled(train: Sequence[bytes], growth: int) -> Train:
    stride = len(train[0]) + growth
    places = tuple((at * stride, len(packet)) for at, packet in enumerate(train))
    form = bytes(growth).join(train)
    return Train(form, places, (len(form) + growth, stride))
