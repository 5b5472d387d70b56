"""Sheets come from a process of their own: one page of A4, tagged, small in memory here, and a stuck one holds nobody up."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from accessibility.engine_process import Frame
from accessibility.printing import Printer, PrintingError, open_press
from tests.printed import Printed

STYLES = "@page { size: A4; margin: 16mm }"
SHORT = "<html lang='ja'><head><title>答え</title></head><body><h1>手数料は300円です。</h1></body></html>"


def stuck_press(_settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """A press that never finishes."""

    def work(_job: dict[str, Any], _body: bytes) -> Iterator[Frame]:
        time.sleep(600)
        yield {}, b""

    return work


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    printer = Printer(STYLES)
    yield printer
    printer.close()


def opened(pdf: bytes) -> bytes:
    """The PDF with its streams unpacked, so that one can search in it."""
    streams = re.findall(rb"stream\r?\n(.*?)\nendstream", pdf, re.DOTALL)
    unpacked = [zlib.decompress(one) for one in streams if one[:1] == b"\x78"]
    return pdf + b"".join(unpacked)


def test_a_sheet_is_one_tagged_page_of_a4(printer: Printer) -> None:
    pdf = opened(printer.sheet(SHORT))
    assert pdf.startswith(b"%PDF") and b"/MarkInfo" in pdf and b"/StructTreeRoot" in pdf and b"pdfuaid" in pdf
    assert re.search(rb"/MediaBox\s*\[0 0 595\.\d+ 841\.\d+\]", pdf) and len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_a_long_text_is_set_smaller_to_stay_on_one_page(printer: Printer) -> None:
    long = SHORT.replace("</body>", "<p>扇風機を捨てます。</p>" * 20 + "</body>")
    sizes = {points: len(re.findall(rb"/Type\s*/Page\b", opened(printer.sheet(long, (points,))))) for points in (18, 14)}
    assert sizes == {18: 2, 14: 1}
    assert len(re.findall(rb"/Type\s*/Page\b", opened(printer.sheet(long, (18, 14))))) == 1


def test_what_does_not_fit_at_the_smallest_size_is_left_out_from_the_end_and_the_sheet_says_so(printer: Printer) -> None:
    lines = "".join(f'<p data-may-go="{number}">第{number}の行です。</p>' for number in range(1, 91))
    sheet = Printed(printer.sheet(SHORT.replace("</body>", f"{lines}<p data-rest>続きがあります。</p></body>"), (18, 14)))
    kept = sum(f"第{number}の行" in sheet.text for number in range(1, 91))
    assert len(sheet.pages) == 1 and not sheet.small and "続きがあります。" in sheet.text
    assert 10 < kept < 90 and f"第{kept}の行" in sheet.text
    whole = Printed(printer.sheet(SHORT.replace("</body>", "<p data-may-go='1'>行</p><p data-rest>続き</p></body>")))
    assert "行" in whole.text and "続き" not in whole.text


@pytest.mark.parametrize("lines", [6, 16, 19, 24, 60])
def test_a_size_is_guessed_by_where_the_text_ended_and_never_a_smaller_one_than_needed(lines: int) -> None:
    press = open_press({"styles": STYLES})
    text = SHORT.replace("</body>", "<p>扇風機を捨てます。</p>" * lines + "</body>").encode()
    each = {points: next(iter(press({"points": [points]}, text)))[0]["pages"] for points in (18, 16, 14)}
    right = next((points for points, pages in each.items() if pages == 1), 14)
    header, _ = next(iter(press({"points": [18, 16, 14]}, text)))
    assert header == {"pages": each[right], "points": right}


def test_a_sheet_that_wants_something_from_outside_is_not_printed(printer: Printer) -> None:
    with pytest.raises(PrintingError):
        printer.sheet(SHORT.replace("</body>", "<img src='http://127.0.0.1:9/x.png' alt='x'></body>"))
    assert printer.sheet(SHORT).startswith(b"%PDF")


def test_a_stuck_sheet_is_given_up_and_the_next_one_prints() -> None:
    stuck = Printer(STYLES, press=f"{__name__}:stuck_press", sheet_s=0.5)
    with pytest.raises(PrintingError), ThreadPoolExecutor(1) as pool:
        pool.submit(stuck.sheet, SHORT).result()
    assert stuck.pid is None
    stuck.close()


def test_an_expected_press_is_open_before_the_first_sheet_and_rests_when_nobody_prints() -> None:
    printer = Printer(STYLES, rests_after_s=5.0)
    assert printer.pid is None
    printer.expect()
    printer.expect()  # the second answer opens no second press
    printer.opened()
    first = printer.pid
    assert first is not None and printer.sheet(SHORT).startswith(b"%PDF") and printer.pid == first
    until = time.monotonic() + 20
    while printer.pid is not None and time.monotonic() < until:
        time.sleep(0.05)
    assert printer.pid is None
    printer.close()


def test_the_press_rests_when_nobody_prints() -> None:
    printer = Printer(STYLES, rests_after_s=0.2)
    printer.sheet(SHORT)
    until = time.monotonic() + 20
    while printer.pid is not None and time.monotonic() < until:
        time.sleep(0.05)
    assert printer.pid is None and printer.sheet(SHORT).startswith(b"%PDF")
    printer.close()
