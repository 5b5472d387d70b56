"""What every page is held to, one function a rule; each returns its complaints, so that a control page can show that it has some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_core_python
from playwright.sync_api import Page

Complaints = list[str]
Check = Callable[[Page], Complaints]
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET, MAIN_TARGET, SMALLEST_TEXT, LEAST_CONTRAST = 60, 88, 20, 7.0
SEEN = "e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.closest('.skip') && !e.matches('.skip')"
PRESSED = "a[href], button, summary, textarea, select, input:not([type=hidden]), [role=button]"

TARGETS = f"""() => [...document.querySelectorAll('{PRESSED}')].filter({SEEN}).map(e => {{
  const boxes = [e, ...(e.labels && e.matches('[type=checkbox], [type=radio]') ? e.labels : [])].map(b => b.getBoundingClientRect());
  const side = (low, high) => Math.max(...boxes.map(b => b[high])) - Math.min(...boxes.map(b => b[low]));
  return [e.outerHTML.slice(0, 90), side('left', 'right'), side('top', 'bottom'), e.matches('.main-action, .button--main')];
}})"""
TEXTS = f"""() => [...document.querySelectorAll('body *')].filter({SEEN}).filter(e => !e.matches('rp, option, script, style, noscript') &&
  (e.matches('input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea') || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())))
  .map(e => [e.outerHTML.slice(0, 90), parseFloat(getComputedStyle(e).fontSize), !!e.closest('rt')])"""
FOCUSABLE = """() => { const radios = new Set(); return [...document.querySelectorAll(
    'a[href], button:not([disabled]), summary, textarea, select, input:not([type=hidden]), audio[controls], [tabindex="0"]')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0).filter(e => {
    if (e.type !== 'radio') return true;
    const first = !radios.has(e.name); radios.add(e.name); return first; })
  .map((e, n) => { e.dataset.order = n; return e.outerHTML.slice(0, 90); }); }"""
FOCUSED = """() => { const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width, 60) / 2, 0), innerWidth - 1);
  const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, large = box.height > innerHeight / 2;
  const own = (large ? [middle] : e.matches('textarea') ? [box.top + 20] : [box.top + 4, box.bottom - 4]).every(y => { const seen = document.elementFromPoint(x, y);
    return seen && (e.contains(seen) || (seen.contains(e) && seen !== document.body && seen !== document.documentElement)
      || [...(e.labels || [])].some(l => l.contains(seen))); });
  const group = e.type === 'radio' ? document.querySelector(`input[type=radio][name="${e.name}"][data-order]`) : e;
  return {order: Number((group || e).dataset.order ?? -1), html: e.outerHTML.slice(0, 90),
    ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 3, seen: own}; }"""
MOVING = """() => { document.querySelector('#status')?.setAttribute('data-busy', '');
  const found = [...document.querySelectorAll('*')].flatMap(e => ['', '::before', '::after'].map(part => [e, getComputedStyle(e, part || null)]))
    .filter(([e, s]) => (s.animationName !== 'none' && s.animationName !== 'showing') || parseFloat(s.transitionDuration) > 0.1)
    .map(([e]) => e.outerHTML.slice(0, 90));
  document.querySelector('#status')?.removeAttribute('data-busy');
  return getComputedStyle(document.documentElement).scrollBehavior === 'smooth' ? [...found, 'smooth scrolling'] : found; }"""
BORDERLESS = f"""() => [...document.querySelectorAll('button, summary, textarea, select, input:not([type=hidden]), a[href]')].filter({SEEN})
  .filter(e => {{ const s = getComputedStyle(e), lined = t => getComputedStyle(t).textDecorationLine.includes('underline');
    const bordered = parseFloat(s.borderTopWidth) > 0 && s.borderTopStyle !== 'none';
    return !bordered && !e.matches('[type=checkbox], [type=radio], summary, .brand') && !lined(e) && ![...e.querySelectorAll('*')].some(lined); }})
  .map(e => e.outerHTML.slice(0, 90))"""
DARK_PAPER = """() => { const grey = c => { const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number); return a === 0 ? 255 : .3 * r + .6 * g + .1 * b; };
  const wrong = [...document.querySelectorAll('body, body *')].filter(e => e.checkVisibility()).filter(e => {
    const s = getComputedStyle(e); return grey(s.backgroundColor) < 200 && !e.closest('button, .button, .main-action, svg, video, .live__stage'); })
    .map(e => 'dark ground: ' + e.outerHTML.slice(0, 90));
  const useless = [...document.querySelectorAll('.skip, .settings, .places, .desk__nav')].filter(e => e.checkVisibility()).map(e => 'printed: ' + e.className);
  return [...wrong, ...useless]; }"""


def rules(page: Page) -> Complaints:
    """axe-core: WCAG 2.2 A, AA, AAA and its best practices; and every contrast it measured, also that of large letters, at least 7:1."""
    return _axe(page, {"runOnly": TAGS})


def dark_contrast(page: Page) -> Complaints:
    """The colours alone, as the dark page has them."""
    page.emulate_media(color_scheme="dark")
    found = _axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}})
    page.emulate_media(color_scheme="light")
    return found


def _axe(page: Page, options: dict[str, Any]) -> Complaints:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", options)
    broken = [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]
    measured = [(node, node["any"][0]["data"]) for rule in found["passes"] if rule["id"] == "color-contrast-enhanced" for node in rule["nodes"]]
    pale = [node["html"][:120] for node, data in measured if data and (data.get("contrastRatio") or LEAST_CONTRAST) < LEAST_CONTRAST]
    return [*broken, *(f"below 7:1: {html}" for html in pale)]


def targets(page: Page) -> Complaints:
    """Everything one presses is at least 60 pixels in both directions, the main action at least 88 high."""
    small = lambda wide, high, main: wide < SMALLEST_TARGET or high < (MAIN_TARGET if main else SMALLEST_TARGET)  # noqa: E731
    return [f"{wide:.0f}x{high:.0f}: {html}" for html, wide, high, main in page.evaluate(TARGETS) if small(wide + 0.01, high + 0.01, main)]


def letters(page: Page) -> Complaints:
    """Text of at least 20 pixels; readings above words, 12."""
    return [f"{size:.0f} px: {html}" for html, size, ruby in page.evaluate(TEXTS) if size < (12 if ruby else SMALLEST_TEXT)]


def reflow(page: Page) -> Complaints:
    """Nothing scrolls sideways at 320 pixels, nor with letters twice as large."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    found = _sideways(page, "at 320 px")
    root = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    page.evaluate(f"document.documentElement.style.fontSize = '{2 * root}px'")
    found += _sideways(page, "at 320 px and 200 %")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(before)
    return found


def _sideways(page: Page, when: str) -> Complaints:
    over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wide = "() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).at(-1)?.outerHTML.slice(0, 90)"
    return [f"{over} px too wide {when}: {page.evaluate(wide)}"] if over > 0 else []


def keyboard(page: Page) -> Complaints:
    """Tab reaches everything, in reading order, with a ring around it, and never behind what stays in sight."""
    page.emulate_media(reduced_motion="reduce")  # a page that glides is not where it is going to be
    wanted = page.evaluate(FOCUSABLE)
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); scrollTo(0, 0)")
    found, reached = Complaints(), list[int]()
    for _ in range(len(wanted) + 20):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
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
    found: Complaints = page.evaluate(MOVING)
    page.emulate_media(reduced_motion="no-preference")
    return found


def own_colours(page: Page) -> Complaints:
    """With the colours of the person's own system (forced colours) everything one presses still has an edge or a line under it."""
    page.emulate_media(forced_colors="active")
    found: Complaints = page.evaluate(BORDERLESS)
    page.emulate_media(forced_colors="none")
    return found


def paper(page: Page) -> Complaints:
    """Printed, also by who reads in the dark: on white, as wide as a sheet, without what can only be pressed."""
    before = page.viewport_size
    page.set_viewport_size({"width": 680, "height": 960})
    page.emulate_media(media="print", color_scheme="dark")
    found: Complaints = page.evaluate(DARK_PAPER) + _sideways(page, "on paper")
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size(before)
    return found


def names(page: Page) -> Complaints:
    """In the accessibility tree everything one can use has a name, and readings are not in it."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    used = [node for node in nodes if not node.get("ignored") and node.get("role", {}).get("value") in USED]
    nameless = [f"{node['role']['value']} without a name" for node in used if not node.get("name", {}).get("value", "").strip()]
    return nameless


USED = ("button", "link", "textbox", "combobox", "checkbox", "radio", "DisclosureTriangle", "spinbutton", "Date", "video", "audio", "log")
CHECKS: tuple[Check, ...] = (rules, dark_contrast, targets, letters, reflow, keyboard, motion, own_colours, paper, names)
OTHERWISE_READ: tuple[Check, ...] = (targets, letters, reflow, names)
