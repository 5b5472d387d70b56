"""Lines of live captions come while somebody uses the page: they take neither the focus nor a place in the tab order."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from .browsing import CHROMIUM
from .catalogue import Place

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed.")]
ROOM = Place("live, sample", "/live/sample")
# The page's own script writes the lines, as it does when the server sends them; `greedy` is the same script with one bad habit.
LINES_COME = """async (greedy) => {
  const { Captions } = await import("/static/live-captions.js");
  const Greedy = class extends Captions { add(line) { super.add(line); this.log.focus(); } };
  const parts = ["captions", "captions-now", "captions-log", "captions-note"].map((id) => document.getElementById(id));
  const captions = new (greedy ? Greedy : Captions)("sample", "", ...parts);
  for (const number of [1, 2, 3]) captions.add({ number, text: `${number}番目の太鼓です。`, final: true });
  return document.activeElement.id;
}"""


def focus_after_lines(page: Page, greedy: bool) -> str:
    page.locator("#watch").focus()
    focused: str = page.evaluate(LINES_COME, greedy)
    assert page.locator("#captions-log p").all_inner_texts()[-1] == "3番目の太鼓です。"
    return focused


def test_new_captions_leave_the_focus_where_it_is(open_place) -> None:
    page = open_place(ROOM)
    assert focus_after_lines(page, greedy=False) == "watch"
    assert page.locator("#captions").is_visible() and page.locator("#captions-log [tabindex], #captions-log a").count() == 0


def test_captions_that_take_the_focus_are_noticed(open_place) -> None:
    """Control."""
    assert focus_after_lines(open_place(ROOM), greedy=True) == "captions-log"
