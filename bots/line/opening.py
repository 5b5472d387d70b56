"""Opens LINE's way out; kept apart so that a town without LINE does not pay for its library (0.8 s and 45 MB at start)."""

from __future__ import annotations

from bots.delivery import Channel


async def open_line(
    access_token: str, api_url: str = "", timeout_s: float = 10.0, pool_size: int = 100, channel_id: str = "", channel_secret: str = ""
) -> Channel:
    """The channel with its one client; call it inside the running event loop, once, at start. `api_url` is a double in tests.

    With a `channel_id` the access token is asked for with the channel's secret and renewed by itself.
    """
    from .client import open_line as open_client  # optional heavy engine: only where the channel is on

    return await open_client(access_token, api_url, timeout_s, pool_size, channel_id, channel_secret)
