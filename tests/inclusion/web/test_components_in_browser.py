"""Every page part in a real Chromium, held to the sizes, contrasts and rules that eighty-year-old eyes and hands need."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, Page, sync_playwright

from inclusion.web.assets import Assets
from inclusion.web.pages import page_environment

from .test_browser import CHROMIUM, FLAGS, SIDEWAYS, SIZES_OF_TARGETS, SMALLEST_TEXT, axe_source
from .test_words_and_parts import COMPONENTS

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed.")]
RULES = "{runOnly: ['wcag2a','wcag2aa','wcag2aaa','wcag21aa','wcag22aa']}"
ORDER = """() => [...document.querySelectorAll('a[href], button, input, summary')]
  .filter(e => e.checkVisibility()).map(e => e.textContent.trim() || e.id)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS.split(), "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def gallery(chromium: Browser) -> Iterator:
    contexts = []

    def show(name: str, extra: str = "", width: int = 320, letters: str = "standard", **options) -> Page:
        contexts.append(chromium.new_context(viewport={"width": width, "height": 700}, **options))
        page = contexts[-1].new_page()
        page.set_content(sheet_of(name, extra, letters))
        return page

    yield show
    for context in contexts:
        context.close()


def sheet_of(name: str, extra: str, letters: str) -> str:
    """All examples of one part on one page, with the styles the pages have."""
    folder = files("accessibility") / "components" / name
    plan = tomllib.loads((folder / "examples.toml").read_text(encoding="utf-8"))
    macro = getattr(page_environment().get_template(f"components/{name}/macro.html").module, plan["macro"])
    styles = Assets.gather().by_name["page.css"].content.decode("utf-8")
    shown = Markup("").join(macro(**example) for example in plan["example"])
    body = f"<ul style='padding:0'>{shown}</ul>" if name == "ticket" else shown
    return (
        f"<!doctype html><html lang='ja' data-letters='{letters}'><head><title>{name}</title><style>{styles}</style></head>"
        f"<body><main style='padding:16px;display:grid;gap:24px'><h1>{name}</h1>{body}{extra}</main></body></html>"
    )


def complaints(page: Page) -> list[tuple[str, str]]:
    page.evaluate(axe_source())
    found = page.evaluate(f"axe.run(document, {RULES})")
    return [(rule["id"], node["html"][:90]) for rule in found["violations"] for node in rule["nodes"]]


def small_targets(page: Page) -> list:
    return [target for target in page.evaluate(SIZES_OF_TARGETS) if min(target[1:]) < 60]


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_part_passes_axe_in_light_and_dark(gallery, name):
    assert complaints(gallery(name)) == [] and complaints(gallery(name, color_scheme="dark")) == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_part_is_large_enough_and_stays_inside_a_small_screen_at_double_text(gallery, name):
    page = gallery(name)
    assert small_targets(page) == [] and page.evaluate(SMALLEST_TEXT) >= 20
    page.evaluate("document.documentElement.style.fontSize = '40px'")
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("name", COMPONENTS)
def test_the_keyboard_reaches_everything_in_reading_order_and_one_sees_where_it_is(gallery, name):
    page = gallery(name)
    reached = []
    for _ in range(page.evaluate(ORDER).__len__()):
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.matches('[tabindex=\"0\"], audio')"):
            page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body"):
            reached.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
            assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "4px"
    assert [one for one in page.evaluate(ORDER) if one in reached] == [one for one in reached if one in page.evaluate(ORDER)]


def test_forced_colours_reduced_motion_and_print_keep_every_part_readable(gallery):
    page = gallery("button", forced_colors="active", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).borderTopStyle") == "solid"
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


BAD = {
    "contrast": "<p style='color:#888'>薄い字</p>",
    "name": "<button style='min-width:60px;min-height:60px'></button>",
    "label": "<input id='x' style='min-width:60px;min-height:60px'>",
}


@pytest.mark.parametrize("fault", BAD)
def test_axe_notices_a_planted_fault(gallery, fault):
    """Control."""
    assert complaints(gallery("button", BAD[fault])) != []


def test_the_measures_notice_small_wide_and_tiny_things(gallery):
    """Control: what axe does not see, our own measures do."""
    page = gallery(
        "button", "<a href='/' style='display:inline-block'>小</a><p style='font-size:12px'>小さい字</p><div style='width:900px'>広い</div>"
    )
    assert small_targets(page) and page.evaluate(SMALLEST_TEXT) < 20 and page.evaluate(SIDEWAYS) > 0


def test_ruby_is_left_out_when_text_is_copied_and_stays_in_one_piece(gallery):
    ruby = "<p id='r'><span><ruby>粗大<rp>（</rp><rt>そだい</rt><rp>）</rp></ruby>ごみ</span></p>"
    page = gallery("button", ruby)
    page.evaluate("getSelection().selectAllChildren(document.getElementById('r'))")
    assert page.evaluate("getSelection().toString()").strip() == "粗大ごみ"
    page.add_style_tag(content="rt { user-select: text !important; -webkit-user-select: text !important }")
    page.evaluate("getSelection().selectAllChildren(document.getElementById('r'))")
    assert page.evaluate("getSelection().toString()").strip() != "粗大ごみ"
