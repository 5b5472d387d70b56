"""Everything that leaves as one A4 sheet goes through here: drawn from a template, with the town's number and a QR back to the page.

Without it each page would have a printer of its own, and some of them no telephone number.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import segno
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from accessibility.printing import Printer, PrintingError

from .errors import PaperJammed
from .pages import Pages
from .reader import LetterSize, Reader

# Letter sizes on paper follow the one chosen on the screen; none is below 14 points.
POINTS: Final[Mapping[LetterSize, Sequence[int]]] = {"standard": (14,), "large": (16, 14), "largest": (18, 16, 14)}


@dataclass(frozen=True, slots=True)
class Sheets:
    """Draws templates and hands them to the press."""

    pages: Pages
    printer: Printer
    public_url: str
    clock: Callable[[], datetime]

    def draw(self, template: str, reader: Reader, path: str = "", **values: Any) -> bytes:
        """The PDF. `path` is the page the QR leads to. Raises PaperJammed."""
        self.printer.expect()  # it opens while the page is being written
        address = f"{self.public_url.rstrip('/')}{path}"
        printed = self.clock().astimezone(self.pages.zone).date().isoformat()
        html = self.pages.html(template, reader, qr=qr(address), address=address, printed=printed, **values)
        try:
            return self.printer.sheet(html, POINTS[reader.letters])
        except PrintingError as jammed:
            raise PaperJammed from jammed

    async def respond(self, file: str, template: str, reader: Reader, path: str = "", **values: Any) -> Response:
        """The same for a browser, which shows it at once; other requests go on meanwhile."""
        pdf = await run_in_threadpool(self.draw, template, reader, path, **values)
        return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{file}.pdf"'})


def qr(address: str) -> str:
    """An SVG drawn in the page itself; dark on white, with the quiet edge that cameras need."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, title=address)
    return drawn.getvalue().decode("utf-8")
