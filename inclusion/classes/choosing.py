"""Which of the buttons just offered was said, by its number or its name, as it sounds; without it 「2段め」 would choose nothing.

Ears write an ordinal in many ways (呼んばんめ, 2段め). Right after buttons were offered there are few things it can have been, so a hearing
that is near one of them and far from all others is that one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

from accessibility import Answer, Choice
from accessibility.hearing import Heard
from accessibility.hearing.sounds import phonemes_of

from .words import offers_classes

DIGITS: Final = ("いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち")
THINGS: Final = ("ひとつ", "ふたつ", "みっつ", "よっつ", "いつつ", "むっつ", "ななつ", "やっつ")
FIRST: Final = ("さいしょ", "いちばんさいしょ", "いちばんうえ")
LAST: Final = ("さいご", "いちばんさいご", "いちばんした")
TAIL: Final = re.compile(
    r"(?:きょうしつ|くらす|やつ|もの|ほう)?(?:で|に|を|が)?(?:おねがい(?:します)?|します|いい(?:です)?|です)?(?:ね|よ)?$"
)
DATED: Final = re.compile(r"^(?:\d{1,2}/\d{1,2}(?:\(.\))?)?(?:\d{1,2}:\d{2})?")
SIGNS: Final = re.compile(r"[^ぁ-ゖー]")
ALIKE: Final = 0.8  # of the phonemes agree: one wrong in five (nidan for niban), not one in four
APART: Final = 2.0  # any other button has at least so many times as much wrong (kaigono: saigono 1, saishono 2)
SHORTEST: Final = 3  # kana; はい and いや are understood as they are
LONG: Final = 5  # phonemes; anything shorter must be the same, or every cough would be near something
MOST_WAYS: Final = 3


def chosen_by_sound(heard: Heard, last: Answer | None, kana: Callable[[str], str]) -> str:
    """The words that choose a button of `last` (「2番目」, or its label); "" where nothing or more than one thing was said.

    `kana` reads a text in hiragana, for ears that tell none.
    """
    if last is None or not offers_classes(last):
        return ""
    forms = _forms(last.choices, kana)
    for way in heard.hypotheses[:MOST_WAYS]:
        sound = _sound(way.kana or way.text, kana)
        if words := _nearest({sound, TAIL.sub("", sound)}, forms):
            return words
    return ""


def _forms(choices: Sequence[Choice], kana: Callable[[str], str]) -> Sequence[tuple[str, Sequence[str]]]:
    """For each button the words that choose it, and everything it may be called, as sounds."""
    found = []
    for n, choice in enumerate(choices[: len(DIGITS)]):
        places = (*(FIRST if n == 0 else ()), *(LAST if n == len(choices) - 1 and n else ()))
        counted = [f"{name}{end}" for name in (f"{DIGITS[n]}ばんめ", f"{DIGITS[n]}ばん", f"{THINGS[n]}め", *places) for end in ("", "の")]
        label = unicodedata.normalize("NFKC", choice.label)
        named = {_sound(DATED.sub("", re.sub(r"\s+", "", label)), kana)}
        found += [(f"{n + 1}番目", counted), (choice.label, tuple(one for one in named if len(one) >= SHORTEST))]
    return found


def _nearest(sounds: Collection[str], forms: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The button that is alike and apart from the others. `sounds`: what was said, with and without what stands around a choice."""
    said = [one for one in sounds if len(one) >= SHORTEST]
    ranked = sorted(
        ((max((_alike(one, name) for one in said for name in called), default=0.0), words) for words, called in forms), reverse=True
    )
    (best, words), second = ranked[0], ranked[1][0] if len(ranked) > 1 else 0.0
    return words if best >= ALIKE and best > second and 1.0 - second >= APART * (1.0 - best) else ""


def _alike(sound: str, other: str) -> float:
    said, wanted = phonemes_of(sound), phonemes_of(other)
    return Levenshtein.normalized_similarity(said, wanted) if max(len(said), len(wanted)) >= LONG else float(said == wanted)


def _sound(text: str, kana: Callable[[str], str]) -> str:
    """In hiragana without signs."""
    plain = re.sub(r"\d", _in_kana, unicodedata.normalize("NFKC", text))
    return SIGNS.sub("", kana(plain))


def _in_kana(digit: re.Match[str]) -> str:
    number = int(digit.group())
    return DIGITS[number - 1] if 1 <= number <= len(DIGITS) else digit.group()


__all__ = ["chosen_by_sound"]
