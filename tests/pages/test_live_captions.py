"""What a script writes into a page while somebody uses it: live captions take neither the focus nor a place in the tab order, and whoever
reads with kana finds them there too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from .browsing import CHROMIUM
from .catalogue import Place, speaks_without_a_microphone
from .live_states import hand_raised, kiosk_answers, kiosk_without_a_microphone, reads_captions

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("pages"),  # where the one town of this folder runs
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]
ROOM = Place("live, sample", "/live/sample")
TOLD_BY_SCRIPTS = (
    (Place("talk, no microphone", "/", deed=speaks_without_a_microphone), ".recorder__state"),
    (Place("kiosk, no microphone", "/kiosk", stages=kiosk_without_a_microphone), "#status"),
    (Place("kiosk, answer", "/kiosk", stages=kiosk_answers), "#heard, #answer, #lines p"),
    (Place("live, hand up", "/live", stages=hand_raised), "#hand, #hand-words"),
    (Place("live, captions shown", "/live", stages=reads_captions), ".captions__gloss"),
)
WITH_KANA, EASY, WITHOUT = "ja.large.on.on.100.off", "ja-easy.large.on.on.100.off", "ja.large.off.on.100.off"
# What stands there, and of it the kanji without kana above.
BARE = """(parts) => parts.map((part) => {
  const copy = part.cloneNode(true);
  copy.querySelectorAll("ruby").forEach((ruby) => ruby.remove());
  return [part.textContent, copy.textContent.match(/[一-龥]/g) || []];
})"""
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


def test_captions_say_that_they_are_japanese_on_a_page_in_another_language(open_place) -> None:
    """A Chinese voice read them aloud, and lines broke inside words."""
    page = open_place(Place("live, captions shown", "/live", stages=reads_captions), "zh-Hans.large.off.on.100.off")
    tongues = page.locator("#captions-now, #captions-log > p").evaluate_all("(parts) => parts.map((part) => part.lang)")
    assert len(tongues) > 2 and set(tongues) == {"ja"}
    assert page.locator("#captions-log").evaluate("(log) => log.closest('[lang]').lang") == "zh-Hans"  # its name is in the reader's own


WHOLE = "(part) => part.getBoundingClientRect().bottom <= part.closest('.captions__now').getBoundingClientRect().bottom"


def test_a_line_of_captions_and_what_explains_it_are_in_sight_whole(open_place) -> None:
    """Two lines were shown and the rest cut off: on a telephone the newest words, and what explains them."""
    page = open_place(Place("live, captions shown", "/live", stages=reads_captions), EASY)
    assert page.locator(".captions__gloss").evaluate(WHOLE)
    page.locator(".captions__now").evaluate("(part) => { part.style.height = '3em'; }")  # control
    assert not page.locator(".captions__gloss").evaluate(WHOLE)


def test_captions_that_take_the_focus_are_noticed(open_place) -> None:
    """Control."""
    assert focus_after_lines(open_place(ROOM), greedy=True) == "captions-log"


def bare_kanji(page: Page, told: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = page.locator(told).evaluate_all(BARE)
    assert found and all(words.strip() for words, _ in found)
    return found


@pytest.mark.parametrize(("place", "told"), TOLD_BY_SCRIPTS, ids=[place.name for place, _ in TOLD_BY_SCRIPTS])
def test_what_a_script_says_has_kana_above_every_kanji(open_place, place: Place, told: str) -> None:
    page = open_place(place, EASY)
    assert [bare for _, bare in bare_kanji(page, told) if bare] == []


def test_a_volunteers_week_has_kana_and_its_choices_are_in_kana(open_place) -> None:
    page = open_place(Place("volunteer's week", "volunteer_week"), WITH_KANA)
    assert [bare for _, bare in bare_kanji(page, "tbody th, .volunteers__half, thead th") if bare] == []
    assert "こられません" in page.locator("tbody select").first.inner_text()  # 来（こ）られ… was cut off before its ending


def test_the_place_in_the_line_stands_in_the_sentence_with_kana(open_place) -> None:
    page = open_place(Place("live, hand up", "/live", stages=hand_raised), WITH_KANA)
    ((words, bare),) = bare_kanji(page, "#hand-words")
    assert "1" in words and "{" not in words and bare == []


def test_who_reads_without_kana_gets_none_from_a_script(open_place) -> None:
    """Control: the same sentence, bare."""
    page = open_place(Place("talk, no microphone", "/", deed=speaks_without_a_microphone), WITHOUT)
    ((_, bare),) = bare_kanji(page, ".recorder__state")
    assert bare and page.locator(".recorder__state ruby").count() == 0


def test_a_wish_for_another_language_changes_what_the_script_says_too(open_place) -> None:
    """The page is not loaded anew: it said 「考えています」 to whoever had just asked for English."""
    page = open_place(Place("talk", "/"), WITH_KANA)
    page.locator("#text").fill("English please")
    page.locator(".question .main-action").click()
    page.locator("html[lang=en]").wait_for()
    assert page.locator("#kana template").count() == 0
    speaks_without_a_microphone(page)
    said = page.locator(".recorder__state").inner_text() + str(page.locator("#talk").get_attribute("data-thinking"))
    assert said and not re.search("[ぁ-んァ-ヶ一-龥]", said)
