"""The real thing: Chromium publishes its camera, Chromium watches with one tap, and the pictures it decodes are counted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from streaming import Gate
from tests.servers import free_port, python, running

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking "
    "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream "
    "--autoplay-policy=no-user-gesture-required --allow-loopback-in-peer-connection --disable-features=WebRtcHideLocalIpsWithMdns"
)
SHOWN = "document.getElementById('picture').getVideoPlaybackQuality().totalVideoFrames"
PUBLISH = """async ([token, codec]) => {
  const stream = await navigator.mediaDevices.getUserMedia({video: true, audio: true});
  window.own = new RTCPeerConnection();
  for (const track of stream.getTracks()) {
    const sent = own.addTransceiver(track, {direction: "sendonly", streams: [stream]});
    if (track.kind === "video") sent.setCodecPreferences(RTCRtpSender.getCapabilities("video").codecs.filter(c => c.mimeType === codec));
  }
  await own.setLocalDescription(await own.createOffer());
  const headers = {Authorization: "Bearer " + token, "Content-Type": "application/sdp"};
  const reply = await fetch("/whip/hall", {method: "POST", headers, body: own.localDescription.sdp});
  if (reply.status !== 201) return await reply.text();
  await own.setRemoteDescription({type: "answer", sdp: await reply.text()});
  return "on the air";
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed, so nothing was watched in a browser."),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    port, var = free_port(), tmp_path_factory.mktemp("live")
    environment = {"INCLUSION_VAR": str(var), "LOG_LEVEL": "WARNING", "DATABASE_URL": ""}
    with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/healthz", environment, patience_s=60):
        yield f"http://127.0.0.1:{port}", var


@pytest.fixture
def open_page() -> Iterator:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", permissions=["camera", "microphone"])

        def open_one(address: str) -> Page:
            page = context.new_page()
            page.goto(address)
            return page

        yield open_one
        chromium.close()


def shown(page: Page, at_least: int, patience_s: float = 15) -> int:
    until = time.monotonic() + patience_s
    while (count := page.evaluate(SHOWN)) < at_least and time.monotonic() < until:
        time.sleep(0.02)
    return count


def watch(page: Page) -> None:
    page.get_by_role("button", name="見る", exact=True).click()


def test_the_sample_festival_is_watched_with_one_tap(open_page, served):
    page = open_page(f"{served[0]}/live/sample")
    watch(page)
    assert shown(page, 30) >= 30
    assert page.get_by_role("status").inner_text() == "いま放送中です。"
    page.get_by_role("button", name="見るのをやめる").click()
    assert page.get_by_role("button", name="見る", exact=True).is_visible()


@pytest.mark.parametrize("codec", ["video/H264", "video/VP8"])
def test_a_camera_published_by_one_chromium_is_decoded_by_another(open_page, served, codec):
    address, var = served
    token = Gate((var / "secret.key").read_text()).issue("hall", "host", datetime.now(UTC), timedelta(minutes=5))
    publisher = open_page(f"{address}/openapi.json")  # a page of ours without the pages' ban on cameras
    outcome = publisher.evaluate(PUBLISH, [token, codec])
    if codec == "video/H264" and "codec" in outcome:
        pytest.skip("This Chromium does not encode H264.")
    assert outcome == "on the air"
    viewer = open_page(f"{address}/live/hall")
    watch(viewer)
    assert shown(viewer, 40) >= 40
