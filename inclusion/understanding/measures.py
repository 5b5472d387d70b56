"""Finds sizes in a sentence (cm, インチ, 畳, people, pieces); without it no size class and no count could be chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = r"(?<![\d.])(\d+(?:\.\d+)?)"
CM_UNITS = {
    "cm": 1.0, "センチメートル": 1.0, "せんちめーとる": 1.0, "センチ": 1.0, "せんち": 1.0, "公分": 1.0, "厘米": 1.0, "centimeters": 1.0,
    "centimetres": 1.0, "centimeter": 1.0, "센티": 1.0, "mm": 0.1, "ミリ": 0.1, "みり": 0.1, "メートル": 100.0, "めーとる": 100.0,
    "メーター": 100.0, "めーたー": 100.0, "meters": 100.0, "metres": 100.0, "meter": 100.0, "metre": 100.0, "m": 100.0, "米": 100.0,
    "미터": 100.0, "公尺": 100.0, "フィート": 30.48, "ふぃーと": 30.48, "feet": 30.48, "foot": 30.48, "ft": 30.48, "英尺": 30.48,
}  # fmt: skip
UNIT = "(" + "|".join(sorted(CM_UNITS, key=len, reverse=True)) + r")(?![a-z])"
SIDES = {
    "height_cm": "高さ|たかさ|たけ|丈|縦|たて|背丈|height|tall|high|高度|高|높이|세로",
    "width_cm": "横幅|幅|はば|よこはば|横|よこ|width|wide|宽度|宽|너비|폭|가로",
    "depth_cm": "奥行き?|おくゆき|奥|深さ|ふかさ|depth|deep|深度|深|깊이",
    "thickness_cm": "厚さ|あつさ|厚み|あつみ|厚|thickness|thick|두께",
    "longest_cm": "長さ|ながさ|直径|一番長い(?:ところ|辺|部分)?|最大辺?|全長|径|さしわたし|長|長辺|一辺|"
    "length|long|diameter|长度|长|길이|지름",
    "two_longest_cm": "合計|合わせて|あわせて|足して|たして|足すと|合算",
}
SIDE = "|".join(f"(?P<{name}>{words})" for name, words in SIDES.items())
BOUND = r"(未満|以下|以上|まで|より小さ|より短|より低|より大き|より長|より高|超え|を超|弱|強|ちょっと|ちょい|ちょっぴり|あまり|余り|少し)?"
SIDED = re.compile(
    rf"(?:{SIDE})(?:の長さ)?(?:が|は|も|:|=|、|の|で|だけ)?\s*(?:約|だいたい|およそ|"
    rf"大体)?\s*{NUMBER}\s*(?:{UNIT}(?:\s*{NUMBER}(?![\d枚脚台個本つ組点棹]))?\s*(?:センチ|cm)?|(?![畳帖枚脚台個本つ点人段寸吋\dイi]|いんち))\s*(?:くらい|"
    rf"ぐらい|ほど)?の?{BOUND}"
)
BARE = re.compile(rf"{NUMBER}\s*{UNIT}(?:\s*{NUMBER}\s*(?:センチ|cm)?(?![\d枚脚台個本つ]))?\s*(?:くらい|ぐらい|ほど)?の?{BOUND}")
TIMES = re.compile(
    rf"{NUMBER}\s*(?:{UNIT})?\s*(?:[x×*✕]|かける|掛ける|by)\s*{NUMBER}\s*(?:{UNIT})?(?:\s*(?:[x×*✕]|かける|掛ける|"
    rf"by)\s*{NUMBER}\s*(?:{UNIT})?)?"
)
INCH = re.compile(rf"{NUMBER}\s*(?:インチ|いんち|inch(?:es)?|in\b|型|寸|吋|英寸|인치)\s*(?:の)?{BOUND}")
JO = re.compile(rf"(?:{NUMBER}|(?<!\d)(半))\s*(?:畳|帖|じょう)\s*(?:用|くらい|ぐらい|の)?{BOUND}")
PERSONS = re.compile(
    rf"{NUMBER}\s*(?:人|名)(?:用|掛け|がけ|かけ|で座|で使|座|乗り|くらい|以上|分|ぐらい|が座|です|だ|$|\b|の)|"
    rf"{NUMBER}\s*-?\s*(?:seat|person|people|인용|人座|人位)|\bfor\s+(\d)(?=[\s?.!,]*$)"
)
DAN = re.compile(rf"{NUMBER}\s*段")
KILO = re.compile(rf"{NUMBER}\s*(?:キロ(?:グラム)?|きろ(?:ぐらむ)?|kgs?|kilos?|kilograms?|公斤|千克)(?![a-z])\s*{BOUND}")
PALM = re.compile(r"(?:手のひら|てのひら|掌)(?:さいず|サイズ|大|くらい|ぐらい|ほど|に(?:乗|の)る)")
AS_A_MAT = re.compile(r"(?:畳|たたみ)(?:の)?\s*(?:1|一|いち)\s*(?:枚|まい)(?:分|ぶん|くらい|ぐらい|ほど|の大きさ|さいず|サイズ)")
PALM_CM = 15.0
MAT_SIDES = (180.0, 90.0)
MAT_CM2 = 90 * 180
FEET_SHARE = 2


@dataclass(frozen=True, slots=True)
class Measure:
    """One size: which slot it fills, how much, and where it stands. `side` is "" for a bare length."""

    slot: str
    amount: float
    start: int
    end: int


def measures(text: str) -> tuple[Measure, ...]:
    """Every size in the text, in order, none counted twice."""
    found: list[Measure] = []
    taken: list[tuple[int, int]] = []
    for reader in (_times, _sided, _bare, _inches, _mats, _people, _steps, _kilos, _palms, _as_a_mat):
        for measure in reader(text):
            free = not any(measure.start < end and start < measure.end for start, end in taken)
            found += [measure] if free else []
        taken = [(m.start, m.end) for m in found]
    return tuple(sorted(found, key=lambda m: m.start))


def slots_of(found: tuple[Measure, ...]) -> dict[str, float]:
    """The sizes as slots. Bare lengths count as `any_cm` (the longest of them) and `second_cm`."""
    slots: dict[str, float] = {}
    bare = sorted((m.amount for m in found if m.slot == "any_cm"), reverse=True)
    for measure in found:
        if measure.slot != "any_cm":
            slots[measure.slot] = max(measure.amount, slots.get(measure.slot, 0.0))
    return slots | dict(zip(("any_cm", "second_cm", "third_cm"), bare, strict=False))


def with_derived(slots: dict[str, str | float]) -> dict[str, str | float]:
    """Also the longest side and the two longest sides together, where they can be known."""
    sides = [
        _number(slots[name])
        for name in ("height_cm", "width_cm", "depth_cm", "longest_cm", "any_cm", "second_cm", "third_cm")
        if name in slots
    ]
    full = dict(slots)
    if sides:
        full["longest_cm"] = max(sides)
    if len(sides) >= FEET_SHARE and "two_longest_cm" not in slots:
        full["two_longest_cm"] = sum(sorted(sides, reverse=True)[:2])
    if "any_cm" in full and "second_cm" in full:
        full.setdefault("jo", round(_number(full["any_cm"]) * _number(full["second_cm"]) / MAT_CM2, 2))
    return full


def _times(text: str) -> list[Measure]:
    """90×45×180 cm: three bare lengths, the last unit counting for those without one."""
    found = []
    for match in TIMES.finditer(text):
        parts = [(match[1], match[2]), (match[3], match[4]), (match[5], match[6])]
        unit = next((u for _, u in reversed(parts) if u), "cm")
        for amount, own in parts:
            if amount:
                found.append(Measure("any_cm", float(amount) * CM_UNITS[own or unit], match.start(), match.end()))
    return found


def _sided(text: str) -> list[Measure]:
    found = []
    for match in SIDED.finditer(text):
        slot = next(name for name in SIDES if match[name])
        amount, unit, rest, bound = match.groups()[-4:]
        length = _length(amount, unit, rest)
        found.append(Measure(slot, _bounded(length, bound), match.start(), match.end()))
    return found


def _bare(text: str) -> list[Measure]:
    return [Measure("any_cm", _bounded(_length(m[1], m[2], m[3]), m[4]), m.start(), m.end()) for m in BARE.finditer(text)]


def _inches(text: str) -> list[Measure]:
    return [Measure("inch", _bounded(float(m[1]), m[2]), m.start(), m.end()) for m in INCH.finditer(text)]


def _mats(text: str) -> list[Measure]:
    return [Measure("jo", _bounded(0.5 if m[2] else float(m[1]), m[3], 0.5), m.start(), m.end()) for m in JO.finditer(text)]


def _people(text: str) -> list[Measure]:
    return [Measure("persons", float(m[1] or m[2] or m[3]), m.start(), m.end()) for m in PERSONS.finditer(text)]


def _steps(text: str) -> list[Measure]:
    return [Measure("dan", float(m[1]), m.start(), m.end()) for m in DAN.finditer(text)]


def _kilos(text: str) -> list[Measure]:
    return [Measure("kg", _bounded(float(m[1]), m[2]), m.start(), m.end()) for m in KILO.finditer(text)]


def _palms(text: str) -> list[Measure]:
    return [Measure("any_cm", PALM_CM, m.start(), m.end()) for m in PALM.finditer(text)]


def _as_a_mat(text: str) -> list[Measure]:
    """畳一枚分くらい: as large as a 畳, whatever it is."""
    return [Measure("any_cm", side, m.start(), m.end()) for m in AS_A_MAT.finditer(text) for side in MAT_SIDES]


def _length(amount: str, unit: str | None, rest: str | None) -> float:
    """1メートル20 is 120 cm; a side without a unit is in cm, and a small number of a side without one in metres is said with it."""
    scale = CM_UNITS[unit] if unit else 1.0
    length = float(amount) * scale
    if rest and scale == CM_UNITS["m"]:
        length += float(rest)
    return round(length, 1)


def _bounded(length: float, bound: str | None, step: float = 1.0) -> float:
    """A number inside what was said: 1メートル未満 is 99 cm, 半畳より大きい is a little more."""
    if bound in ("未満", "より小さ", "より短", "より低", "弱"):
        return length - step
    if bound in ("より大き", "より長", "より高", "超え", "を超", "強", "ちょっと", "ちょい", "ちょっぴり", "あまり", "余り", "少し"):
        return length + step
    return length


def _number(amount: str | float) -> float:
    return float(amount)
