"""Pages on paper, drawn in a process of their own; without it the first printed sheet would cost the server a third of its memory for ever.

WeasyPrint keeps its fonts once it has run, and a page can keep it busy: here both end with the process, and nobody's question waits.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from threading import Lock, Thread, Timer
from time import monotonic
from typing import Any, Final

from .engine_process import EngineError, EngineProcess, Frame, JobRefused
from .errors import AccessibilityError

PRESS: Final = "accessibility.printing:open_press"
SHEET_S: Final = 30.0  # a sheet costs about 0.3 s of a processor; a busy machine gives it a tenth of one
MOST_WAITING: Final = 8
RESTS_AFTER_S: Final = 300.0
UNASKED_S: Final = 60.0  # a press that was expected to print and did not
TRIAL: Final = "<html lang='ja'><title>あ</title><p><ruby>字<rt>じ</rt></ruby>あ漢字<b>A1</b></p></html>"
END: Final = "end-of-sheet"
GENEROUS: Final = 1.05  # rather one try too many than letters smaller than they need to be
ROOMY: Final = 0.9  # what follows the parts (numbers, sources, the code) needs its place too
FEW: Final = 3
CUT_TO: Final = (5, 2)  # lines, of what is still too long when everything else is gone
MAY_GO: Final = re.compile(r'data-may-go="([0-9]+)"')
Laid = Callable[[int, str], Any]  # letter size in points and further styles -> the document on its pages
log = logging.getLogger(__name__)


class PrintingError(AccessibilityError):
    """The sheet could not be printed; the page itself is still there."""

    def __init__(self) -> None:
        super().__init__("The sheet could not be printed. Try again in a moment, or print the page from the browser.")


class Printer:
    """Prints HTML pages whose styles are `styles` (CSS). Safe to share between threads; nothing runs before the first sheet.

    The process ends when nothing was printed for `rests_after_s`. `press` is another one, for tests.
    """

    def __init__(self, styles: str, press: str = PRESS, sheet_s: float = SHEET_S, rests_after_s: float = RESTS_AFTER_S) -> None:
        self._engine = EngineProcess("printing press", press, {"styles": styles}, MOST_WAITING)
        self._sheet_s, self._rests_after_s = sheet_s, rests_after_s
        self._rest: Timer | None = None
        self._rests_at = 0.0
        self._opening: Thread | None = None
        self._lock = Lock()

    @property
    def pid(self) -> int | None:
        """The press's process, None while it rests."""
        return self._engine.pid

    def expect(self) -> None:
        """Somebody may print soon: the press opens beside, so that the first sheet does not wait for it. It rests a minute later if not."""
        with self._lock:
            if self.pid is None and (self._opening is None or not self._opening.is_alive()):
                self._opening = Thread(target=self._open, name="printing press", daemon=True)
                self._opening.start()
        self._rest_later(min(UNASKED_S, self._rests_after_s))

    def sheet(self, html: str, points: Sequence[int] = (16, 14)) -> bytes:
        """A tagged PDF (PDF/UA-1). `points` are letter sizes, largest first: the first that fits on one page, else the last.

        What does not even fit then loses its parts marked data-may-go="1", "2" …, the last one first, in the end also the later lines of
        what is marked data-may-shorten, and shows what is marked data-rest: where the rest stands. Raises PrintingError.
        """
        self.opened()
        try:
            frames = list(self._engine.ask({"points": list(points)}, html.encode(), self._sheet_s))
        except (EngineError, JobRefused) as failed:
            log.warning("A sheet was not printed.", extra={"kind": type(failed).__name__})
            raise PrintingError from failed
        finally:
            self._rest_later(self._rests_after_s)
        return frames[0][1]

    def close(self) -> None:
        with self._lock:
            if self._rest is not None:
                self._rest.cancel()
        self.opened()
        self._engine.stop()

    def _open(self) -> None:
        try:
            self._engine.wake()
        except (EngineError, JobRefused) as failed:
            log.warning("The printing press did not open.", extra={"kind": type(failed).__name__})

    def opened(self) -> None:
        """Waits for a press that is being opened: as long as the machine takes, which is no part of what a sheet may take."""
        opening = self._opening
        if opening is not None:
            opening.join()

    def _rest_later(self, seconds: float) -> None:
        """Never sooner than was said before."""
        with self._lock:
            at = monotonic() + seconds
            if self._rest is not None and self._rest.is_alive() and at <= self._rests_at:
                return
            if self._rest is not None:
                self._rest.cancel()
            self._rests_at, self._rest = at, Timer(seconds, self._engine.rest)
            self._rest.daemon = True
            self._rest.start()


def open_press(settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """The factory that EngineProcess calls in the new process. `settings`: styles."""
    import weasyprint  # a third of a second and 50 MB, which only this process pays

    trial = weasyprint.HTML(string=TRIAL, url_fetcher=_nothing_from_outside)  # opens the fonts before anybody waits for a sheet
    trial.write_pdf(stylesheets=[weasyprint.CSS(string=settings["styles"])], pdf_variant="pdf/ua-1", pdf_tags=True)

    def work(job: dict[str, Any], body: bytes) -> Iterator[Frame]:
        sizes = list(job["points"])
        if not sizes:
            raise JobRefused("no_size", {})
        html = body.decode().replace("</body>", f'<i id="{END}" style="position: absolute"></i></body>')
        page = weasyprint.HTML(string=html, url_fetcher=_nothing_from_outside)

        def laid(points: int, more: str) -> Any:
            styles = f"{settings['styles']} [data-rest] {{ display: none }} html {{ font-size: {points}pt }} {more}"
            return page.render(stylesheets=[weasyprint.CSS(string=styles)])

        points, document = _largest(laid, sizes)
        document = _shortened(laid, points, max(map(int, MAY_GO.findall(html)), default=0), document)
        document = _cut(laid, points, document) if "data-may-shorten" in html else document
        yield {"pages": len(document.pages), "points": points}, bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))

    return work


def _largest(laid: Laid, sizes: list[int]) -> tuple[int, Any]:
    """The largest letters that keep to one page, else the smallest; how much too long a try was tells which size to try next."""
    while True:
        points = sizes.pop(0)
        document = laid(points, "")
        if len(document.pages) == 1 or not sizes:
            return points, document
        likely = points * sqrt(1 / _sheets_filled(document)) * GENEROUS
        sizes = [one for one in sizes if one <= likely] or sizes[-1:]


def _shortened(laid: Laid, points: int, parts: int, document: Any) -> Any:
    """The sheet with as many of its `parts` as fit, or nearly: one or two tries, for each lays the whole sheet out again."""
    kept = parts
    while kept and len(document.pages) > 1:
        kept = kept - 1 if kept <= FEW else int(kept * ROOMY / _sheets_filled(document))
        gone = ", ".join(f'[data-may-go="{number}"]' for number in range(kept + 1, parts + 1))
        document = laid(points, f"{gone} {{ display: none !important }} [data-rest] {{ display: block }}")
    return document


def _cut(laid: Laid, points: int, document: Any) -> Any:
    """The sheet with its long words cut to a few lines, each ending in "…", when even without any of its parts it does not fit."""
    for lines in CUT_TO:
        if len(document.pages) == 1:
            break
        gone = "[data-may-go] { display: none !important } [data-rest] { display: block }"
        document = laid(points, f"{gone} [data-may-shorten] {{ line-clamp: {lines} }}")
    return document


def _sheets_filled(document: Any) -> float:
    """How many sheets the text took, by where it ends; what is drawn twice as large takes four times the room."""
    down = document.pages[-1].anchors.get(END, (0.0, 0.0))[1]
    return float(len(document.pages) - 1 + down / document.pages[-1].height)


def _nothing_from_outside(url: str) -> dict[str, Any]:
    """A sheet is complete in itself: nothing is fetched from any address."""
    raise ValueError(f"A sheet must not fetch {url}.")


__all__ = ["Printer", "PrintingError", "open_press"]
