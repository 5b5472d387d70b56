"""Whoever fills a room, as the room sees it; without it publishers, samples and voices would each need a room of their own kind."""

from __future__ import annotations

from typing import Protocol

from .reports import Kind, SenderReport


class Source(Protocol):
    """Whoever fills a room: a publisher over the network, or the sample that the program plays itself."""

    @property
    def live(self) -> bool: ...
    def ask_picture(self, now: float, layer: int = 0) -> None: ...
    def ask_missing(self, now: float) -> None: ...
    def report(self, now: float) -> None: ...
    def close(self) -> None: ...
    def clock_of(self, kind: Kind, layer: int = 0) -> tuple[SenderReport, float] | None:
        """The source's last own report on a stream and when it came."""
        ...
