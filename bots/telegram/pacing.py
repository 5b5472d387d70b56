"""How fast Telegram may be written to: without it a long answer in a busy hour would run into flood control and stop everybody's.

Telegram asks for at most about thirty messages a second in all, one a second in a chat and twenty a minute in a group.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from bots.errors import TryLater

REMEMBERED_CHATS = 10_000
LONGEST_WAIT_S = 6.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two messages: to anybody, to the same person, to the same group."""

    overall_s: float = 1 / 30
    chat_s: float = 1.0
    group_s: float = 3.0


class Pacing:
    """Gives each message its turn. One for each bot and process."""

    def __init__(
        self, pace: Pace | None = None, clock: Callable[[], float] = monotonic, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._pace, self._clock, self._sleep = pace or Pace(), clock, sleep
        self._free_at: OrderedDict[str, float] = OrderedDict()
        self._anybody_at = 0.0

    async def turn(self, chat_id: str) -> None:
        """Wait until this chat may get a message. Raises TryLater when that would take too long to wait here."""
        now = self._clock()
        at = max(now, self._anybody_at, self._free_at.get(chat_id, 0.0))
        if at - now > LONGEST_WAIT_S:
            raise TryLater("Many messages wait for Telegram already.", at - now)
        self._anybody_at = at + self._pace.overall_s
        self._free_at[chat_id] = at + (self._pace.group_s if chat_id.startswith("-") else self._pace.chat_s)
        self._free_at.move_to_end(chat_id)
        if len(self._free_at) > REMEMBERED_CHATS:
            self._free_at.popitem(last=False)
        if at > now:
            await self._sleep(at - now)

    def hold(self, chat_id: str, seconds: float) -> None:
        """Telegram asked for a pause: nothing to this chat before it is over."""
        self._free_at[chat_id] = max(self._free_at.get(chat_id, 0.0), self._clock() + seconds)
