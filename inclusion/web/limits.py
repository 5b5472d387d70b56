"""How often one visitor may ask; without this file one busy machine could take the service away from everybody else."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence

from starlette.requests import Request

from .errors import TooManyRequests

MAX_VISITORS = 10_000


class TokenBuckets:
    """Each visitor has `at_once` tokens that grow back at `per_second`. The longest unseen visitor is forgotten first."""

    def __init__(self, at_once: int, per_second: float, clock: Callable[[], float], max_visitors: int = MAX_VISITORS) -> None:
        self._at_once, self._per_second, self._clock, self._max = at_once, per_second, clock, max_visitors
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, visitor: str) -> float:
        """Take one token: 0.0 when there was one, otherwise the seconds until there will be."""
        now = self._clock()
        tokens, seen = self._buckets.pop(visitor, (float(self._at_once), now))
        tokens = min(float(self._at_once), tokens + (now - seen) * self._per_second)
        granted = tokens >= 1.0
        self._buckets[visitor] = (tokens - 1.0 if granted else tokens, now)
        if len(self._buckets) > self._max:
            self._buckets.popitem(last=False)
        return 0.0 if granted else (1.0 - tokens) / self._per_second


class RateLimit:
    """A FastAPI dependency. Visitors on this very machine are not counted: behind an unnamed proxy everybody would look like one."""

    def __init__(self, buckets: TokenBuckets, trusted_proxies: Sequence[str]) -> None:
        self._buckets, self._trusted_proxies = buckets, frozenset(trusted_proxies)

    async def __call__(self, request: Request) -> None:
        visitor = visitor_of(request, self._trusted_proxies)
        wait_s = self._buckets.take(visitor) if visitor is not None else 0.0
        if wait_s:
            raise TooManyRequests(math.ceil(wait_s))


def visitor_of(request: Request, trusted_proxies: Collection[str]) -> str | None:
    """The network a request comes from (an IPv6 home is one /64), or None on this very machine."""
    address = _behind_proxies(request, trusted_proxies)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.is_loopback:
        return None
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def _behind_proxies(request: Request, trusted_proxies: Collection[str]) -> str:
    """The nearest address that is no proxy of ours, read from the right: anybody can write the left part of X-Forwarded-For."""
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    address = request.client.host if request.client else ""
    while address in trusted_proxies and hops:
        address = hops.pop()
    return address
