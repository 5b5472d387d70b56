"""One busy town and one browser for all page tests of a worker; without sharing them each page would cost a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Cookie, Page, sync_playwright

from .browsing import launch, signed_in
from .busy_town import BusyTown, busy_town
from .catalogue import Place

PHONE = (360, 740)
OpenPlace = Callable[..., Page]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyTown]:
    with busy_town(tmp_path_factory.mktemp("busy")) as town:
        yield town


@pytest.fixture(scope="module")  # Playwright keeps an event loop running: other modules' stories need theirs
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def staff_cookies(chromium: Browser, town: BusyTown) -> list[Cookie]:
    return signed_in(chromium, town)


@pytest.fixture(scope="module")
def visitors(chromium: Browser) -> Iterator[Callable[[Place, tuple[int, int], dict[str, object]], Page]]:
    """One browser tab for each way of looking: a new one for every page cost as much as opening the page."""
    tabs: dict[str, Page] = {}

    def visitor(place: Place, size: tuple[int, int], options: dict[str, object]) -> Page:
        given = {"locale": "ja-JP", "java_script_enabled": place.script, **options}
        kind = repr(sorted(given.items()))
        if kind not in tabs:
            tabs[kind] = chromium.new_context(**given).new_page()
        tab = tabs[kind]
        tab.set_viewport_size({"width": size[0], "height": size[1]})
        tab.emulate_media(media="screen", color_scheme="light", reduced_motion="no-preference", forced_colors="none")
        tab.context.clear_cookies()
        return tab

    yield visitor
    for tab in tabs.values():
        tab.context.close()


@pytest.fixture
def open_place(visitors, town: BusyTown, staff_cookies: list[Cookie]) -> Iterator[OpenPlace]:
    """`open_place(place)` goes there as somebody new and does its deed; `reading` is the cookie that says how somebody reads."""
    opened: set[Page] = set()

    def open_place(place: Place, reading: str = "", size: tuple[int, int] = PHONE, **options) -> Page:
        page = visitors(place, size, options)
        page.context.add_cookies(staff_cookies if place.staff else [])
        page.context.add_cookies([{"name": "reading", "value": reading, "url": town.address}] if reading else [])
        page.goto(place.address(town))
        if place.deed is not None:
            place.deed(page)
        if place.stages is not None:
            place.stages(page, town)
        opened.add(page)
        return page

    yield open_place
    for page in opened:
        rest(page, town)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, visitors, town: BusyTown) -> Iterator[Page]:
    """A resident's telephone, on the first page: nobody's cookies in it, and what was loaded once stays loaded."""
    tab = visitors(Place("a story", "/", script=request.param), PHONE, {})
    tab.goto(town.address)
    yield tab
    rest(tab, town)


def rest(tab: Page, town: BusyTown) -> None:
    """A festival left running in its tab took a third of a core from all stories behind it. A page of the same town keeps its process."""
    tab.goto(f"{town.address}/healthz", wait_until="commit")
