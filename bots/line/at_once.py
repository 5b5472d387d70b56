"""How many requests we keep open with LINE; without it we would go on crowding a LINE that has just said we are too many.

LINE limits the requests it works on together and does not say to how many. So the number is found: half as many after each
refusal, one more after each round that went well (additive increase, multiplicative decrease, as TCP finds its share).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class AtOnce:
    """Room for at most `room` requests together, never more than `most`. One for each channel and process."""

    def __init__(self, most: int) -> None:
        self.most, self.room = most, float(most)
        self.open = 0
        self._refusals = 0
        self._left = asyncio.Event()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[int]:
        """Wait for room and take it. What it yields tells `crowded` when the request began."""
        while self.open >= int(self.room):
            self._left.clear()
            await self._left.wait()
        self.open += 1
        try:
            yield self._refusals
        finally:
            self.open -= 1
            self._left.set()

    def crowded(self, began: int) -> None:
        """LINE said so. Requests that began before the last halving tell nothing new."""
        if began == self._refusals:
            self.room = max(1.0, min(self.room, self.open) / 2)
            self._refusals += 1

    def went_well(self) -> None:
        self.room = min(float(self.most), self.room + 1 / self.room)
