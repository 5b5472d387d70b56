"""Sends the same packets to many viewers, each under its own key; without it every viewer would cost a copy of the whole server.

Two senders with the same bytes as result: plain Python, and one system call for many viewers where the system offers it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from .peer import Peer


class FanoutSender(Protocol):
    """Encrypts and sends every packet to every seat."""

    def send(self, packets: Sequence[bytes], seats: Collection[Peer]) -> None:
        """`packets` in order; a seat that cannot be reached just now is passed over."""
        ...


class PlainSender:
    """One encryption and one system call for each packet and viewer."""

    def send(self, packets: Sequence[bytes], seats: Collection[Peer]) -> None:
        for seat in seats:
            for packet in packets:
                seat.send_media(packet)
