"""Kana as they sound; without it てすうりょう and てすーりょー would be two words."""

from __future__ import annotations

import re
from typing import Final

import jaconv

ROWS: Final = (
    ("あ", "あかがさざただなはばぱまやらわぁゃゎ"),
    ("い", "いきぎしじちぢにひびぴみりぃ"),
    ("う", "うくぐすずつづぬふぶぷむゆるぅゅ"),
    ("え", "えけげせぜてでねへべぺめれぇ"),
    ("お", "おこごそぞとどのほぼぽもよろをぉょ"),
)
VOWEL: Final = {kana: vowel for vowel, row in ROWS for kana in row}
ALIKE: Final = str.maketrans("ぢづを", "じずお")
DIGITS: Final = {
    "ぜろ": "0", "れい": "0", "れえ": "0", "まる": "0", "いち": "1", "に": "2", "にい": "2", "さん": "3", "よん": "4", "し": "4", "ご": "5",
    "ごお": "5", "ろく": "6", "なな": "7", "しち": "7", "はち": "8", "きゅう": "9", "きゅー": "9", "きゅ": "9", "く": "9",
}  # fmt: skip
DIGIT: Final = re.compile("|".join(sorted(DIGITS, key=len, reverse=True)))
CODE: Final = re.compile(f"((?:{DIGIT.pattern}){{4,12}})(です|でした|)")


def code_said(kana: str) -> str | None:
    """ななさんにぜろごなな -> 732057; None when it is not digits only."""
    code = CODE.fullmatch(kana)
    return None if code is None else "".join(DIGITS[digit] for digit in DIGIT.findall(code[1])) + code[2]


def sound_of(kana: str) -> str:
    """Sign for sign, what sounds alike is written alike: long vowels as vowels, おう as おお, えい as ええ, ぢづを as じずお."""
    signs: list[str] = []
    for sign in jaconv.kata2hira(kana).translate(ALIKE):
        before = VOWEL.get(signs[-1], "") if signs else ""
        if (sign == "ー" and before) or (sign == "う" and before == "お"):
            signs.append(before)
        elif sign == "い" and before == "え":
            signs.append("え")
        else:
            signs.append(sign)
    return "".join(signs)
