"""The page in a real Chromium: with and without JavaScript, small screens, large letters, sizes of everything one presses."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from accessibility import Furigana, Readings
from inclusion.web.app import create_app
from inclusion.web.assets import Assets
from inclusion.web.mine_pages import mine_router
from inclusion.web.own_record import KeptTalk
from inclusion.web.pages import Pages
from inclusion.web.services import WebServices
from tests.headless import CHROMIUM

from .fakes import NOW, FakeAsker, FakeRecord, messages, services, town

PLACES = ("/", "/mine")

FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
PHONE, TABLET, DESKTOP, NARROW = (390, 844), (820, 1180), (1366, 900), (320, 640)
SIZES_OF_TARGETS = """() => [...document.querySelectorAll('a, button, summary, textarea, input:not([type=hidden])')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.matches('.skip'))
  .map(e => [e.textContent.trim().slice(0, 20) || e.id, e.getBoundingClientRect().width, e.getBoundingClientRect().height])"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll('body *:not(rt, rp)')].filter(e => e.checkVisibility() &&
  [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => parseFloat(getComputedStyle(e).fontSize)))"""

SIZES_OF_READINGS = "() => [...document.querySelectorAll('rt')].map(e => parseFloat(getComputedStyle(e).fontSize))"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed, so the page was not tried in a browser."),
]


def whole_web(asker: FakeAsker) -> WebServices:
    """The pages as a town shows them: with furigana, the person's own record and paper."""
    furigana = Furigana({}, Readings(), lambda: None)
    record = FakeRecord({"talk-1": KeptTalk("1,600円です。", NOW, {})})
    pages = Pages(town(), messages(), Assets.gather(), furigana, PLACES)
    mine = mine_router(pages, record, lambda: NOW, "http://testserver")
    return services(asker=asker, furigana=furigana, nav=PLACES, prints=lambda: None, extra_routers=[mine])


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
def address(asker: FakeAsker) -> Iterator[str]:
    """The app on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(create_app(whole_web(asker)), port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS.split(), "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, address: str):
    """`open_page(size, script=…)` opens the first page; every error the browser reports fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_one(size=PHONE, script=True, **options) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script, locale="ja-JP", bypass_csp=False, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.goto(address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def ask(page: Page, text: str) -> None:
    page.get_by_label("聞きたいこと").or_(page.get_by_label("続けて聞く")).fill(text)
    page.get_by_role("button", name="聞く", exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_resident_asks_answers_back_and_gets_the_fee(open_page, asker, script):
    page = open_page(script=script)
    ask(page, "長いすを捨てたい")
    page.get_by_role("button", name="2人掛け").click()
    page.get_by_role("heading", name="長いす（2人掛け）の手数料は1,600円です。").wait_for()
    assert [text for text, _, _ in asker.asked] == ["長いすを捨てたい", "2人掛けです"]
    assert page.locator(".turn").count() == (2 if script else 1)


def test_with_javascript_the_talk_stays_in_one_log_and_focus_is_not_stolen(open_page):
    page = open_page()
    box = page.get_by_label("聞きたいこと")
    box.fill("長いす")
    page.get_by_role("button", name="聞く", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("log").get_by_text("長いすは何人掛けですか。").wait_for()
    assert page.evaluate("document.activeElement.className") == "main-action"
    page.get_by_role("button", name="2人掛け").focus()
    page.keyboard.press("Enter")
    page.get_by_text("1,600円").first.wait_for()
    assert page.evaluate("document.activeElement.className") == "turn"
    assert page.get_by_role("button", name="2人掛け").count() == 0


TAKES_FOCUS = "(log) => new MutationObserver(() => log.lastElementChild.focus()).observe(log, { childList: true })"


@pytest.mark.parametrize(("page_is", "focused"), [("ours", "main-action"), ("one that takes the focus", "turn")])
def test_an_answer_leaves_the_focus_where_the_person_is_writing(open_page, page_is, focused):
    """With its control: on a page whose log focuses what comes new, the same look finds the focus gone."""
    page = open_page()
    if page_is != "ours":
        page.evaluate(f"({TAKES_FOCUS})(document.getElementById('log'))")
    page.get_by_label("聞きたいこと").fill("長いす")
    page.get_by_role("button", name="聞く", exact=True).press("Enter")
    page.get_by_role("log").get_by_text("長いすは何人掛けですか。").wait_for()
    assert page.evaluate("document.activeElement.className") == focused


def test_while_an_answer_is_on_its_way_the_page_says_so_and_a_second_tap_is_not_sent(open_page, asker):
    page = open_page()
    asker.lock.acquire()
    ask(page, "長いす")
    page.get_by_role("status").get_by_text("考えています…").wait_for()
    page.get_by_role("button", name="聞く", exact=True).click()
    asker.lock.release()
    page.get_by_text("長いすは何人掛けですか。").wait_for()
    assert len(asker.asked) == 1 and page.get_by_role("status").inner_text() == ""


def test_without_a_network_the_page_says_what_to_do(open_page):
    page = open_page()
    page.route("**/*", lambda route: route.fulfill(body="the page of some proxy on the way"))
    page.get_by_label("聞きたいこと").fill("長いす")
    page.get_by_role("button", name="聞く", exact=True).click()
    page.get_by_role("status").get_by_text("つながりませんでした").wait_for()
    assert page.get_by_label("聞きたいこと").input_value() == "長いす"


def test_letters_and_language_change_without_losing_the_answer(open_page, asker):
    page = open_page()
    ask(page, "2人掛け")
    page.get_by_text("1,600円").first.wait_for()
    page.locator("summary").click()
    page.get_by_role("button", name="とても大きい").click()
    page.locator("html[data-letters=largest]").wait_for()
    page.locator("summary").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="Talk to a person").wait_for()
    assert page.get_by_text("1,600円").count() and len(asker.asked) == 1


def test_telling_the_bot_to_write_larger_changes_the_page_in_place(open_page):
    page = open_page()
    ask(page, "larger, please")
    page.locator("html[lang=en][data-letters=largest]").wait_for()
    page.get_by_role("link", name="Talk to a person").wait_for()
    assert page.get_by_role("button", name="Ask", exact=True).count() == 1


def walk(page: Page, look) -> None:
    """Looks at every state a resident meets: first page, settings, a question back, an answer, a problem, an error."""
    look(page)
    page.locator("summary").click()
    look(page)
    page.locator("summary").click()
    ask(page, "長いす")
    page.get_by_text("何人掛けですか").first.wait_for()
    look(page)
    page.get_by_role("button", name="2人掛け").click()
    page.get_by_text("1,600円").first.wait_for()
    look(page)
    for place in ("mine", "mine/erase"):
        page.goto(f"{page.url.split('/mine')[0].rstrip('/')}/{place}")
        look(page)


@pytest.mark.parametrize(
    "size",
    [PHONE, DESKTOP, *(pytest.param(size, marks=pytest.mark.soak) for size in (TABLET, NARROW))],
    ids=["phone", "desktop", "tablet", "narrow"],
)
def test_everything_one_presses_is_large_and_all_text_at_least_20_pixels(open_page, size):
    page = open_page(size)

    def look(page: Page) -> None:
        assert [target for target in page.evaluate(SIZES_OF_TARGETS) if min(target[1:]) < 60] == []
        assert page.evaluate(SMALLEST_TEXT) >= 20
        assert page.locator(".main-action, .button--main").first.bounding_box()["height"] >= 88

    walk(page, look)


def test_the_measure_of_targets_notices_a_small_one(open_page):
    page = open_page()
    page.evaluate("document.querySelector('.pill, .brand').style.cssText = 'min-height:0;height:40px'")
    assert [target for target in page.evaluate(SIZES_OF_TARGETS) if min(target[1:]) < 60]


@pytest.mark.parametrize(
    ("letters", "zoom"),
    [("standard", 1), ("largest", 2), *(pytest.param(*one, marks=pytest.mark.soak) for one in (("standard", 2), ("largest", 1)))],
)
def test_nothing_scrolls_sideways_at_320_pixels_and_double_text(open_page, letters, zoom):
    page = open_page(NARROW)
    page.locator("summary").click()
    page.locator(f"button[value={letters}]").click()
    page.locator(f"html[data-letters={letters}]").wait_for()
    size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.evaluate(f"document.documentElement.style.fontSize = '{size * zoom}px'")

    def look(page: Page) -> None:
        assert page.evaluate(SIDEWAYS) <= 0

    walk(page, look)


def test_the_keyboard_reaches_the_question_first_by_the_skip_link(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0


def test_the_way_to_a_person_is_in_the_same_place_on_every_page(open_page, address):
    page = open_page()
    first = page.locator(".help-bar").bounding_box()
    ask(page, "長いす")
    page.get_by_text("何人掛けですか").first.wait_for()
    assert page.locator(".help-bar").bounding_box() == first


def axe_source() -> str:
    return (Path(pytest.importorskip("axe_core_python").__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def look_with_axe(page: Page) -> None:
    page.evaluate(axe_source())
    options = "{runOnly: ['wcag2a','wcag2aa','wcag2aaa','wcag21aa','wcag22aa','best-practice']}"
    found = page.evaluate(f"axe.run(document, {options})")
    assert [(rule["id"], node["html"][:120]) for rule in found["violations"] for node in rule["nodes"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_about(open_page, scheme):
    seen = []

    def look(page: Page) -> None:
        look_with_axe(page)
        seen.append((page.url.rsplit("/", 1)[-1], page.evaluate("getComputedStyle(document.body).backgroundColor")))

    walk(open_page(color_scheme=scheme), look)
    assert [place for place, _ in seen[-2:]] == ["mine", "erase"] and len(seen) == 6
    assert (sum(map(int, re.findall(r"\d+", seen[0][1])[:3])) < 200) == (scheme == "dark")  # it really was dark, or light


def test_with_furigana_the_page_is_as_sound_and_nothing_scrolls_sideways(open_page):
    page = open_page(NARROW)
    page.locator("summary").click()
    page.locator("button[name=furigana][value=on]").click()
    page.locator("html[data-furigana=on] ruby").first.wait_for()
    page.locator("#text").fill("2人掛け")
    page.locator(".main-action").click()
    page.locator(".turn ruby").first.wait_for()
    look_with_axe(page)
    assert page.evaluate(SIDEWAYS) <= 0 and min(page.evaluate(SIZES_OF_READINGS)) >= 12
