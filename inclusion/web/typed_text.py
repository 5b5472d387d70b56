"""Cleans what was typed before it is shown or understood; without this file control characters could turn a page's text around."""

from __future__ import annotations

import unicodedata
from typing import Final

LIMIT: Final = 2_000
# Unicode "format" characters that reorder text; the joiner inside emoji is one of the same class and stays.
REORDERING: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def cleaned(text: str) -> str:
    """The text without control characters, reordering marks and broken halves of characters; line breaks stay, ends are trimmed."""
    return "".join(char for char in text.replace("\r\n", "\n") if char == "\n" or _readable(char)).strip()


def whole_number(typed: str, digits: int = 6) -> int | None:
    """A whole number of at most so many digits, as a Japanese keyboard types it too (１０); None for anything else.

    Without the limit a number of 5,000 digits would be our fault: Python refuses to read it.
    """
    plain = typed.strip()
    return int(plain) if plain.isdecimal() and len(plain) <= digits else None


def _readable(char: str) -> bool:
    return char not in REORDERING and unicodedata.category(char) not in ("Cc", "Cs")
