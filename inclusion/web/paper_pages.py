"""An answer as one sheet of paper to take along; without this file it would stay on a screen that gets switched off."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Final

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from .assets import Assets
from .errors import PaperTooOld
from .limits import RateLimit, TokenBuckets
from .pages import Pages
from .reader import Reader
from .shown_answer import Seal, ShownAnswer

# Letter sizes on paper follow the one chosen on the screen; none is below 14 points.
POINTS: Final = {"standard": (14,), "large": (16, 14), "largest": (18, 16, 14)}
SHEETS_AT_ONCE, SHEETS_PER_SECOND = 20, 0.5


class PaperPage:
    """Prints what a page carried, sealed: the same words with the same readings. One A4 sheet, tagged for screen readers."""

    def __init__(self, pages: Pages, seal: Seal, public_url: str, clock: Callable[[], datetime], styles: str) -> None:
        self._pages, self._seal, self._public_url, self._clock = pages, seal, public_url, clock
        self._styles = styles

    async def answer(self, request: Request) -> Response:
        shown = self._seal.open(request.path_params["sealed"])
        if shown is None:
            raise PaperTooOld()
        pdf = await run_in_threadpool(self.sheet, shown, Reader.of(request))
        return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="answer.pdf"'})

    def sheet(self, shown: ShownAnswer, reader: Reader) -> bytes:
        """The PDF. An answer that needs more than one sheet is set smaller, down to 14 points."""
        import weasyprint  # a third of a second and 50 MB: only towns that print pay for it

        printed = self._clock().date().isoformat()
        html = self._pages.html("paper.html", reader, answer=shown, qr=_qr(self._public_url), address=self._public_url, printed=printed)
        document = None
        for points in POINTS[reader.letters]:
            sizes = weasyprint.CSS(string=f"{self._styles} html {{ font-size: {points}pt }}")
            document = weasyprint.HTML(string=html).render(stylesheets=[sizes])
            if len(document.pages) == 1:
                break
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)) if document else b""


def paper_pages(pages: Pages, assets: Assets, secret: str, public_url: str, clock: Callable[[], datetime]) -> APIRouter:
    """`secret` is the one that the chat page seals its answers with."""
    page = PaperPage(pages, Seal(secret), public_url, clock, assets.by_name["paper.css"].content.decode("utf-8"))
    limit = RateLimit(TokenBuckets(SHEETS_AT_ONCE, SHEETS_PER_SECOND, monotonic), ())
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/paper/{sealed}", page.answer, methods=["GET"], dependencies=[Depends(limit)])
    return router


def _qr(address: str) -> str:
    """An SVG drawn in the page itself; dark on white, with the quiet edge that cameras need."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, title=address)
    return drawn.getvalue().decode("utf-8")
