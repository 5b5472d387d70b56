"""The first page beside the starter pages of GOV.UK Frontend and Pico: weight, first paint, and readings and paper per second.

The peers' styles are fetched with `npm pack` into a temporary folder; without npm their lines are left out.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from accessibility import OpenJTalk, Preferences, render
from accessibility.printing import Printer
from inclusion.municipalities import load_town
from inclusion.web.assets import Assets
from inclusion.web.chat_page import SAMPLES, View
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.services import AskReply
from inclusion.web.sheets import Sheets
from inclusion.web.shown_answer import ShownAnswer
from inclusion.web.town_readings import town_furigana
from tests.inclusion.web.fakes import FEE
from tests.servers import Server

CHROMIUM = Path("/usr/bin/chromium")
ROUNDS = 9
TRACED = "devtools.timeline,disabled-by-default-devtools.timeline,loading"
TAGS = re.compile(r"<(script|style|svg).*?</\1>|<[^>]+>", re.DOTALL)
PEERS = {
    "govuk_frontend": ("govuk-frontend@6.6.0", ["dist/govuk/govuk-frontend.min.css", "dist/govuk/govuk-frontend.min.js"]),
    "pico": ("@picocss/pico@2.1.1", ["css/pico.min.css"]),
}
PAINT = """() => new Promise(done => {
  const ready = () => { const paint = performance.getEntriesByName('first-contentful-paint')[0];
    paint ? done([paint.startTime, performance.getEntriesByType('navigation')[0].domInteractive]) : setTimeout(ready, 10); };
  ready(); })"""
FORM = "<form><label for='q'>Question</label><textarea id='q'></textarea><button>Ask</button></form>"


def measure() -> Mapping[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        pages = {"ours": _ours(root), **_peers(root)}
        speeds = _painted(root, list(pages)) if CHROMIUM.exists() else {}
        work = _worked(root, [*pages, *_with_our_words(root)]) if CHROMIUM.exists() else {}
    return {"gzip_bytes": pages, **speeds, **work, **_readings(), **_paper()}


def _ours(root: Path) -> int:
    """The real first page with its files; bytes as a browser would fetch them compressed."""
    town, assets = load_town("chiyoda"), Assets.gather()
    values = {"view": View(), "samples": SAMPLES, "limit": 1000, "sealed": "", "turn": "t", "paper": "", "speech": "", "hears": True}
    html = Pages(town, town.messages, assets, nav=("/", "/mine")).html("chat.html", Reader(), **values)
    for name in ("page.css", "page.js", "mark.svg"):
        html = html.replace(assets.address(name), f"ours/{name}")
        (root / "ours").mkdir(exist_ok=True)
        (root / "ours" / name).write_bytes(assets.by_name[name].content)
    (root / "ours.html").write_text(html, encoding="utf-8")
    return _weight([html.encode(), *(assets.by_name[name].content for name in ("page.css", "page.js", "mark.svg"))])


def _peers(root: Path) -> Mapping[str, int]:
    if shutil.which("npm") is None:
        return {}
    weights = {}
    for name, (package, wanted) in PEERS.items():
        packed = subprocess.run(["npm", "pack", package, "--silent"], cwd=root, capture_output=True, text=True, check=False)
        if packed.returncode:
            continue
        with tarfile.open(root / packed.stdout.split()[-1]) as archive:
            archive.extractall(root / name, filter="data")
        links = "".join(
            f"<script type='module' src='{name}/package/{file}'></script>"
            if file.endswith("js")
            else f"<link rel='stylesheet' href='{name}/package/{file}'>"
            for file in wanted
        )
        head = f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{name}</title>{links}</head>"
        html = f"{head}<body><main><h1>Ask</h1>{FORM}</main></body></html>"
        (root / f"{name}.html").write_text(html, encoding="utf-8")
        weights[name] = _weight([html.encode(), *((root / name / "package" / file).read_bytes() for file in wanted)])
    return weights


def _painted(root: Path, names: list[str]) -> Mapping[str, object]:
    """Medians over fresh browser contexts, the pages taken in turn so that a busy moment hits all alike."""
    found: dict[str, list[list[float]]] = {name: [] for name in names}
    with _served(root) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--headless", "--no-sandbox", "--disable-gpu"])
        for _ in range(ROUNDS):
            for name in names:
                found[name].append(_one_paint(browser, f"{address}/{name}.html"))
        browser.close()
    figures = {
        name: {"first_paint_ms": round(median(f[0] for f in all_)), "interactive_ms": round(median(f[1] for f in all_))}
        for name, all_ in found.items()
    }
    return {"chromium": figures}


def _one_paint(browser: Browser, address: str) -> list[float]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    figures: list[float] = page.evaluate(PAINT)
    context.close()
    return figures


def _with_our_words(root: Path) -> list[str]:
    """The peers' pages with every word that stands on ours: what is left is what styles and markup cost."""
    body = (root / "ours.html").read_text(encoding="utf-8").partition("<body")[2]
    words = "".join(f"<p>{line.strip()}</p>" for line in TAGS.sub(" ", f"<body{body}").splitlines() if line.strip())
    names = [f"{name}_with_our_words" for name in PEERS if (root / f"{name}.html").exists()]
    for name in names:
        page = (root / f"{name.removesuffix('_with_our_words')}.html").read_text(encoding="utf-8")
        (root / f"{name}.html").write_text(page.replace("lang='en'", "lang='ja'").replace("</main>", f"{words}</main>"), encoding="utf-8")
    return names


def _worked(root: Path, names: list[str]) -> Mapping[str, object]:
    """Processor time of the page's main thread until its first paint, all of it and in layout: a busy machine changes it little."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    with _served(root) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--headless", "--no-sandbox", "--disable-gpu"])
        for _ in range(ROUNDS):
            for name in names:
                found[name].append(_one_trace(browser, f"{address}/{name}.html"))
        browser.close()
    return {
        "main_thread_cpu_ms": {
            name: {"until_first_paint": round(median(one[0] for one in all_), 1), "layout": round(median(one[1] for one in all_), 1)}
            for name, all_ in found.items()
        }
    }


def _one_trace(browser: Browser, address: str) -> tuple[float, float]:
    events: list[dict[str, Any]] = []
    ended: list[object] = []
    tracing = browser.new_browser_cdp_session()
    tracing.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    tracing.on("Tracing.tracingComplete", lambda told: ended.append(told))  # Playwright marks what it is given
    tracing.send("Tracing.start", {"categories": TRACED, "transferMode": "ReportEvents"})
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    page.evaluate(PAINT)
    tracing.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    context.close()
    tracing.detach()
    painted = next(one for one in reversed(events) if one["name"] == "firstContentfulPaint")
    before = [one for one in events if one["pid"] == painted["pid"] and one.get("tdur") and one["ts"] <= painted["ts"]]
    whole, layout = (sum(one["tdur"] for one in before if one["name"] == name) / 1000 for name in ("RunTask", "Layout"))
    return whole, layout


@contextmanager
def _served(root: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _readings() -> Mapping[str, object]:
    town = load_town("chiyoda")
    furigana = town_furigana(town)
    engine = OpenJTalk()
    furigana = type(furigana)(furigana.names, furigana.sudachi, lambda: engine)
    texts = [line for faq in town.faqs.values() for line in (faq.headline, *faq.details)]
    start = time.process_time()
    for text in texts:
        furigana.ruby(text)
    spent = time.process_time() - start
    start = time.process_time()
    for text in texts:
        furigana.sudachi.ruby(text)
    alone = time.process_time() - start
    letters = sum(map(len, texts))
    return {"readings_letters_per_cpu_s": round(letters / spent), "sudachi_alone_letters_per_cpu_s": round(letters / alone)}


def _paper() -> Mapping[str, object]:
    """Seconds for one sheet with furigana in the largest letters: by the clock, and of the press's processor alone."""
    town, assets = load_town("chiyoda"), Assets.gather()
    pages = Pages(town, town.messages, assets, town_furigana(town))
    printer = Printer(assets.by_name["paper.css"].content.decode())
    sheets = Sheets(pages, printer, "https://example.jp", lambda: datetime.now(UTC))
    shown = ShownAnswer.of("2人掛け", AskReply("a", FEE, render(FEE, Preferences()), None))
    reader, times, pdf = Reader(furigana=True, letters="largest"), [], b""
    start = time.perf_counter()
    sheets.draw("paper.html", reader, answer=shown)
    first = time.perf_counter() - start
    before = _cpu_seconds(printer.pid)
    for _ in range(9):
        start = time.perf_counter()
        pdf = sheets.draw("paper.html", reader, answer=shown)
        times.append(time.perf_counter() - start)
    busy = (_cpu_seconds(printer.pid) - before) / len(times)
    printer.close()
    printer.expect()
    printer.opened()  # as while somebody reads the answer
    start = time.perf_counter()
    sheets.draw("paper.html", reader, answer=shown)
    expected = time.perf_counter() - start
    printer.close()
    firsts = {"first_paper_page_s": round(first, 2), "first_paper_page_of_an_answer_s": round(expected, 2)}
    figures = {"paper_page_s": round(median(times), 2), "paper_page_cpu_s": round(busy, 2), **firsts}
    return {**figures, "paper_page_kb": round(len(pdf) / 1000)}


def _cpu_seconds(pid: int | None) -> float:
    return Server(0, pid).cpu_seconds() if pid else 0.0


def _weight(files: list[bytes]) -> int:
    return sum(len(gzip.compress(file, 6)) for file in files)
