"""Two browsers really used: a host on the air, a viewer who raises a hand, asks, is given the floor and is thanked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from streaming import Gate

from .chromium import in_chromium, shown, watch

pytestmark = in_chromium
PATIENT_MS = 20_000


def test_a_viewer_raises_a_hand_is_given_the_floor_and_thanked(open_page, served):
    address, var = served
    ticket = Gate((var / "secret.key").read_text()).issue("stage", "host", datetime.now(UTC), timedelta(minutes=5))
    host = open_page(f"{address}/live/stage/host?ticket={ticket}")
    host.locator("#publish").click()
    viewer = open_page(f"{address}/live/stage")
    watch(viewer)
    assert shown(viewer, 10, patience_s=30) >= 10
    viewer.locator("#hand").click()
    host.get_by_role("button", name="どうぞ").click(timeout=PATIENT_MS)
    viewer.locator("#face").click(timeout=PATIENT_MS)
    host.locator(".guest video").wait_for(timeout=PATIENT_MS)
    assert shown(host, 5, patience_s=20, what=".guest video") >= 5
    host.get_by_role("button", name="お礼を言って終える").click(timeout=PATIENT_MS)
    viewer.get_by_text("ありがとうございました。").wait_for(timeout=PATIENT_MS)
