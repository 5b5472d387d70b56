"""What every page is held to, one function a rule; each returns its complaints, so that a control page can show that it has some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_core_python
from playwright.sync_api import Error, Page

Complaints = list[str]
Check = Callable[[Page], Complaints]
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
MEASURES = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").partition("\n")[2]
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TWICE = 46  # twice the letters a first visitor sees (23 px), also for who reads larger ones
CONTRAST, WEAKER_CONTRAST = "color-contrast-enhanced", "color-contrast"
FINDINGS = """async ([options, contrast, least]) => {
  const found = await axe.run(document, options);
  const start = (node) => node.html.slice(0, 120);
  const broken = found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${start(node)}`));
  const measured = found.passes.filter((rule) => rule.id === contrast).flatMap((rule) => rule.nodes);
  const ratio = (node) => node.any[0].data?.contrastRatio || least;
  return [...broken, ...measured.filter((node) => ratio(node) < least).map((node) => `${ratio(node)}:1: ${start(node)}`)];
}"""
SMALLEST_TARGET, MAIN_TARGET, SMALLEST_TEXT, SMALLEST_READING, LEAST_CONTRAST, LEAST_EDGE = 60, 88, 20, 12, 7.0, 3.0
USED = ("button", "link", "textbox", "combobox", "checkbox", "radio", "DisclosureTriangle", "spinbutton", "Date", "video", "audio", "log")


def ask(page: Page, name: str) -> Any:
    """What the function `name` of measures.js finds."""
    try:
        return page.evaluate(f"measures.{name}()")
    except Error as missing:
        if "measures is not defined" not in str(missing):
            raise
    page.evaluate(f"globalThis.measures = {MEASURES.strip()}; 0")
    return page.evaluate(f"measures.{name}()")


def rules(page: Page) -> Complaints:
    """axe-core: WCAG 2.2 A, AA, AAA and its best practices; and every contrast it measured, also that of large letters, at least 7:1."""
    return _axe(page, {"runOnly": TAGS})


def rules_but_colours(page: Page) -> Complaints:
    """The same without contrast, which takes most of axe's time and does not depend on how somebody reads."""
    return _axe(page, {"runOnly": TAGS, "rules": {CONTRAST: {"enabled": False}}})


def dark_contrast(page: Page) -> Complaints:
    """The colours alone, as the dark page has them."""
    page.emulate_media(color_scheme="dark")
    found = _axe(page, {"runOnly": {"type": "rule", "values": [CONTRAST]}})
    page.emulate_media(color_scheme="light")
    return found


def _axe(page: Page, options: dict[str, Any]) -> Complaints:
    """Only what is wrong crosses over: the findings of a long list take half a megabyte. The rule for 7:1 holds the one for 4.5:1."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    lighter: dict[str, Any] = {"selectors": False, "resultTypes": ["violations", "passes"]}
    if options["runOnly"] == TAGS:
        lighter["rules"] = {WEAKER_CONTRAST: {"enabled": False}, **options.get("rules", {})}
    found: Complaints = page.evaluate(FINDINGS, [options | lighter, CONTRAST, LEAST_CONTRAST])
    return found


def targets(page: Page) -> Complaints:
    """Everything one presses is at least 60 pixels in both directions, the main action at least 88 high."""
    found = [(html, wide + 0.01, high + 0.01, MAIN_TARGET if main else SMALLEST_TARGET) for html, wide, high, main in ask(page, "targets")]
    return [f"{wide:.0f}x{high:.0f}: {html}" for html, wide, high, least in found if wide < SMALLEST_TARGET or high < least]


def letters(page: Page) -> Complaints:
    """Text of at least 20 pixels; readings above words, 12."""
    found = [(html, size, SMALLEST_READING if reading else SMALLEST_TEXT) for html, size, reading in ask(page, "texts")]
    return [f"{size:.0f} px: {html}" for html, size, least in found if size < least]


def reflow(page: Page) -> Complaints:
    """Nothing scrolls sideways at 320 pixels, nor with letters twice as large."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    found = _sideways(page, "at 320 px")
    page.evaluate(f"document.documentElement.style.fontSize = '{TWICE}px'")
    found += _sideways(page, "at 320 px and 200 %")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(before)
    return found


def _sideways(page: Page, when: str) -> Complaints:
    over = ask(page, "sideways")
    return [f"{over} px too wide {when}: {ask(page, 'widest')}"] if over > 0 else []


def keyboard(page: Page) -> Complaints:
    """Tab reaches everything, in reading order, with a ring around it, and never behind what stays in sight."""
    page.emulate_media(reduced_motion="reduce")  # a page that glides is not where it is going to be
    wanted = ask(page, "focusable")
    ask(page, "fromTheStart")
    found, reached = Complaints(), list[int]()
    for _ in range(3 * len(wanted) + 20):  # a date and a time have up to seven stops of their own inside
        page.keyboard.press("Tab")
        now = ask(page, "focused")
        if now["order"] in reached[:-1]:
            break
        if now["order"] < 0 or now["order"] in reached:  # inside the browser's own control, or out of the page
            continue
        reached.append(now["order"])
        found += [f"no ring: {now['html']}"] if not now["ring"] else []
        found += [f"focus is hidden: {now['html']}"] if not now["seen"] else []
    page.emulate_media(reduced_motion="no-preference")
    found += [f"never reached: {html}" for number, html in enumerate(wanted) if number not in reached]
    return found + ([] if reached == sorted(reached) else [f"out of order: {reached}"])


def motion(page: Page) -> Complaints:
    """Who asked for less motion gets none."""
    page.emulate_media(reduced_motion="reduce")
    found: Complaints = ask(page, "moving")
    page.emulate_media(reduced_motion="no-preference")
    return found


def own_colours(page: Page) -> Complaints:
    """With the colours of the person's own system (forced colours) everything one presses still has an edge or a line under it."""
    page.emulate_media(forced_colors="active")
    found: Complaints = ask(page, "borderless")
    page.emulate_media(forced_colors="none")
    return found


def edges(page: Page) -> Complaints:
    """Everything one fills in or ticks has an edge of 3:1 at least (WCAG 1.4.11), in the light and in the dark; axe measures text only."""
    found = Complaints()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme} edge of {ratio:.1f}:1: {html}" for html, ratio in ask(page, "edges") if ratio < LEAST_EDGE]
    return found


def paper(page: Page) -> Complaints:
    """Printed, also by who reads in the dark: on white, as wide as a sheet, without what can only be pressed."""
    before = page.viewport_size
    page.set_viewport_size({"width": 680, "height": 960})
    page.emulate_media(media="print", color_scheme="dark")
    found: Complaints = ask(page, "printed") + _sideways(page, "on paper")
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size(before)
    return found


def person(page: Page) -> Complaints:
    """The way to a person stands once, along the whole lower edge of the screen, and is the last thing one comes to (WCAG 3.2.6)."""
    found = ask(page, "person")
    if found["ways"] != 1:
        return [f"{found['ways']} ways to a person"]
    moved = [f"the way to a person stands {found['edges']} px from the left, right and lower edge"] if any(found["edges"]) else []
    return moved + [f"behind the way to a person: {html}" for html in found["behind"]]


def main_actions(page: Page) -> Complaints:
    """What the page draws as its main action. One is right for a page on which one does something, none for lists and records."""
    found: Complaints = ask(page, "mainActions")
    return found


def names(page: Page) -> Complaints:
    """In the accessibility tree everything one can use has a name."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    used = [node for node in nodes if not node.get("ignored") and node.get("role", {}).get("value") in USED]
    return [f"{node['role']['value']} without a name" for node in used if not node.get("name", {}).get("value", "").strip()]


def read_aloud(page: Page) -> dict[str, Complaints]:
    """Role -> the names that a screen reader comes to, in the order of the page; what stands in a name and as text is in both."""
    told: dict[str, Complaints] = {}
    for node in page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]:
        if not node.get("ignored"):
            told.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    return told


CHECKS: tuple[Check, ...] = (rules, dark_contrast, targets, letters, reflow, keyboard, person, motion, own_colours, edges, paper, names)
CHECKS_OF_PARTS: tuple[Check, ...] = CHECKS[:6] + CHECKS[7:]  # all but the way to a person, which belongs to a whole page
OTHERWISE_READ: tuple[Check, ...] = (rules_but_colours, targets, letters, reflow, names)
