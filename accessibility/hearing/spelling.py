"""Writes what was heard in kana as people write it; without it 「そふぁーをすてたい」 would be all a resident got to see.

Only what sounds exactly like a known word is written as that word, and only where words can stand: a word nobody knows stays in kana, and
is never bent to its neighbour (池 is not found in いけばな).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import jaconv

Pair = tuple[str, str]  # kana, written

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
    "ぜろ": "0", "れい": "0", "まる": "0", "いち": "1", "に": "2", "さん": "3", "よん": "4", "し": "4", "ご": "5", "ろく": "6", "なな": "7",
    "しち": "7", "はち": "8", "きゅう": "9", "きゅー": "9", "く": "9",
}  # fmt: skip
DIGIT: Final = re.compile("|".join(sorted(DIGITS, key=len, reverse=True)))
CODE: Final = re.compile(f"((?:{DIGIT.pattern}){{4,12}})(です|でした|)")
UNKNOWN, WORD, PHRASE = range(3)
COST: Final = {WORD: 0.6, PHRASE: 0.8}
UNKNOWN_COST: Final = 1.0
BETWEEN: Final = frozenset({(WORD, WORD), (WORD, UNKNOWN), (UNKNOWN, WORD)})  # what may not stand side by side
LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Spelled:
    """`unknown` is the share of kana that no known word explains."""

    text: str
    unknown: float


class Speller:
    """`words` name things and must stand by themselves; `phrases` are what stands around them. First come, first written."""

    def __init__(self, words: Iterable[Pair], phrases: Iterable[Pair]) -> None:
        self._known: dict[str, tuple[int, str]] = {}
        for kind, pairs in ((PHRASE, phrases), (WORD, words)):
            for kana, written in pairs:
                sound = sound_of(kana)
                if 0 < len(sound) <= LONGEST and (kind == PHRASE or len(sound) > 1):
                    self._known.setdefault(sound, (kind, written))

    def spelled(self, kana: str) -> Spelled:
        """The cheapest way through the kana, from left to right."""
        if code := CODE.fullmatch(kana):
            return Spelled("".join(DIGITS[digit] for digit in DIGIT.findall(code[1])) + code[2], 0.0)
        sound = sound_of(kana)
        best: list[dict[int, tuple[float, str, int]]] = [{} for _ in range(len(sound) + 1)]
        best[0][PHRASE] = (0.0, "", 0)
        for at in range(len(sound)):
            for before, (cost, text, unknown) in best[at].items():
                for kind, length, written in self._steps(sound, kana, at):
                    if (before, kind) not in BETWEEN:
                        dearer = UNKNOWN_COST if kind == UNKNOWN else COST[kind]
                        _offer(best[at + length], kind, (cost + dearer, text + written, unknown + (length if kind == UNKNOWN else 0)))
        _, text, unknown = min(best[-1].values())
        return Spelled(text, unknown / max(len(sound), 1))

    def _steps(self, sound: str, kana: str, at: int) -> Iterable[tuple[int, int, str]]:
        yield UNKNOWN, 1, kana[at]
        for length in range(1, min(LONGEST, len(sound) - at) + 1):
            found = self._known.get(sound[at : at + length])
            if found:
                yield found[0], length, found[1]


def _offer(places: dict[int, tuple[float, str, int]], kind: int, way: tuple[float, str, int]) -> None:
    if kind not in places or way[0] < places[kind][0]:
        places[kind] = way


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


def phrases_of(forms: Iterable[str]) -> list[str]:
    """The parts around the places: 「古い{}を捨てたい」 -> 古い, を捨てたい."""
    parts = (part.strip("、 ") for form in forms for part in re.split(r"\{\}|、", form))
    return list(dict.fromkeys(part for part in parts if part))


def from_settings(told: Mapping[str, list[list[str]]]) -> Speller:
    """From what travels to the hearing process."""
    return Speller(((kana, written) for kana, written in told["words"]), ((kana, written) for kana, written in told["phrases"]))
