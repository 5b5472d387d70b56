"""Nothing that belongs together is torn at the end of a line on a telephone: numbers to call, receipt numbers, words with kana."""

from __future__ import annotations

from itertools import product

import pytest

from .browsing import CHROMIUM
from .catalogue import EVERY_PLACE
from .measures import TWICE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("pages"),  # where the one town of this folder runs
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]
PLACES = {place.name: place for place in EVERY_PLACE}
LOOKED_AT = ("talk, classes", "class, form with gaps", "application, waiting", "call me back, no number", "staff class")
CALLED = ("talk, a fee", "talk, not understood", "class, form with gaps", "call me back, no number", "live, called off")
TORN = r"""() => {
  const whole = /0\d{1,4}-\d{1,4}-\d{3,4}|\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b/g, found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const hit of node.data.matchAll(whole)) {
      const range = document.createRange();
      range.setStart(node, hit.index);
      range.setEnd(node, hit.index + hit[0].length);
      const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (tops.size > 1) found.push(hit[0]);
    }
  return found;
}"""


READINGS = ("ja.large.off.on.90.off", "ja-easy.largest.on.on.90.off", "en.large.off.on.90.off")


def in_every_reading() -> list[object]:
    """Each page in one of the ways in turn; in all of them by `make soak`."""
    own = {(name, READINGS[number % len(READINGS)]) for number, name in enumerate(LOOKED_AT)}
    return [pytest.param(*one, marks=() if one in own else pytest.mark.soak) for one in product(LOOKED_AT, READINGS)]


@pytest.mark.parametrize(("name", "reading"), in_every_reading())
def test_no_number_is_torn(open_place, name: str, reading: str):
    assert open_place(PLACES[name], reading).evaluate(TORN) == []


@pytest.mark.parametrize(
    "name", ("talk, a fee", "talk, not understood", "class, form with gaps", "call me back, no number", "live, called off")
)
def test_no_number_to_call_is_torn_on_a_narrow_screen_with_letters_twice_as_large(open_place, name: str):
    page = open_place(PLACES[name], "", (320, 640))
    page.evaluate(f"document.documentElement.style.fontSize = '{TWICE}px'")
    torn, wide = page.evaluate(TORN), page.evaluate("document.documentElement.scrollWidth")
    assert torn == [] and wide <= 320


def test_such_a_number_is_found_where_nothing_holds_it(chromium):
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.set_content("<p style='font-size:40px;width:200px'>03-1234-5678</p>")
    assert page.evaluate(TORN) == ["03-1234-5678"]
    page.close()
