"""The real thing: Chromium publishes its camera, Chromium watches with one tap, and the pictures it decodes are counted."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher

import pytest
from playwright.sync_api import Page

from inclusion.web.live.sample import ANNOUNCED
from streaming import Gate

from .chromium import in_chromium, shown, watch

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

OFFERS_H264 = """() => {
  const add = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function (kind, how) {
    const made = add.call(this, kind, how);
    const known = RTCRtpReceiver.getCapabilities("video").codecs;
    if (kind === "video") made.setCodecPreferences(known.filter((one) => one.mimeType === "video/H264"));
    return made;
  };
}"""
WITHOUT_VP8 = """() => {
  const take = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (described) {
    return take.call(this, described.type === "offer" ? { type: "offer", sdp: described.sdp.replaceAll("VP8/", "VP7/") } : described);
  };
}"""
SILENCED = """
window.AudioContext = class extends EventTarget { constructor() { super(); this.state = "suspended"; window.refused = true; } close() {} };
"""
WITHOUT_FILES = "() => { HTMLMediaElement.prototype.canPlayType = () => ''; }"

pytestmark = in_chromium


def likeness(page: Page, patience_s: float) -> float:
    """How like one of the announcements the likest line is; who came in the middle of one reads its end first."""
    until, best = time.monotonic() + patience_s, 0.0
    while best < 0.7 and time.monotonic() < until:
        lines = [page.locator("#captions-now").inner_text(), *page.locator("#captions-log").inner_text().splitlines()]
        best = max(SequenceMatcher(None, line, said).ratio() for line in lines for said in ANNOUNCED)
        time.sleep(0.1)
    return best


def test_the_sample_festival_is_watched_with_one_tap_and_captioned_by_the_shipped_ears(open_page, served):
    page = open_page(f"{served[0]}/live")
    page.get_by_role("link", name="見る").first.click()  # the one tap: there the picture begins by itself
    page.wait_for_url("**/live/*")
    assert shown(page, 30, patience_s=60) >= 30  # a busy machine needs a while to draw the festival
    assert page.locator("#status").inner_text() == "いま放送中です。"
    assert likeness(page, patience_s=60) >= 0.7, page.locator("#captions-log").inner_text()
    assert "試験中" in page.locator("#captions-note").inner_text()
    page.get_by_role("button", name="音だけ聞く").click()
    page.get_by_text("音だけを聞いています").wait_for(timeout=60_000)
    before = shown(page, 10**9, patience_s=1)
    assert shown(page, before + 5, patience_s=2) <= before + 3  # no picture comes any more
    page.get_by_role("button", name="映像も見る").click()
    assert shown(page, before + 30, patience_s=60) >= before + 30
    page.get_by_role("button", name="見るのをやめる").click()
    assert page.get_by_role("button", name="見る", exact=True).is_visible()


def test_where_the_server_makes_an_offer_of_its_own_the_page_answers_it_and_the_picture_comes(open_page, served):
    """WHEP draft 03, section 4.2.2: the page first offers H264 alone, the room sends VP8, which this browser can play as well."""
    address, var = served
    token = Gate((var / "secret.key").read_text()).issue("hall", "host", datetime.now(UTC), timedelta(minutes=5))
    assert open_page(f"{address}/openapi.json").evaluate(PUBLISH, [token, "video/VP8"]) == "on the air"
    viewer = open_page(f"{address}/live/hall")
    viewer.evaluate(OFFERS_H264)
    with viewer.expect_response(lambda reply: reply.request.method == "PATCH") as answered:
        watch(viewer)
    assert answered.value.status == 204
    assert shown(viewer, 20, patience_s=60) >= 20
    assert viewer.locator("#status").inner_text() == "いま放送中です。"


def test_where_a_browser_lets_no_sound_begin_without_a_press_on_the_page_the_large_button_waits(open_page, served):
    """Safari, and whoever comes by a link from elsewhere."""
    page = open_page(f"{served[0]}/live/sample#begin", SILENCED)
    page.wait_for_function("window.refused")
    page.wait_for_timeout(300)
    assert page.get_by_role("button", name="見る", exact=True).is_visible()
    watch(page)
    assert shown(page, 3, patience_s=60) >= 3


SIZES = """async (token) => {
  const { sending } = await import("/static/live-link.js");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
  window.link = sending("sizes", token, stream, { sizes: true });
  await link.open();
}"""
WIDTH = "document.querySelector('#picture').videoWidth"
SENT = """async () => [...(await link.connection.getStats()).values()]
  .filter((row) => row.type === "outbound-rtp" && row.kind === "video" && row.framesSent > 5).map((row) => row.rid)"""


def test_our_page_sends_its_camera_in_several_sizes_and_a_viewer_is_shown_ever_larger_ones(open_page, served):
    address, var = served
    token = Gate((var / "secret.key").read_text()).issue("sizes", "host", datetime.now(UTC), timedelta(minutes=5))
    publisher = open_page(f"{address}/openapi.json")
    publisher.evaluate(SIZES, token)
    viewer = open_page(f"{address}/live/sizes")
    watch(viewer)
    assert shown(viewer, 20) >= 20
    first, until = viewer.evaluate(WIDTH), time.monotonic() + 90
    while (width := viewer.evaluate(WIDTH)) <= first and time.monotonic() < until:
        time.sleep(0.1)
    assert width > first
    assert {"small", "middle"} <= set(publisher.evaluate(SENT))
    before = shown(viewer, 10**9, patience_s=0.1)
    assert shown(viewer, before + 20) >= before + 20


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
    if codec == "video/VP8":
        a_viewer_without_it_gets_what_there_is(open_page(f"{address}/live/hall"))


def a_viewer_without_it_gets_what_there_is(viewer: Page) -> None:
    """A browser that decodes no VP8 is shown the files, drawn again in H264; one that plays no files either hears the sound and why."""
    viewer.evaluate(OFFERS_H264)
    viewer.evaluate(WITHOUT_VP8)
    watch(viewer)
    viewer.get_by_text("少し遅れて映ります").wait_for(timeout=60_000)
    assert shown(viewer, 20, patience_s=60) >= 20
    viewer.get_by_role("button", name="見るのをやめる").click()
    viewer.evaluate(WITHOUT_FILES)
    watch(viewer)
    viewer.get_by_text("この機械では映像が出せない").wait_for(timeout=60_000)
    assert viewer.evaluate("document.querySelector('#picture').srcObject.getTracks().map((one) => one.kind).join()") == "audio"
