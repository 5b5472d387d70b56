"""Digits as people say and write them; without it a code read aloud over the telephone would not be understood."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

SPOKEN_DIGITS: Final = {
    "ゼロ": "0", "ぜろ": "0", "れい": "0", "レイ": "0", "まる": "0", "〇": "0", "零": "0", "いち": "1", "一": "1", "に": "2", "二": "2",
    "さん": "3", "三": "3", "よん": "4", "四": "4", "ご": "5", "五": "5", "ろく": "6", "六": "6", "なな": "7", "しち": "7", "七": "7",
    "はち": "8", "八": "8", "きゅう": "9", "きゅー": "9", "く": "9", "九": "9", "し": "4",
    "呼ん": "4", "位置": "1", "荷": "2", "後": "5",  # as ears write them
}  # fmt: skip
SPOKEN = re.compile("|".join(sorted(SPOKEN_DIGITS, key=len, reverse=True)))
AROUND_CODE = re.compile(r"^(?:番号は|コードは|ばんごうは)|(?:です|になります|と言われました)?[。.!！]?$")


def code_said(text: str, length: int = 6) -> str:
    """The digits of "123 456", "いちにさんよんごろく" or "番号は123456です", and no others; "" for anything else."""
    flat = AROUND_CODE.sub("", unicodedata.normalize("NFKC", text).strip())
    flat = AROUND_CODE.sub("", re.sub(r"[\s\-ー・,、。.]+", "", flat))
    digits = SPOKEN.sub(lambda found: SPOKEN_DIGITS[found.group()], flat)
    return digits if digits.isascii() and digits.isdigit() and len(digits) == length else ""
