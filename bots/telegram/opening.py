"""Opens Telegram's way out; kept apart so that a town without Telegram does not pay for its library (0.1 s and 20 MB at start)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pacing import Pace

if TYPE_CHECKING:
    from .client import TelegramChannel
    from .voices import Recordings


async def open_telegram(
    token: str, api_url: str = "", timeout_s: float = 10.0, pace: Pace | None = None, recordings: Recordings | None = None
) -> TelegramChannel:
    """The channel with its one client; call it inside the running event loop, once, at start. `api_url` is a double in tests.

    `recordings` finds the sound of a spoken answer by its id; without it answers are only written.
    """
    from .client import open_telegram as open_client  # optional heavy engine: only where the channel is on

    return await open_client(token, api_url, timeout_s, pace, recordings or _no_recording)


def _no_recording(speech_id: str) -> None:
    """Where nothing speaks, answers are only written."""
