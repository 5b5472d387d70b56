"""Two browsers really used: a host on the air, a viewer who raises a hand, asks, is given the floor and is thanked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from streaming import Gate

from .chromium import in_chromium, shown, watch

pytestmark = in_chromium
PATIENT_MS = 20_000


def in_sight(page: Page, selector: str) -> bool:
    """Whole above the bar that stays at the foot of the page."""
    page.wait_for_timeout(300)  # the page glides there
    part, bar = (page.locator(one).bounding_box() for one in (selector, ".help-bar"))
    return part["y"] >= 0 and part["y"] + part["height"] <= bar["y"]


def test_a_viewer_raises_a_hand_is_given_the_floor_and_thanked(open_page, served):
    address, var = served
    ticket = Gate((var / "secret.key").read_text()).issue("stage", "host", datetime.now(UTC), timedelta(minutes=5))
    host = open_page(f"{address}/live/stage/host?ticket={ticket}")
    host.locator("#publish").click()
    viewer = open_page(f"{address}/live/stage")
    viewer.set_viewport_size({"width": 412, "height": 800})
    watch(viewer)
    assert shown(viewer, 10, patience_s=60) >= 10
    assert in_sight(viewer, "#hand")
    viewer.locator("#hand").click()
    viewer.locator("#hand-words:not(:empty)").wait_for()
    assert in_sight(viewer, "#hand") and in_sight(viewer, "#hand-words")
    host.get_by_role("button", name="どうぞ").click(timeout=PATIENT_MS)
    viewer.locator("#face").click(timeout=PATIENT_MS)
    host.locator(".guest video").wait_for(timeout=PATIENT_MS)
    assert shown(host, 5, patience_s=60, what=".guest video") >= 5
    host.get_by_role("button", name="お礼を言って終える").click(timeout=PATIENT_MS)
    viewer.get_by_text("ありがとうございました。").wait_for(timeout=PATIENT_MS)
