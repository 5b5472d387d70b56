"""Ends a command that runs until it is told to stop; without it a service manager's SIGTERM cut every goodbye short."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


def ended_by_signal(work: Coroutine[Any, Any, None]) -> bool:
    """Runs `work` to its end, or until SIGINT or SIGTERM cancels it; whether a signal did.

    A shell starts what runs behind it deaf to SIGINT, so asyncio.run alone would not hear it there.
    """
    try:
        asyncio.run(_listening(work))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return True
    return False


async def _listening(work: Coroutine[Any, Any, None]) -> None:
    running = asyncio.ensure_future(work)
    with suppress(NotImplementedError):  # Windows: Ctrl-C comes as KeyboardInterrupt
        for ending in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(ending, running.cancel)
    await running
