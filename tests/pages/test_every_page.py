"""Every page in every state, held to every rule; and each rule with a page that it must reject."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from . import measures
from .browsing import CHROMIUM
from .catalogue import EVERY_PLACE, RESIDENTS, Place

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed.")]
READ_OTHERWISE = {"easy, furigana, largest": "ja-easy.largest.on.on.90.off", "English": "en.large.off.on.90.off"}
OTHER_TONGUES = {"Chinese": "zh-Hans.large.off.on.90.off", "Korean": "ko.largest.off.on.90.off"}

BAD_PAGES = {
    "rules": "<p style='color:#777'>text</p>",
    "dark_contrast": "<style>@media (prefers-color-scheme: dark) { body { background: #333; } }</style><p style='color:#555'>text</p>",
    "targets": "<button style='height:40px;width:200px'>Send</button>",
    "letters": "<p style='font-size:18px'>text</p>",
    "reflow": "<p style='width:340px'>text</p>",
    "keyboard": "<style>a { outline: none !important }</style><a href='#a'>one</a>",
    "person": "<p>nobody to turn to</p>",
    "motion": "<style>@keyframes turn { to { rotate: 1turn } } p { animation: turn 1s infinite }</style><p>text</p>",
    "own_colours": "<button style='border:0'>Send</button>",
    "edges": "<label>consent <input type='checkbox'></label>",
    "paper": "<style>body { background: #222; color: #fff }</style><p>text</p>",
    "names": "<button><svg aria-hidden='true'></svg></button>",
}
WORSE_PAGES = {
    "paper": "<button>Send</button>",
    "edges": "<style>@media (prefers-color-scheme: dark) { main { background: #111 } }</style><input style='border:3px solid #555'>",
    "keyboard": "<div style='position:fixed;inset:auto 0 0;height:80vh'></div><p style='height:9em'></p><a href='#a'>under it</a>",
    "rules": "<p style='color:#666;background:#fff;font-size:30px'>large but pale</p>",
    "targets": "<button class='main-action' style='height:70px;width:200px'>Ask</button>",
    "reflow": "<p style='font-size:1rem;width:18em'>text</p>",
}
PERSON = "<footer class='help-bar' style='position:fixed;inset:{} 0 {} 0'><a class='help-bar__call' href='tel:119'>a person</a></footer>"
ONLY_BROKEN_SO = {  # by pages on which everything else is as it should be
    "keyboard, out of order": "<style>* { outline: 4px solid }</style><a href='#a'>1</a> <a href='#b' tabindex='1'>2</a> <a href='#'>3</a>",
    "person, at the top": PERSON.format("0", "auto"),
    "person, not the last": PERSON.format("auto", "0") + "<a href='#a'>one more</a>",
    "person, twice": 2 * PERSON.format("auto", "0"),
}
TOLD = {
    "keyboard, out of order": "out of order",
    "person, at the top": "px from the left",
    "person, not the last": "behind the way",
    "person, twice": "2 ways",
}

READINGS = {**READ_OTHERWISE, **OTHER_TONGUES}
STAFF_READINGS = READ_OTHERWISE  # staff pages speak Japanese and English


DEAR = (measures.rules, measures.keyboard, measures.dark_contrast, measures.paper)  # half a second of a processor each, and more
CHEAP = tuple(one for one in measures.CHECKS if one not in DEAR)
SCRIPTED = [one for one in EVERY_PLACE if one.script]


def looked_at() -> list[Place]:
    """Every page as one meets it first, and a third of the other states of such pages. `make soak` looks at all."""
    first = {one.path.partition("?")[0]: one for one in reversed(SCRIPTED)}
    return [*first.values()][::-1] + [one for one in SCRIPTED if one not in first.values()][::3]


def in_its_turn() -> list[object]:
    """Each with one of the dear rules, in turn, so that each of them meets every kind of page. `make soak` holds all to all."""
    return [pytest.param(one, DEAR[number % len(DEAR)], id=one.name) for number, one in enumerate(looked_at())]


def in_another_reading() -> list[object]:
    """Every ninth page, in turn in one of the ways it can be read, so that each way meets several kinds of page.
    All of them in all ways are read by `make soak`."""
    pages = [one for one in SCRIPTED if one.stages is None]
    ways = [list((STAFF_READINGS if one.staff else READINGS).items()) for one in pages]
    turns = [(one, *way[number % len(way)]) for number, (one, way) in enumerate(zip(pages, ways, strict=True))]
    return [pytest.param(one, reading, id=f"{one.name}, {name}") for one, name, reading in turns[::9]]


def found(page, checks) -> dict[str, list[str]]:
    complaints = {check.__name__: check(page) for check in checks}
    return {name: told for name, told in complaints.items() if told}


@pytest.mark.parametrize(("place", "dear"), in_its_turn())
def test_every_page_passes_every_cheap_rule_and_a_dear_one(open_place, place: Place, dear: measures.Check):
    page = open_place(place)
    assert found(page, (*CHEAP, dear)) == {}
    assert len(main := measures.main_actions(page)) == place.main, main


@pytest.mark.soak
@pytest.mark.parametrize("place", SCRIPTED, ids=lambda place: place.name)
def test_every_page_passes_every_rule(open_place, place: Place):
    assert found(open_place(place), measures.CHECKS) == {}


@pytest.mark.parametrize(("place", "reading"), in_another_reading())
def test_every_page_holds_in_another_reading(open_place, place: Place, reading: str):
    assert found(open_place(place, reading), measures.OTHERWISE_READ) == {}


@pytest.mark.soak
@pytest.mark.parametrize("reading", READ_OTHERWISE.values(), ids=READ_OTHERWISE)
@pytest.mark.parametrize("place", SCRIPTED, ids=lambda place: place.name)
def test_every_page_holds_however_one_reads(open_place, place: Place, reading: str):
    assert found(open_place(place, reading), (*measures.OTHERWISE_READ, measures.rules)) == {}


@pytest.mark.soak
@pytest.mark.parametrize("reading", OTHER_TONGUES.values(), ids=OTHER_TONGUES)
@pytest.mark.parametrize("place", [one for one in RESIDENTS if one.script], ids=lambda place: place.name)
def test_every_page_for_residents_holds_in_every_tongue(open_place, place: Place, reading: str):
    assert found(open_place(place, reading), (*measures.OTHERWISE_READ, measures.rules)) == {}


CONTROLS = [*BAD_PAGES.items(), *WORSE_PAGES.items()]


@pytest.mark.parametrize(("rule", "body"), CONTROLS, ids=[f"{name} {number}" for number, (name, _) in enumerate(CONTROLS)])
def test_each_rule_rejects_a_page_that_breaks_it(chromium: Browser, rule: str, body: str):
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.set_content(
        f"<!doctype html><html lang='ja'><head><title>t</title></head><body style='font-size:20px'><main><h1>h</h1>{body}</main>"
    )
    assert getattr(measures, rule)(page)
    page.close()


@pytest.mark.parametrize("name", ONLY_BROKEN_SO)
def test_a_rule_rejects_a_page_for_this_reason_alone(chromium: Browser, name: str):
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.set_content(f"<!doctype html><html lang='ja'><title>t</title><body><main><h1>h</h1></main>{ONLY_BROKEN_SO[name]}")
    complaints = getattr(measures, name.partition(",")[0])(page)
    assert len(complaints) == 1 and TOLD[name] in complaints[0]
    page.close()


def test_a_person_where_a_person_belongs_is_accepted_and_two_main_actions_are_counted(chromium: Browser):
    """Control of the controls."""
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.set_content(f"<button class='main-action'>a</button><button class='button--main'>b</button>{PERSON.format('auto', '0')}")
    assert measures.person(page) == [] and len(measures.main_actions(page)) == 2
    page.close()


def test_every_rule_has_such_a_page_and_its_turn():
    assert {check.__name__ for check in measures.CHECKS} == set(BAD_PAGES)
    assert set(CHEAP) | {one.values[1] for one in in_its_turn()} == set(measures.CHECKS)


def test_no_page_is_forgotten(town):
    """Every address that shows a page stands in the catalogue; what is not a page is named here."""
    not_pages = {
        "/metrics",
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/static/{name}",
        "/pictures/{name}",
        "/lessons/verify_draw.py",
        "/lessons/draws/{draw_id}",
        "/live/{room}/questions/{number}",
    }
    endings = (
        ".ics",
        ".csv",
        ".m3u8",
        ".m4s",
        ".mp4",
        ".m4a",
        ".ogg",
        "/paper",
        "/certificate",
        "/together",
        "/captions",
        ".vtt",
        "/figures",
    )
    for_programs = ("/api/", "/webhooks/", "/whip/", "/whep/", "/paper/", "/mine/record", "/mine/enter/", "/kiosk/talks/")
    shown = [town.paths.get(one.path, one.path).partition("?")[0] for one in EVERY_PLACE]
    missing = [
        route
        for route in town.routes
        if route not in not_pages and not route.endswith(endings) and not route.startswith(for_programs)
        if not any(re.fullmatch(re.sub(r"\\?\{\w+\\?\}", "[^/]+", re.escape(route)), path) for path in shown)
    ]
    assert missing == []
