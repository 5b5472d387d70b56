"""Kana and the sounds they stand for, both ways; without it what the ears make out could not be compared with words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from .spelling import sound_of

VOWELS: Final = ("a", "i", "u", "e", "o")
ROWS: Final = (
    ("", "あいうえお"), ("k", "かきくけこ"), ("g", "がぎぐげご"), ("s", "さ_すせそ"), ("sh", "_し___"), ("z", "ざ_ずぜぞ"), ("j", "_じ___"),
    ("t", "た__てと"), ("ch", "_ち___"), ("ts", "__つ__"), ("d", "だ__でど"), ("n", "なにぬねの"), ("h", "は__へほ"), ("hy", "_ひ___"),
    ("f", "__ふ__"), ("b", "ばびぶべぼ"), ("p", "ぱぴぷぺぽ"), ("m", "まみむめも"), ("y", "や_ゆ_よ"), ("r", "らりるれろ"), ("w", "わ____"),
)  # fmt: skip
SMALL_Y: Final = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
SMALL_VOWEL: Final = {"ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
SOFTENED: Final = {
    "し": "sh",
    "ち": "ch",
    "じ": "j",
    "に": "ny",
    "ひ": "hy",
    "み": "my",
    "り": "ry",
    "き": "ky",
    "ぎ": "gy",
    "び": "by",
    "ぴ": "py",
}
BEFORE_SMALL: Final = {
    "ふ": "f",
    "て": "t",
    "で": "d",
    "う": "w",
    "ゔ": "v",
    "つ": "ts",
    "と": "t",
    "ど": "d",
    "し": "sh",
    "ち": "ch",
    "じ": "j",
}
MORA: Final = {kana: (consonant, vowel) for consonant, row in ROWS for kana, vowel in zip(row, VOWELS, strict=True) if kana != "_"}
KANA: Final = {(consonant, vowel): kana for kana, (consonant, vowel) in MORA.items()}
LOOSE: Final = {
    ("h", "i"): "ひ",
    ("h", "u"): "ふ",
    ("s", "i"): "し",
    ("z", "i"): "じ",
    ("t", "i"): "てぃ",
    ("d", "i"): "でぃ",
    ("t", "u"): "つ",
}


def phonemes_of(kana: str) -> list[str]:
    """そふぁあ -> s o f a a. Signs that are no kana are left out."""
    sound, found, at = sound_of(kana), list[str](), 0
    while at < len(sound):
        sign, following = sound[at], sound[at + 1 : at + 2]
        if following in SMALL_Y and sign in SOFTENED:
            found += [SOFTENED[sign], SMALL_Y[following]]
            at += 2
        elif following in SMALL_VOWEL and sign in BEFORE_SMALL:
            found += [BEFORE_SMALL[sign], SMALL_VOWEL[following]]
            at += 2
        else:
            found += _one(sign)
            at += 1
    return found


def _one(sign: str) -> Iterator[str]:
    if sign in ("ん", "っ"):
        yield "N" if sign == "ん" else "cl"
    elif sign in MORA:
        consonant, vowel = MORA[sign]
        yield from ((consonant, vowel) if consonant else (vowel,))
    elif sign in SMALL_VOWEL:
        yield SMALL_VOWEL[sign]


def kana_of(phonemes: Iterable[str]) -> str:
    """The other way, as far as it can be written: a consonant that lost its vowel is left out."""
    written, consonant = "", ""
    for one in (phoneme.lower() if phoneme in "AIUEO" else phoneme for phoneme in phonemes):
        if one in VOWELS:
            written += _mora(consonant, one)
            consonant = ""
        elif one in ("N", "cl"):
            written += "ん" if one == "N" else "っ"
            consonant = ""
        else:
            consonant = one
    return written


def _mora(consonant: str, vowel: str) -> str:
    known = KANA.get((consonant, vowel)) or LOOSE.get((consonant, vowel))
    if known:
        return known
    softened = next((kana for kana, soft in SOFTENED.items() if soft == consonant), None)
    if softened is not None and vowel in ("a", "u", "o"):
        return softened + {"a": "ゃ", "u": "ゅ", "o": "ょ"}[vowel]
    before = next((kana for kana, other in BEFORE_SMALL.items() if other == consonant), softened)
    small = {vowel: kana for kana, vowel in SMALL_VOWEL.items()}[vowel]
    return before + small if before else KANA[("", vowel)]
