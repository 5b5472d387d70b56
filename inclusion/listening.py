"""Hears the voice messages of channels; without it whoever cannot type would be told to type.

A recording lives in memory only, and only until its words are known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from accessibility.hearing import Ears, EarsAway, EarsOff, Heard, HearingError, Limits
from bots import Channel, Message, RecordingNotReady, RecordingRefused

PATIENCE_S: Final = 24.0  # fetching and hearing together: shorter than the lease of the event
AT_ONCE: Final = 6


class Listening:
    """Threads of its own, so that recordings which wait for the ears never hold up those who type."""

    def __init__(
        self,
        ears: Ears,
        channels: Mapping[str, Channel],
        limits: Limits | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._ears, self._channels = ears, channels
        self._limits, self._patience_s = limits or Limits(), patience_s
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="listening")

    def takes(self, message: Message) -> bool:
        """Whether this is a voice message to be answered, from a channel that can hand it over."""
        return message.kind == "audio" and message.may_answer and message.sender.channel in self._channels

    async def hear(self, message: Message, language: str, hints: tuple[str, ...] = (), last_try: bool = False) -> Heard | str:
        """What was said, or the code of the reason why nothing was heard. `hints` are words it may contain, the likeliest first.

        Raises RecordingNotReady or EarsAway when it may go better in a moment; on the `last_try` that is a reason like any other.
        """
        try:
            async with asyncio.timeout(self._patience_s):
                return await self._heard(message, language, hints)
        except RecordingRefused as refused:
            return refused.code
        except (RecordingNotReady, EarsAway, TimeoutError):
            if not last_try:
                raise
            return EarsAway.code
        except EarsOff:
            return EarsOff.code
        except HearingError as refused:
            return refused.code

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._ears.stop()

    async def _heard(self, message: Message, language: str, hints: tuple[str, ...]) -> Heard:
        channel = self._channels[message.sender.channel]
        recording = await channel.recording(message, self._limits.seconds, self._limits.size)
        hearing = partial(self._ears.hear, recording, language, hints)
        return await asyncio.get_running_loop().run_in_executor(self._threads, hearing)
