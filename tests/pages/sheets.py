"""Draws every state of every page as somebody meets it, many on a sheet, for people to look at; a rule finds only what it asks for.

    python -m tests.pages.sheets /tmp/sheets [WAY …]        (ways: see `WAYS`; without one all are drawn)

A page longer than a sheet goes on in the next column. What a sheet shows stands in its own `.txt` beside it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Cookie, Error, Page, sync_playwright

from .browsing import launch, signed_in
from .busy_town import BusyTown, busy_town
from .catalogue import EVERY_PLACE, Place
from .measures import TWICE

SHEET = (1530, 1560)
GAP = 12
LEAST = 150  # of a page in a column: less tells nothing
# on a page drawn whole the bar would lie across the middle
IN_ITS_PLACE = "document.querySelectorAll('.help-bar').forEach(bar => { bar.style.position = 'static'; })"
TABLET, DESKTOP, PHONE, A4 = (768, 1024), (1280, 900), (360, 740), (794, 1123)


@dataclass(frozen=True)
class Way:
    """How somebody looks: `reading` is the cookie of her choices, `scale` what a sheet shows of a pixel."""

    size: tuple[int, int] = PHONE
    reading: str = ""
    scale: float = 0.5
    options: dict[str, Any] = field(default_factory=dict)
    twice: bool = False
    printed: bool = False


WAYS = {
    "phone": Way(),
    "tablet": Way(TABLET, scale=0.37),
    "desktop": Way(DESKTOP, scale=0.29),
    "dark": Way(options={"color_scheme": "dark"}),
    "twice": Way(twice=True, scale=0.4),
    "kana": Way(reading="ja.large.on.on.90.off"),
    "easy": Way(reading="ja-easy.largest.on.on.90.off"),
    "en": Way(reading="en.large.off.on.90.off"),
    "zh": Way(reading="zh-Hans.large.off.on.90.off"),
    "ko": Way(reading="ko.largest.off.on.90.off"),
    "forced": Way(options={"forced_colors": "active"}),
    "print": Way(A4, scale=0.37, printed=True),
}


def draw(folder: Path, ways: list[str], wanted: str = "") -> None:
    """Writes WAY-01.png, WAY-02.png … into `folder`, each with the names of its states in WAY-01.txt; `wanted` is part of their names."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var, busy_town(Path(var)) as town, sync_playwright() as playwright:
        browser = launch(playwright)
        cookies = signed_in(browser, town)
        for name in ways:
            pictures = _pictures(browser, town, WAYS[name], cookies, wanted)
            for number, (sheet, shown) in enumerate(_sheets(pictures), 1):
                sheet.save(folder / f"{name}-{number:02}.png")
                (folder / f"{name}-{number:02}.txt").write_text("\n".join(shown) + "\n", encoding="utf-8")
                print(f"{name}-{number:02}: {', '.join(shown)}", flush=True)
        browser.close()


def _pictures(browser: Browser, town: BusyTown, way: Way, cookies: list[Cookie], wanted: str) -> Iterator[tuple[str, Image.Image]]:
    for place in EVERY_PLACE:
        if wanted not in place.name or (way.reading[:2] in ("zh", "ko") and place.staff):
            continue
        try:
            yield place.name, _picture(browser, town, way, cookies, place)
        except (Error, AssertionError) as error:  # one state that will not come must not cost all sheets
            print(f"{place.name}: {error}", file=sys.stderr)


def _picture(browser: Browser, town: BusyTown, way: Way, cookies: list[Cookie], place: Place) -> Image.Image:
    size = {"width": way.size[0], "height": way.size[1]}
    given: dict[str, Any] = {"viewport": size, "locale": "ja-JP", "java_script_enabled": place.script, **way.options}
    context = browser.new_context(**given)
    if place.staff:
        context.add_cookies(cookies)
    if way.reading:
        context.add_cookies([{"name": "reading", "value": way.reading, "url": town.address}])
    try:
        page = context.new_page()
        page.goto(place.address(town))
        _reach(page, place, town)
        return _seen(page, way)
    finally:
        context.close()


def _reach(page: Page, place: Place, town: BusyTown) -> None:
    if place.deed is not None:
        place.deed(page)
    if place.stages is not None:
        place.stages(page, town)


def _seen(page: Page, way: Way) -> Image.Image:
    if way.printed:
        page.emulate_media(media="print")
    page.evaluate(IN_ITS_PLACE)
    if way.twice:
        page.evaluate(f"document.documentElement.style.fontSize = '{TWICE}px'")
    image = Image.open(BytesIO(page.screenshot(full_page=True, animations="disabled")))
    return image.convert("RGB").resize((round(image.width * way.scale), round(image.height * way.scale)), Image.Resampling.LANCZOS)


def _sheets(pictures: Iterator[tuple[str, Image.Image]]) -> Iterator[tuple[Image.Image, list[str]]]:
    sheet, shown, left, below = Image.new("RGB", SHEET, "magenta"), list[str](), 0, 0
    for name, picture in pictures:
        top = 0
        while top < picture.height:
            if SHEET[1] - below < min(LEAST, picture.height - top):
                left, below = left + picture.width + GAP, 0
            if left + picture.width > SHEET[0] and shown:
                yield sheet, shown
                sheet, shown, left, below = Image.new("RGB", SHEET, "magenta"), [], 0, 0
            piece = picture.crop((0, top, picture.width, min(top + SHEET[1] - below, picture.height)))
            sheet.paste(piece, (left, below))
            top, below = top + piece.height, below + piece.height + GAP
            shown.extend([] if name in shown else [name])
    yield sheet, shown


if __name__ == "__main__":
    chosen = [one for one in sys.argv[2:] if one in WAYS]
    draw(Path(sys.argv[1]), chosen or list(WAYS), next((one for one in sys.argv[2:] if one not in WAYS), ""))
