"""A hiragana reading for any name in a waste list; without one a new town's things could be neither heard nor spoken."""

from __future__ import annotations

import re
import unicodedata

import jaconv

from accessibility import Readings

BRACKETS = re.compile(r"[(（〔［\[【][^)）〕］\]】]*[)）〕］\]】]?")
SEPARATORS = re.compile(r"[・、/／,，]")
NOT_KANA = re.compile(r"[^ぁ-ゖー]")
FULL_READING = 2
NAMES_OF_LETTERS = (
    "えー びー しー でぃー いー えふ じー えいち あい じぇー けー える えむ "
    "えぬ おー ぴー きゅー あーる えす てぃー ゆー ぶい だぶりゅー えっくす わい ぜっと"
)
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", NAMES_OF_LETTERS.split(), strict=True))
DIGITS = dict(zip("0123456789", ("ぜろ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"), strict=True))


def bare(name: str) -> str:
    """The name without what stands in brackets; the whole name when nothing else is left."""
    return BRACKETS.sub("", name).strip(" 　") or name.strip()


def parts_of(name: str) -> tuple[str, ...]:
    """びん・かん is two things; 容器、ふた of something is not, so parts with の or of one sign stay together."""
    parts = tuple(part.strip() for part in SEPARATORS.split(bare(name)) if part.strip())
    apart = 1 < len(parts) <= 4 and all(len(part) > 1 and "の" not in part for part in parts)
    return parts if apart else (bare(name),)


def reading_of(name: str, given: str, readings: Readings) -> tuple[str, bool]:
    """Hiragana for a name, parts joined by ・, and whether we made it (True) or the file gave it (False)."""
    kana = NOT_KANA.sub("", jaconv.kata2hira(unicodedata.normalize("NFKC", given)))
    plain = NOT_KANA.sub("", jaconv.kata2hira(unicodedata.normalize("NFKC", bare(name))))
    parts = parts_of(name)
    if len(kana) > FULL_READING and len(kana) >= len(plain) and len(parts) == 1:
        return kana, False
    return "・".join(made_reading(part, readings) for part in parts), True


def made_reading(word: str, readings: Readings) -> str:
    """How the dictionary reads the word, letters and digits by name; "" for a word of signs only."""
    folded = unicodedata.normalize("NFKC", word).lower()
    spoken = jaconv.kata2hira(readings.kana(SEPARATORS.sub("", folded)))
    named = "".join(LETTERS.get(sign) or DIGITS.get(sign) or sign for sign in spoken)
    return NOT_KANA.sub("", named).lstrip("ー")
