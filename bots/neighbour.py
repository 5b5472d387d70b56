"""The tool a municipality already has behind its account; without it a town would have to choose between that tool and us.

A channel knows one webhook address only. Whoever stands there hands every webhook on, unchanged, so that its signature still holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import aiohttp

from .addresses import is_loopback
from .errors import TryLater, Undeliverable

TIMEOUT_S = 10.0
NO_ANSWER_WAIT_S = 2.0
# What proves to the other tool that the channel sent it, and what some tools ask of every webhook.
HANDED_ON = ("content-type", "user-agent", "x-line-signature", "x-telegram-bot-api-secret-token")
TRY_AGAIN = (408, 425, 429)


def handed_on(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that go along; everything else was between the channel and us."""
    return {name: headers[name] for name in HANDED_ON if name in headers}


class Neighbour:
    """One other tool at `url`. Made inside the running loop."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_s), trust_env=not is_loopback(url))

    async def give(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Hand one webhook over, byte for byte. Raises TryLater, or Undeliverable when the tool has looked at it and refuses it.

        A redirection is not followed: the webhook goes where the town said and nowhere else.
        """
        try:
            async with self._session.post(self._url, data=body, headers=dict(headers), allow_redirects=False) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryLater(f"The other tool does not answer ({type(error).__name__}).", NO_ANSWER_WAIT_S) from None
        if status in TRY_AGAIN or status >= 500:
            raise TryLater(f"The other tool is in trouble (status {status}).", NO_ANSWER_WAIT_S)
        if status >= 300:
            raise Undeliverable(f"The other tool refuses the webhook (status {status}).")

    async def close(self) -> None:
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
