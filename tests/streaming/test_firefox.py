"""A second browser: Firefox publishes, watches and raises a hand; and without H264 it is given what it can play."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from streaming import Gate

from .firefox import FIREFOX, firefox

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(FIREFOX is None, reason="Firefox is not installed, so nothing was watched in it."),
]
SEND = """(async () => {
  const { sending } = await import("/static/live-link.js");
  window.link = sending("fox", %s, await navigator.mediaDevices.getUserMedia({ audio: true, video: true }));
  await link.open();
  return "on the air";
})()"""
WIDTH = 640  # of Firefox's own test picture


async def test_firefox_publishes_and_another_tab_watches_and_raises_a_hand(served, tmp_path):
    address, var = served
    token = Gate((var / "secret.key").read_text()).issue("fox", "host", datetime.now(UTC), timedelta(minutes=5))
    async with firefox(tmp_path) as host:
        await host.goto(f"{address}/live")
        assert await host.ask(SEND % json.dumps(token)) == "on the air"
        viewer = await host.another()
        await viewer.goto(f"{address}/live/fox")
        await viewer.press("見る")
        assert await viewer.until("document.querySelector('#status').innerText === 'いま放送中です。'")
        await asyncio.sleep(10)  # longer than a picture that is none is put up with
        assert await viewer.ask("document.querySelector('#status').innerText") == "いま放送中です。"
        assert await viewer.ask("document.querySelector('#picture').videoWidth") == WIDTH
        await viewer.press("手をあげる")
        assert await viewer.until("document.querySelector('#hand').getAttribute('aria-pressed') === 'true'")


async def test_the_sample_festival_reaches_a_firefox_whatever_it_can_decode(served, tmp_path):
    """H264 over WebRTC is a part that Firefox fetches for itself later, and without the system's decoders it has none in files either."""
    async with firefox(tmp_path) as viewer:
        await viewer.goto(f"{served[0]}/live/sample")
        await viewer.press("見る")
        said = (
            "['いま放送中です。', 'いま放送中です。（少し遅れて映ります）', 'この機械では映像が出せないため、音だけをお届けしています。']"
        )
        assert await viewer.until(f"{said}.includes(document.querySelector('#status').innerText)")
        assert await viewer.until("document.querySelector('#picture').currentTime > 1")
