"""Every page part alone, with all its examples, held to the rules that whole pages are held to; each on one load."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, Page

from inclusion.web.assets import Assets
from inclusion.web.pages import page_environment
from inclusion.web.town_readings import RUBY

from . import measures
from .browsing import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("pages"),  # where the one town of this folder runs
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]
COMPONENTS = sorted(folder.name for folder in (files("accessibility") / "components").iterdir() if folder.is_dir())
RULES = measures.CHECKS_OF_PARTS
# What would break each part for who asked for less motion, has colours of their own, or prints.
BREAKS = {
    "motion": "main > :not(h1) { animation: turning 1s infinite }",
    "own_colours": "main * { border: 0 !important; text-decoration: none !important }",
    "edges": "input, select, textarea { border-color: transparent !important }",
    "paper": "main > :not(h1) { background: #222 !important }",
}
# What there is to break: seen on that medium, and looked at by the rule.
BREAKABLE = {
    "motion": "main > :not(h1, style)",
    "own_colours": "main :is(a[href], button, textarea, select, input:not([type=checkbox], [type=radio]))",
    "edges": "input:not([type=hidden]), select, textarea",
    "paper": "main > :not(h1, style, button, .button)",
}
NOTHING_TO_BREAK = {
    "motion": ("listen",),  # hidden until a script shows it
    "own_colours": ("captions", "card", "chat_log", "listen", "notice", "player", "step_list", "table", "ticket"),
    "edges": tuple(name for name in COMPONENTS if name not in ("form_field", "recorder")),
    "paper": ("breadcrumb", "button", "choice_button", "listen", "recorder"),
}
SEEN = "(wanted) => [...document.querySelectorAll(wanted)].some((e) => e.checkVisibility())"


@pytest.fixture(scope="module")
def sheet(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    yield page
    page.close()


def sheet_of(name: str, extra: str = "") -> str:
    """All examples of one part on one page, with the styles the pages have."""
    folder = files("accessibility") / "components" / name
    plan = tomllib.loads((folder / "examples.toml").read_text(encoding="utf-8"))
    macro = getattr(page_environment().get_template(f"components/{name}/macro.html").module, plan["macro"])
    styles = Assets.gather().by_name["page.css"].content.decode("utf-8")
    shown = Markup("").join(macro(**example) for example in plan["example"])
    body = f"<ul style='padding:0'>{shown}</ul>" if name == "ticket" else shown
    return (
        f"<!doctype html><html lang='ja' data-letters='large'><head><title>{name}</title><style>{styles}</style></head>"
        f"<body><main style='padding:16px;display:grid;gap:24px;grid-template-columns:minmax(0,1fr)'><h1>{name}</h1>{body}{extra}</main>"
    )


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_part_passes_every_rule(sheet: Page, name: str) -> None:
    sheet.set_content(sheet_of(name))
    complaints = {rule.__name__: told for rule in RULES if (told := rule(sheet))}
    assert complaints == {}


@pytest.mark.parametrize("rule", BREAKS)
@pytest.mark.parametrize("name", COMPONENTS)
def test_a_part_broken_on_purpose_is_rejected(sheet: Page, name: str, rule: str) -> None:
    """Control, part by part; only what is not there (a notice has nothing to press, breadcrumbs are not printed) cannot break."""
    sheet.set_content(sheet_of(name, f"<style>{BREAKS[rule]}</style>"))
    sheet.emulate_media(media="print" if rule == "paper" else "screen")
    breakable = sheet.evaluate(SEEN, BREAKABLE[rule])
    assert bool(getattr(measures, rule)(sheet)) == breakable
    assert breakable or name in NOTHING_TO_BREAK[rule]


def test_ruby_is_left_out_when_text_is_copied_and_stays_in_one_piece(sheet: Page) -> None:
    sheet.set_content(sheet_of("button", "<p id='r'><span><ruby>粗大<rp>（</rp><rt>そだい</rt><rp>）</rp></ruby>ごみ</span></p>"))
    sheet.evaluate("getSelection().selectAllChildren(document.getElementById('r'))")
    assert sheet.evaluate("getSelection().toString()").strip() == "粗大ごみ"
    sheet.add_style_tag(content="rt { user-select: text !important; -webkit-user-select: text !important }")
    sheet.evaluate("getSelection().selectAllChildren(document.getElementById('r'))")
    assert sheet.evaluate("getSelection().toString()").strip() != "粗大ごみ"


WORD = RUBY.format(3, "粗大", "そだい")
BESIDE = Markup("粗大<span>そだい</span>")


@pytest.mark.parametrize(("word", "heard"), [(WORD, "粗大ごみ"), (BESIDE, "粗大そだいごみ")], ids=["ruby", "control: kana beside it"])
def test_a_screen_reader_meets_a_word_with_kana_above_it_once(sheet: Page, word: Markup, heard: str) -> None:
    """In running text and in the name of a control the tree holds the kanji, and the kana only as what describes the word."""
    sheet.set_content(sheet_of("button", f"<p>{word}ごみ</p><a id='named' href='#x'>{word}ごみ</a>"))
    told = measures.read_aloud(sheet)
    assert "".join(told["StaticText"]).count("そだい") == heard.count("そだい") * 2
    assert told["link"] == [heard]
