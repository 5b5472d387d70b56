"""How much LINE takes, a second and at once; without it a client that storms LINE would pass the double.

The rates are LINE's published ones. Of requests at work together LINE says that there is a limit and keeps the figure to itself
(but for audiences, which nobody here uses): `AT_ONCE` is ours, what our client promises never to exceed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from .faults import Bucket, Clock
from .line_sending import LOADING, MULTICAST, PUSH, REPLY, Refused

RATES = {REPLY: 2000.0, PUSH: 2000.0, MULTICAST: 200.0, LOADING: 100.0}
AT_ONCE = 100
RATE_TOLD = "The API rate limit has been exceeded. Try again later."
CONCURRENCY_TOLD = "The number of concurrent requests has been exceeded. Try again later."


class Limits:
    """One channel's: a bucket and a count of open requests for each address."""

    def __init__(self, clock: Clock, rates: dict[str, float] | None = None, at_once: int = AT_ONCE) -> None:
        self.at_once, self.most_seen = at_once, 0
        self._buckets = {path: Bucket(rate, clock) for path, rate in {**RATES, **(rates or {})}.items()}
        self._open: Counter[str] = Counter()

    @contextmanager
    def at_work(self, path: str) -> Iterator[bool]:
        """Count the request while it lasts; whether there is room for it beside those that came before."""
        room = self._open[path] < self.at_once
        self._open[path] += 1
        self.most_seen = max(self.most_seen, self._open[path])
        try:
            yield room
        finally:
            self._open[path] -= 1

    def take(self, path: str, room: bool) -> None:
        """Raises Refused with one of the two meanings of 429 that have to do with haste; the third is the month's."""
        if not room:
            raise Refused(429, CONCURRENCY_TOLD)
        if not self._buckets[path].allows():
            raise Refused(429, RATE_TOLD)
