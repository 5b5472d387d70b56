"""The word that opens LINE's door to us: one that lasts, or one that LINE renews every quarter of an hour.

A long-lived token is copied once from the console. A stateless one is asked for with the channel's id and secret, lives fifteen
minutes and needs nobody to renew it; LINE recommends it. Without this file an expired token would stop every answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol

import aiohttp

from bots.addresses import is_loopback
from bots.errors import TryLater

LINE = "https://api.line.me"
TOKEN_PATH = "/oauth2/v3/token"  # noqa: S105  # a path, not a secret
RENEWED_EARLY_S = 60.0
STAFF_WAIT_S = 600.0
NO_CONNECTION_WAIT_S = 5.0


class Tokens(Protocol):
    """Gives the access token for the next request."""

    async def current(self) -> str: ...

    def refused(self) -> bool:
        """LINE did not take the token; True when asking `current` again can help."""
        ...

    async def close(self) -> None: ...


class LongLived:
    """The token from the console. Only staff can replace it."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def current(self) -> str:
        return self._token

    def refused(self) -> bool:
        return False

    async def close(self) -> None:
        return None


class Stateless:
    """Tokens issued by LINE for the channel's id and secret, renewed a minute before they end. Made inside the running loop."""

    def __init__(
        self, channel_id: str, channel_secret: str, api_url: str = "", timeout_s: float = 10.0, clock: Callable[[], float] = monotonic
    ) -> None:
        host = api_url.rstrip("/") or LINE
        self._url, self._clock = host + TOKEN_PATH, clock
        self._asking = {"grant_type": "client_credentials", "client_id": channel_id, "client_secret": channel_secret}
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_s), trust_env=not is_loopback(host))
        self._one_at_a_time = asyncio.Lock()
        self._token, self._good_until = "", 0.0

    async def current(self) -> str:
        """The token, asked for anew when it is about to end. Raises TryLater when LINE gives none."""
        async with self._one_at_a_time:
            if self._clock() >= self._good_until:
                await self._renew()
            return self._token

    def refused(self) -> bool:
        fresh = self._clock() >= self._good_until
        self._good_until = 0.0
        return not fresh

    async def close(self) -> None:
        await self._session.close()

    async def _renew(self) -> None:
        try:
            async with self._session.post(self._url, data=self._asking) as answer:
                told: Any = await answer.json(content_type=None)
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise TryLater("LINE gives no access token: no answer.", NO_CONNECTION_WAIT_S) from None
        if status != 200 or not isinstance(told, dict) or not told.get("access_token"):
            raise _no_token(status)
        self._token = str(told["access_token"])
        self._good_until = self._clock() + float(told.get("expires_in", 900)) - RENEWED_EARLY_S


def _no_token(status: int) -> TryLater:
    if status in (400, 401, 403):
        reason = f"LINE gives no access token (status {status}). Staff: check LINE_CHANNEL_ID and LINE_CHANNEL_SECRET."
        return TryLater(reason, STAFF_WAIT_S)
    return TryLater(f"LINE gives no access token at this moment (status {status}).", NO_CONNECTION_WAIT_S)
