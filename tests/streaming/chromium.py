"""How the tests start Chromium and what they look for in it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking "
    "--use-fake-device-for-media-stream=fps=10 --use-fake-ui-for-media-stream "
    "--autoplay-policy=no-user-gesture-required --allow-loopback-in-peer-connection --disable-features=WebRtcHideLocalIpsWithMdns"
)
SHOWN = "what => document.querySelector(what).getVideoPlaybackQuality().totalVideoFrames"
in_chromium = [
    pytest.mark.browser,
    pytest.mark.xdist_group("chromium"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed, so nothing was watched in a browser."),
]


def shown(page: Page, at_least: int, patience_s: float = 15, what: str = "#picture") -> int:
    until = time.monotonic() + patience_s
    while (count := page.evaluate(SHOWN, what)) < at_least and time.monotonic() < until:
        time.sleep(0.02)
    return count


def watch(page: Page) -> None:
    page.get_by_role("button", name="見る", exact=True).click()
