"""An honest channel without a network: it remembers retry keys as LINE does, and can be told how the next sends go."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

from bots import Parcel, Receipt


class FakeChannel:
    """`delivered` is what residents see; `tries` every call; `outcomes` the errors (or seconds of
    slowness, or the event to wait for) of the next sends."""

    name = "line"

    def __init__(self, outcomes: list[Exception | float | asyncio.Event | None] | None = None, knows_retry_keys: bool = True) -> None:
        self.outcomes = outcomes or []
        self.delivered: list[tuple[str, Any]] = []
        self.tries: list[Parcel] = []
        self.at_once = Counter[str]()
        self.most_at_once = Counter[str]()
        self._came = asyncio.Event()
        self._asked = asyncio.Event()
        self._keys: set[str] = set()
        self._knows_retry_keys = knows_retry_keys

    async def send(self, parcel: Parcel, now: datetime) -> Receipt:
        self.tries.append(parcel)
        self._asked.set()
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, Exception):
            raise outcome
        await self._busy(parcel.chat_id, outcome or 0.0)
        if parcel.retry_key in self._keys and self._knows_retry_keys:
            return Receipt("again", "already")
        self._keys.add(parcel.retry_key)
        self.delivered.append((parcel.chat_id, parcel.messages[0]["text"]))
        self._came.set()
        return Receipt(f"request-{len(self.delivered)}", "push")

    async def show_thinking(self, chat_id: str) -> None:
        return None

    async def close(self) -> None:
        return None

    async def something_came(self, within_s: float) -> None:
        async with asyncio.timeout(within_s):
            await self._came.wait()

    async def was_asked(self) -> None:
        """Until the first send has begun."""
        await self._asked.wait()

    async def _busy(self, chat_id: str, until: float | asyncio.Event) -> None:
        for who in (chat_id, "all"):
            self.at_once[who] += 1
            self.most_at_once[who] = max(self.most_at_once[who], self.at_once[who])
        await (until.wait() if isinstance(until, asyncio.Event) else asyncio.sleep(until))
        for who in (chat_id, "all"):
            self.at_once[who] -= 1
