"""The six-digit code of a municipality: spreadsheets eat its leading zero and its check digit, this file gives them back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PREFECTURES = range(1, 48)
PREFECTURE = re.compile(r"^(?:東京都|北海道|京都府|大阪府|[一-龥]{2,3}県)(?=.)")


@dataclass(frozen=True, slots=True)
class TownCode:
    """The repaired code, what was done to it, and what remains doubtful ("" where nothing)."""

    code: str
    repaired: str = ""
    doubtful: str = ""


def check_digit(five: str) -> str:
    """The sixth digit: 11 minus the weighted sum (6 5 4 3 2) modulo 11, its last digit."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10) if total >= 11 else str((11 - total) % 10)


def repaired_code(written: str) -> TownCode:
    """Six digits from whatever a spreadsheet left of them; code "" when nothing can be made of it."""
    digits = re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", written).strip())
    if not digits:
        return TownCode("")
    if not digits.isdecimal() or not 4 <= len(digits) <= 6:
        return TownCode("", doubtful=f"全国地方公共団体コード『{written}』を読めません。")
    if len(digits) == 6:
        doubtful = "" if _valid(digits) else f"コード『{digits}』の検査数字が合いません。"
        return TownCode(digits, "" if digits == written.strip() else f"『{written}』を『{digits}』に直しました。", doubtful)
    return _completed(digits)


def _completed(digits: str) -> TownCode:
    lost_zero = digits.zfill(6) if len(digits) == 5 else ""
    lost_digit = digits.zfill(5) + check_digit(digits.zfill(5))
    zero_fits = bool(lost_zero) and _valid(lost_zero) and int(lost_zero[:2]) in PREFECTURES
    digit_fits = int(lost_digit[:2]) in PREFECTURES
    if zero_fits and not digit_fits:
        return TownCode(lost_zero, f"『{digits}』は頭の0が落ちていたので『{lost_zero}』に直しました。")
    if digit_fits:
        other = f"頭の0が落ちたものなら『{lost_zero}』です。" if zero_fits else ""
        return TownCode(lost_digit, f"『{digits}』は検査数字が抜けていたので『{lost_digit}』に直しました。", other)
    return TownCode("", doubtful=f"全国地方公共団体コード『{digits}』を読めません。")


def _valid(six: str) -> bool:
    return check_digit(six[:5]) == six[5]


def without_prefecture(name: str) -> str:
    """The name without its prefecture: 石川県金沢市 -> 金沢市."""
    return PREFECTURE.sub("", name.strip())
