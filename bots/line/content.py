"""Fetches what somebody said on LINE; without it a voice message would be a number and nothing to hear.

LINE prepares sound first (transcoding: processing, succeeded, failed) and answers 202 while it is not ready. A message whose content is
kept elsewhere (`contentProvider` external) is not fetched: its address was written by whoever sent it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp

from bots.errors import RecordingNotReady, RecordingRefused, TryLater
from bots.message import Message
from bots.reading import part, words

from .menu_setting import LINE_FILES
from .tokens import Tokens

WAITS_S: Final = (0.2, 0.3, 0.5, 1.0, 1.0, 2.0, 2.0, 3.0)  # between two looks: ten seconds in all, then the event is tried again later
PIECE: Final = 64 * 1024
Sleep = Callable[[float], Awaitable[None]]


class Content:
    """LINE's content address, over the channel's one session. `host` replaces LINE's (a double in tests)."""

    def __init__(
        self, session: aiohttp.ClientSession, tokens: Tokens, host: str = "", timeout_s: float = 10.0, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._session, self._tokens, self._host = session, tokens, host or LINE_FILES
        self._timeout, self._sleep = aiohttp.ClientTimeout(total=timeout_s), sleep

    async def fetch(self, message: Message, longest_s: float, most_bytes: int) -> bytes:
        """The sound of a voice message. Raises RecordingNotReady or RecordingRefused."""
        told = part(message.raw, "message")
        duration = told.get("duration")
        if isinstance(duration, int) and duration > longest_s * 1000:
            raise RecordingRefused("audio_too_long")
        if not message.message_id or words(part(told, "contentProvider"), "type") not in ("", "line"):
            raise RecordingRefused("not_audio")
        for wait_s in (0.0, *WAITS_S):
            if wait_s:
                await self._sleep(wait_s)
            if await self._is_prepared(message.message_id):
                found = await self._content(message.message_id, most_bytes)
                if found is not None:
                    return found
        raise RecordingNotReady("LINE is still preparing the recording.")

    async def _is_prepared(self, message_id: str) -> bool:
        status, body = await self._get(f"{message_id}/content/transcoding", 10_000)
        if status == 404:  # a double, or a message that needs no preparing: the content itself will tell
            return True
        if status != 200:
            raise _unexpected(status)
        state = _state(body)
        if state == "failed":
            raise RecordingRefused("broken_audio")
        return state == "succeeded"

    async def _content(self, message_id: str, most_bytes: int) -> bytes | None:
        """The bytes, None while LINE answers 202."""
        status, body = await self._get(f"{message_id}/content", most_bytes)
        if status == 200:
            return body
        if status == 202:
            return None
        raise _unexpected(status)

    async def _get(self, path: str, most_bytes: int) -> tuple[int, bytes]:
        """Read in pieces, so that a recording of hours costs no more memory than the largest allowed."""
        try:
            headers = {"Authorization": f"Bearer {await self._tokens.current()}"}
            address = f"{self._host}/v2/bot/message/{path}"
            async with self._session.get(address, headers=headers, timeout=self._timeout, allow_redirects=False) as answer:
                body = bytearray()
                async for piece in answer.content.iter_chunked(PIECE):
                    body += piece
                    if len(body) > most_bytes:
                        raise RecordingRefused("audio_too_large")
                return answer.status, bytes(body)
        except (aiohttp.ClientError, TimeoutError, OSError, TryLater) as error:
            raise RecordingNotReady(f"LINE did not hand over the recording ({type(error).__name__}).") from None


def _state(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return "processing"
    return str(told.get("status", "")) if isinstance(told, dict) else "processing"


def _unexpected(status: int) -> Exception:
    """Gone for good, or trouble that may pass (an expired token, a full queue, LINE's own)."""
    if status in (400, 404, 410):
        return RecordingRefused("broken_audio")
    return RecordingNotReady(f"LINE did not hand over the recording (status {status}).")
