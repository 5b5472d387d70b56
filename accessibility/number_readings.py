"""Reads a number with what it counts (3階, 10月20日, 一人掛け); without this file engines guess, and guess days and floors wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

DIGITS: Final = ("", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
HUNDREDS: Final = {3: "さんびゃく", 6: "ろっぴゃく", 8: "はっぴゃく"}
THOUSANDS: Final = {3: "さんぜん", 8: "はっせん"}
LARGE: Final = ("", "まん", "おく")
KANJI_DIGITS: Final = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
KANJI_TENS: Final = {"十": 10, "百": 100, "千": 1000}

DAYS: Final = {
    1: "ついたち",
    2: "ふつか",
    3: "みっか",
    4: "よっか",
    5: "いつか",
    6: "むいか",
    7: "なのか",
    8: "ようか",
    9: "ここのか",
    10: "とおか",
    14: "じゅうよっか",
    17: "じゅうしちにち",
    19: "じゅうくにち",
    20: "はつか",
    24: "にじゅうよっか",
    27: "にじゅうしちにち",
    29: "にじゅうくにち",
}
NATIVE: Final = {"つ": ("ひとつ", "ふたつ", "みっつ", "よっつ", "いつつ", "むっつ", "ななつ", "やっつ", "ここのつ")}
COUNTED_NATIVELY: Final = {"組": "くみ", "束": "たば", "袋": "ふくろ", "箱": "はこ", "晩": "ばん", "部屋": "へや", "そろい": "そろい"}

# The stops that grow short before a hard sound: いち→いっ, ろく→ろっ, はち→はっ, じゅう→じゅっ, ひゃく→ひゃっ.
SHORT: Final = {
    "いち": "いっ",
    "ろく": "ろっ",
    "はち": "はっ",
    "じゅう": "じゅっ",
    "ひゃく": "ひゃっ",
    "びゃく": "びゃっ",
    "ぴゃく": "ぴゃっ",
}
BEFORE_K: Final = ("いち", "ろく", "はち", "じゅう", "ひゃく", "びゃく", "ぴゃく")
BEFORE_S: Final = ("いち", "はち", "じゅう")

HARD_K: Final = {
    "回": "かい",
    "個": "こ",
    "脚": "きゃく",
    "か月": "かげつ",
    "件": "けん",
    "階": "かい",
    "軒": "けん",
    "曲": "きょく",
    "校": "こう",
}
HARD_S: Final = {
    "歳": "さい",
    "才": "さい",
    "冊": "さつ",
    "足": "そく",
    "週": "しゅう",
    "点": "てん",
    "頭": "とう",
    "通": "つう",
    "丁目": "ちょうめ",
}
SOFT: Final = {"本": "ほん", "杯": "はい", "匹": "ひき"}
PLAIN: Final = {
    "円": "えん",
    "枚": "まい",
    "台": "だい",
    "番": "ばん",
    "度": "ど",
    "号": "ごう",
    "倍": "ばい",
    "畳": "じょう",
    "名": "めい",
    "段": "だん",
    "秒": "びょう",
    "世帯": "せたい",
    "種類": "しゅるい",
    "割": "わり",
    "年": "ねん",
    "時": "じ",
    "月": "がつ",
    "人": "にん",
    "時間": "じかん",
    "年度": "ねんど",
    "週間": "しゅうかん",
    "万円": "まんえん",
}
FOUR_SEVEN_NINE: Final[Mapping[str, tuple[str, str, str]]] = {
    "時": ("よ", "しち", "く"),
    "時間": ("よ", "しち", "く"),
    "月": ("し", "しち", "く"),
    "年": ("よ", "なな", "きゅう"),
    "年度": ("よ", "なな", "きゅう"),
    "人": ("よ", "なな", "きゅう"),
    "円": ("よ", "なな", "きゅう"),
}
VOICED_AFTER_THREE: Final = {"階": "がい", "軒": "げん", "足": "ぞく"}
AFTER: Final = {"目": "め", "間": "かん", "半": "はん", "頃": "ごろ", "掛け": "がけ", "分": "ぶん"}
MONTHS_COUNTED: Final = re.compile(r"[かヶケカ箇ヵ]月")

COUNTERS: Final = sorted({*HARD_K, *HARD_S, *SOFT, *PLAIN, *COUNTED_NATIVELY, "日", "分", "つ"}, key=len, reverse=True)
_NUMBER: Final = r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+|[0-9０-９]+|[一二三四五六七八九十百千〇]+)"
COUNTED: Final = re.compile(
    rf"(?<![0-9０-９.．,，一二三四五六七八九十百千〇数])(?P<number>{_NUMBER})"
    rf"(?P<counter>[かヶケカ箇ヵ]月|{'|'.join(map(re.escape, COUNTERS))})(?P<after>掛け|目|間|半|頃|分)?"
)
ORDINARY: Final = re.compile(
    r"十分|一番|一度|一日|一時|一人前|一回り|一通り|一本化|一点張り|一足先"
)  # words of their own when written in kanji


def counted_reading(match: re.Match[str], day_of_month: bool) -> str | None:
    """How a match of COUNTED is read; None when it is a word of its own (十分) or too large to be sure of."""
    written, counter, after = match["number"], match["counter"], match["after"] or ""
    number = number_of(written)
    settled = written[0].isdigit() or (day_of_month and counter == "日")
    if number is None or (not settled and ORDINARY.match(match.string, match.start())):
        return None
    if after == "分" and counter in ("年", "時", "時間", "日"):
        return None
    stem = with_counter(number, "か月" if MONTHS_COUNTED.fullmatch(counter) else counter, day_of_month)
    return None if stem is None else stem + AFTER.get(after, "")


def number_of(written: str) -> int | None:
    """The value of Arabic (1,600, full width too) or kanji digits; None for what cannot be a number."""
    plain = written.translate(str.maketrans("０１２３４５６７８９", "0123456789")).replace(",", "").replace("，", "")
    if plain.isascii():
        return int(plain)
    if not set(plain) & set(KANJI_TENS):
        return int("".join(str(KANJI_DIGITS[sign]) for sign in plain))
    total, digit = 0, 0
    for sign in plain:
        if sign in KANJI_TENS:
            total, digit = total + (digit or 1) * KANJI_TENS[sign], 0
        else:
            digit = KANJI_DIGITS[sign]
    return total + digit


def with_counter(number: int, counter: str, day_of_month: bool = False) -> str | None:
    """The number and its counter in hiragana, with the sounds that change where the two meet."""
    if counter == "日":
        return _day(number, day_of_month)
    if counter == "人" and number in (1, 2):
        return ("ひとり", "ふたり")[number - 1]
    if counter in ("歳", "才") and number == 20:
        return "はたち"
    if counter in NATIVE:
        return NATIVE[counter][number - 1] if 1 <= number <= 9 else None
    if counter in COUNTED_NATIVELY and number in (1, 2):
        return ("ひと", "ふた")[number - 1] + COUNTED_NATIVELY[counter]
    kana = number_in_kana(number)
    return None if kana is None else _joined(kana, number, counter)


def number_in_kana(number: int) -> str | None:
    """0 to 999,999,999,999 in hiragana."""
    if number == 0:
        return "ぜろ"
    groups, rest = [], number
    while rest:
        groups.append(rest % 10_000)
        rest //= 10_000
    if len(groups) > len(LARGE):
        return None
    return "".join(_below_10_000(group, bool(place)) + LARGE[place] for place, group in reversed(list(enumerate(groups))) if group)


def _below_10_000(number: int, before_large: bool) -> str:
    thousand, hundred, ten, one = (number // 1000, number // 100 % 10, number // 10 % 10, number % 10)
    kana = ""
    if thousand:
        kana += THOUSANDS.get(
            thousand, ("いっ" if before_large and number == 1000 else "") + "せん" if thousand == 1 else DIGITS[thousand] + "せん"
        )
    if hundred:
        kana += HUNDREDS.get(hundred, "ひゃく" if hundred == 1 else DIGITS[hundred] + "ひゃく")
    if ten:
        kana += ("" if ten == 1 else DIGITS[ten]) + "じゅう"
    return kana + DIGITS[one]


def _day(number: int, day_of_month: bool) -> str | None:
    if number == 1 and not day_of_month:
        return "いちにち"
    if number in DAYS:
        return DAYS[number]
    kana = number_in_kana(number)
    return None if kana is None else kana + "にち"


def _joined(kana: str, number: int, counter: str) -> str:
    last = number % 10
    if counter in FOUR_SEVEN_NINE and last in (4, 7, 9):
        special = FOUR_SEVEN_NINE[counter][(4, 7, 9).index(last)]
        return kana.removesuffix(DIGITS[last]) + special + PLAIN[counter]
    if counter in HARD_K:
        ending = VOICED_AFTER_THREE.get(counter, HARD_K[counter]) if kana.endswith("さん") else HARD_K[counter]
        return _shortened(kana, BEFORE_K) + ending
    if counter in HARD_S:
        ending = VOICED_AFTER_THREE.get(counter, HARD_S[counter]) if kana.endswith("さん") else HARD_S[counter]
        return _shortened(kana, BEFORE_S) + ending
    if counter == "週間":
        return _shortened(kana, BEFORE_S) + PLAIN[counter]
    if counter in SOFT or counter == "分":
        return _puffed(kana, SOFT.get(counter, "ふん"), minutes=counter == "分")
    return kana + (PLAIN.get(counter) or COUNTED_NATIVELY[counter])


def _shortened(kana: str, before: tuple[str, ...]) -> str:
    ending = next((ending for ending in before if kana.endswith(ending)), None)
    return kana if ending is None else kana.removesuffix(ending) + SHORT[ending]


def _puffed(kana: str, counter: str, minutes: bool) -> str:
    """ほん, はい, ひき, ふん: いっぽん, さんぼん, ろっぽん; minutes are さんぷん and よんぷん."""
    short = _shortened(kana, BEFORE_K)
    puff, buzz = str.maketrans("はひふほ", "ぱぴぷぽ"), str.maketrans("はひふほ", "ばびぶぼ")
    if short != kana:
        return short + counter[0].translate(puff) + counter[1:]
    if kana.endswith(("さん", "せん", "まん")):
        return kana + counter[0].translate(puff if minutes else buzz) + counter[1:]
    if minutes and kana.endswith("よん"):
        return kana + "ぷん"
    return kana + counter
