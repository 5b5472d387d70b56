"""Reads numbers the way people say them; without it 六畳, 二人用, 百八十センチ and "three chairs" would be only words."""

from __future__ import annotations

import re

DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "両": 2,
    "两": 2,
    "兩": 2,
    "壱": 1,
    "弐": 2,
    "参": 3,
}
SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
KOREAN = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "네": 4, "넷": 4,
    "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip
KOREAN_COUNT = re.compile(
    "(?:^|(?<=\\s))(" + "|".join(sorted(KOREAN, key=len, reverse=True)) + r")(?=\s*(?:개|장|대|벌|권|세트|자루|켤레|인용))"
)
KANJI_NUMBER = "〇零一二三四五六七八九十百千万壱弐参"
COUNTERS = (
    "枚|脚|台|個|箇|コ|こ|ケ|ヶ|本|つ|点|組|セット|人掛け|人がけ|人用|人|客|竿|棹|束|畳|帖|段|冊|足|着|膳|面|張|基|机|件|袋|箱|缶|"
    "ダース|尺|メートル|メーター|センチ|ミリ|cm|m|㎝|インチ|inch|in|キロ|kg|円|歳|才|階|回|日|時|分|週|ヶ月|か月|年|つ折り|輪車|リットル|割|口|"
    "張り|把|対|式|頭|匹|门|床(?=[被褥垫毯]|$|[,、。?\\s多要])|副|根|盏|块|部|辆|张|把|个|條|条|件|套|只|公分|厘米|米|寸|畳|개|장|대|명|인용"
)
NATIVE = {
    "ひとつ": "1つ",
    "ふたつ": "2つ",
    "みっつ": "3つ",
    "よっつ": "4つ",
    "いつつ": "5つ",
    "むっつ": "6つ",
    "ななつ": "7つ",
    "やっつ": "8つ",
    "ここのつ": "9つ",
    "ひとりよう": "1人用",
    "ふたりよう": "2人用",
    "ひとりがけ": "1人掛け",
    "ふたりがけ": "2人掛け",
    "さんにんがけ": "3人掛け",
    "ひとり": "1人",
    "ふたり": "2人",
    "いちまい": "1枚",
    "にまい": "2枚",
    "さんまい": "3枚",
    "よんまい": "4枚",
    "ごまい": "5枚",
    "ろくまい": "6枚",
    "じゅうまい": "10枚",
    "いっこ": "1個",
    "にこ": "2個",
    "さんこ": "3個",
    "よんこ": "4個",
    "いちだい": "1台",
    "にだい": "2台",
    "さんだい": "3台",
    "いっぽん": "1本",
    "にほん": "2本",
    "さんぼん": "3本",
    "いっきゃく": "1脚",
    "にきゃく": "2脚",
    "さんきゃく": "3脚",
    "よんきゃく": "4脚",
    "ろくじょう": "6畳",
    "よじょうはん": "4.5畳",
    "はちじょう": "8畳",
    "さんじょう": "3畳",
    "にじょう": "2畳",
    "いちじょう": "1畳",
    "はんじょう": "半畳",
}
NATIVE_WORD = re.compile(
    r"(?:(?<=[をがはもと、。\s])|^|(?<=[^ぁ-ん]))(" + "|".join(NATIVE) + r")(?=[をがはもとでにずかだなのくすあっ、。?!\s用掛捨]|$)"
)
THINGS = {f"{word}": NATIVE[word] for word in NATIVE if word.endswith("つ") and word != "いつつ"}
THING_WORD = re.compile("(" + "|".join(THINGS) + r")(?=[をがはもとでにずかだなあっ、。?!\s捨]|$)")
MIXED = re.compile(rf"([{KANJI_NUMBER}两兩]+)(?=\s*(?:{COUNTERS}))")
SPELLED_COUNTERS = {"まい": "枚", "こ": "個", "だい": "台", "ほん": "本", "ぼん": "本", "ぽん": "本", "きゃく": "脚", "じょう": "畳"}
SPELLED = re.compile(r"(?<=\d)\s*(まい|こ|だい|ほん|ぼん|ぽん|きゃく|じょう)(?=[をがはもとでにずかだなのくすあっ、。?!\s用]|$)")
DOZENS = re.compile(r"(\d+|半)\s*(?:ダース|だーす)(?:の|分)?|\b(?:a|1|one|(2|two)) dozens?\b")
SHAKU_CM, SUN_CM, KEN_CM = 30.3, 3.03, 181.8  # 計量法 (1966) left 尺 and 間 to carpenters; residents still say them of chests
SHAKU = re.compile(r"(?<![公英\d.])(\d+(?:\.\d+)?)\s*尺\s*(?:(\d+|[一二三四五六七八九])\s*寸|(半))?")
KEN = re.compile(r"((?:幅|横|長さ|高さ|間口)(?:が|は|も|:)?\s*)(\d+|[一二三四五六七八九])\s*間(半)?(?=$|[のくぐほでだ、。\s])")
HALF = re.compile(r"(\d+(?:\.\d+)?)\s*(メートル|m|畳|帖|間)\s*半")
DIMENSION = re.compile(
    rf"(高さ|たかさ|幅|はば|横幅|横|よこ|縦|たて|奥行き?|おくゆき|長さ|ながさ|直径|厚さ|厚み|深さ|丈|タテ|ヨコ)(が|は|"
    rf"で|も|の|:)?\s*([{KANJI_NUMBER}]+)"
)
NOT_A_COUNT = re.compile(
    r"^(?:参(?:列|加|考|拝|照)|一番|一緒|一部|一般|一度|一応|千代|三味|万一|一人暮|十分|一人で|二度|三崎|[一二三四五六七八九]番町)"
)
ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
ENGLISH_WORD = re.compile(r"\b(" + "|".join(ENGLISH) + r")\b(?=[\s-]+[a-z]|[\s?.!,]*$)")


def kanji_to_int(written: str) -> int | None:
    """百五十 -> 150, 一八〇 -> 180; None when it is no number."""
    if not written or any(sign not in KANJI_NUMBER + "両两兩" for sign in written):
        return None
    if not any(sign in "十百千万" for sign in written):
        return int("".join(str(DIGITS[sign]) for sign in written))
    whole, thousand, digit = 0, 0, 0
    for sign in written:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign == "万":
            whole, thousand, digit = (thousand + digit or 1) * 10_000, 0, 0
        else:
            thousand, digit = thousand + (digit or 1) * SMALL_UNITS[sign], 0
    return whole + thousand + digit


def with_digits(text: str) -> str:
    """Numbers in kanji, native words or English become digits where a counter, a unit or a measure stands beside them."""
    text = KOREAN_COUNT.sub(lambda m: str(KOREAN[m[1]]), text)
    text = MIXED.sub(lambda m: _digits(m, text), text)
    text = DIMENSION.sub(lambda m: f"{m[1]}{m[2] or ''}{kanji_to_int(m[3])}", text)
    text = THING_WORD.sub(lambda m: THINGS[m[1]], text)
    text = NATIVE_WORD.sub(lambda m: NATIVE[m[1]], text)
    text = SPELLED.sub(lambda m: SPELLED_COUNTERS[m[1]], text)
    text = DOZENS.sub(_pieces_in_dozens, text)
    text = KEN.sub(lambda m: f"{m[1]}{_old_length(m[2], KEN_CM, m[3] and KEN_CM / 2)}", text)
    text = SHAKU.sub(lambda m: _old_length(m[1], SHAKU_CM, m[3] and SHAKU_CM / 2, m[2]), text)
    text = HALF.sub(lambda m: f"{float(m[1]) + 0.5:g}{m[2]}", text)
    return ENGLISH_WORD.sub(lambda m: str(ENGLISH[m[1]]), text)


def _digits(match: re.Match[str], text: str) -> str:
    if NOT_A_COUNT.match(text[match.start() : match.end() + 3]):
        return match[1]
    value = kanji_to_int(match[1])
    return match[1] if value is None else str(value)


def _pieces_in_dozens(match: re.Match[str]) -> str:
    """2ダース is 24個, 半ダース 6個."""
    if match[1] is None:
        return "24" if match[2] else "12"
    return f"{6 if match[1] == '半' else int(match[1]) * 12}個"


def _old_length(amount: str, unit_cm: float, half: float | str | None = 0.0, sun: str | None = None) -> str:
    """6尺 and 5尺8寸 in cm, to the nearest one."""
    number = float(amount) if amount[0].isdigit() else float(kanji_to_int(amount) or 0)
    inches = float(sun) if sun and sun[0].isdigit() else float(kanji_to_int(sun or "") or 0)
    return f"{round(number * unit_cm + float(half or 0) + inches * SUN_CM)}cm"
