"""The settings form is made once for each way of reading, and still shows each reader's own choices."""

from __future__ import annotations

import re
from typing import Any

import pytest

from inclusion.web.assets import Assets
from inclusion.web.chat_page import SAMPLES, View
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.typed_text import LIMIT
from tests.towns import demo_town


@pytest.fixture(scope="module")
def pages() -> Pages:
    town = demo_town()
    return Pages(town, town.messages, Assets.gather())


def page(pages: Pages, reader: Reader) -> str:
    carried: dict[str, Any] = {"sealed": "s", "turn": "t", "paper": "", "speech": "", "hears": False}
    return pages.html("chat.html", reader, view=View("c", None), samples=SAMPLES, limit=LIMIT, **carried)


def pressed(html: str) -> set[tuple[str, str]]:
    return set(re.findall(r'name="(\w+)" value="([\w-]+)"[^>]*aria-pressed="true"', html))


def test_each_reader_sees_the_own_choices_whoever_came_before(pages: Pages) -> None:
    first, other = Reader(), Reader(tongue="en", letters="largest", voice=False)
    before = page(pages, first)
    assert {("tongue", "en"), ("letters", "largest"), ("voice", "off")} <= pressed(page(pages, other))
    assert page(pages, first) == before and {("tongue", "ja"), ("letters", "large"), ("voice", "on")} <= pressed(before)


def test_what_is_kept_is_what_would_be_made_anew(pages: Pages) -> None:
    kept = page(pages, Reader())
    pages._kept.clear()
    assert page(pages, Reader()) == kept
