"""A printed sheet taken apart again: its pages, its text with the letter sizes, and the pattern of its QR code."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

POINTS_PER_PIXEL = 0.75
LETTERS_FROM = 13.99
STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
RUN = re.compile(rb"/(\S+) ([0-9.]+) Tf|\[(.*?)\] TJ")
PATH = re.compile(rb"(?:^-?[0-9.]+ -?[0-9.]+ [ml]\n)+", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """Text in one size of letters, in points."""

    text: str
    points: float


@dataclass(frozen=True)
class Printed:
    pdf: bytes

    @cached_property
    def objects(self) -> dict[int, bytes]:
        """Every object by its number, streams and object streams unpacked."""
        plain = {int(one[1]): unpacked(one[2]) for one in re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", self.pdf, re.DOTALL)}
        packed = {number for number, body in plain.items() if re.match(rb"<<[^>]*/ObjStm", body)}
        held = {number: body for one in packed for number, body in _held_in(plain[one])}
        return {number: body for number, body in plain.items() if number not in packed} | held

    @property
    def pages(self) -> list[bytes]:
        return [body for body in self.objects.values() if re.search(rb"/Type\s*/Page(?![A-Za-z])", body)]

    @cached_property
    def whole(self) -> bytes:
        return b"\n".join(self.objects.values())

    @cached_property
    def runs(self) -> list[Run]:
        """What stands on the pages, in reading order."""
        content = b"\n".join(self.objects[int(number)] for page in self.pages for number in re.findall(rb"/Contents (\d+) 0 R", page))
        fonts = {font: self._letters_of(font) for font, _, _ in RUN.findall(content) if font}
        found, letters, points = [], dict[int, str](), 0.0
        for font, size, glyphs in RUN.findall(content):
            if font:
                letters, points = fonts[font], float(size) * POINTS_PER_PIXEL
                continue
            drawn = b"".join(re.findall(rb"<([0-9a-f]*)>", glyphs)).decode()
            found.append(Run("".join(letters.get(int(drawn[at : at + 4], 16), "") for at in range(0, len(drawn), 4)), points))
        return found

    @property
    def text(self) -> str:
        """Everything but readings above words, without blanks: lines break where they like."""
        return re.sub(r"\s", "", "".join(run.text for run in self.runs if run.points >= LETTERS_FROM))

    @property
    def small(self) -> list[Run]:
        """What is smaller than 14 points."""
        return [run for run in self.runs if run.points < LETTERS_FROM and run.text.strip()]

    @property
    def code(self) -> list[bytearray]:
        """The dark squares of the QR code, row by row, without its quiet edge."""
        drawn = max((path.group() for path in PATH.finditer(self.whole)), key=len)
        steps = [(float(x), float(y), kind) for x, y, kind in re.findall(rb"(\S+) (\S+) ([ml])\n", drawn)]
        lines = [(start, end) for start, end in pairwise(steps) if end[2] == b"l"]
        dark = {(int(y), x) for (from_x, y, _), (to_x, _, _) in lines for x in range(int(from_x), int(to_x))}
        top, left = min(row for row, _ in dark), min(column for _, column in dark)
        size = max(row for row, _ in dark) - top + 1
        return [bytearray((row + top, column + left) in dark for column in range(size)) for row in range(size)]

    def _letters_of(self, font: bytes) -> dict[int, str]:
        """Which text each glyph of a font stands for, as screen readers take it."""
        number = int(re.search(rb"/" + re.escape(font) + rb" (\d+) 0 R", self.whole)[1])
        table = self.objects[int(re.search(rb"/ToUnicode (\d+) 0 R", self.objects[number])[1])]
        pairs = re.findall(rb"^<([0-9a-f]{4})> <([0-9a-f]+)>$", table, re.MULTILINE)
        return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def unpacked(body: bytes) -> bytes:
    """An object with its stream readable; what is packed otherwise (pictures, fonts) stays."""
    stream = STREAM.search(body)
    if stream is None or stream[1][:1] != b"\x78":
        return body
    return body[: stream.start(1)] + zlib.decompress(stream[1]) + b"\nendstream"


def _held_in(packed: bytes) -> list[tuple[int, bytes]]:
    content = packed[packed.index(b"stream\n") + len(b"stream\n") :]
    numbers, first = content.split(b"\n", 1)[0].split(), int(re.search(rb"/First (\d+)", packed)[1])
    starts = [first + int(at) for at in numbers[1::2]]
    ends = [*starts[1:], len(content)]
    return [(int(number), content[start:end]) for number, start, end in zip(numbers[0::2], starts, ends, strict=True)]
