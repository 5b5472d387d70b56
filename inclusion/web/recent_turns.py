"""Answers each sent form once; without this file a double tap or a reload would put the same item into the basket twice."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Final

from .services import AskReply

KEPT_FOR_S: Final = 600.0
MAX_TURNS: Final = 1_000


class RecentTurns:
    """Replies of the last ten minutes by turn key; two hands on the same key get one and the same reply."""

    def __init__(self, clock: Callable[[], float], max_turns: int = MAX_TURNS) -> None:
        self._clock, self._max = clock, max_turns
        self._turns: OrderedDict[str, tuple[float, asyncio.Task[AskReply]]] = OrderedDict()

    def knows(self, key: str) -> bool:
        self._forget_old()
        return key in self._turns

    async def once(self, key: str, ask: Callable[[], Coroutine[Any, Any, AskReply]]) -> AskReply:
        """The reply to this key, asking only when nobody did; a failed asking is forgotten so that it can be tried again."""
        self._forget_old()
        if key not in self._turns:
            self._turns[key] = (self._clock(), asyncio.create_task(ask()))
        try:
            return await asyncio.shield(self._turns[key][1])
        except Exception:
            self._turns.pop(key, None)
            raise

    def _forget_old(self) -> None:
        while self._turns:
            begun, task = next(iter(self._turns.values()))
            if not task.done() or (len(self._turns) < self._max and self._clock() - begun < KEPT_FOR_S):
                return
            self._turns.popitem(last=False)


def turn_key(turn: str, text: str) -> str:
    """One sent form: the page's own number and the words, so that the "back" button may send other words from the same page."""
    return hashlib.sha256(f"{turn}\n{text}".encode()).hexdigest()[:32]
