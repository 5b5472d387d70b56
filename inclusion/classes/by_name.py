"""Finds the class somebody asks for by its name; without it only the four classes just offered could be chosen, and by button."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from inclusion.classes.upcoming import UpcomingClass
from inclusion.understanding.normalising import fold_kana
from inclusion.understanding.patterns import Patterns

WORDS: Final = Patterns("class_names")
OPENING: Final = WORDS("opening")
ENDING: Final = WORDS("ending")
KIND: Final = WORDS("kind")  # 教室, 講座: with such a word a part of a name is enough (地図の教室)
BRACKETS: Final = re.compile(r"[(（].*?[)）]")
SIGNS: Final = re.compile(r"[\s「」『』、。,.!?・〜~]+")
LATIN: Final = "line"  # the one name in Latin letters that is also written and heard in kana
KANA: Final = "らいん"
LONGEST: Final = 40  # signs; who writes more tells a story
SHORTEST_PART: Final = 2  # signs of a part with a word such as 教室 behind
SHORTEST_ALONE: Final = 6  # signs of what is only like a name
MOST_OF_IT: Final = 0.75  # so much of a name stands for it without such a word
ALIKE: Final = 80.0  # in a hundred: だまされない練習 for だまされないための練習


def asked_by_name(text: str, planned: Sequence[UpcomingClass]) -> list[UpcomingClass]:
    """All dates of the class that the whole text asks for by its name, by a part of it, or by what is taught there; else none.

    What is taught (LINEの使い方) is also a question of its own, and means a class only with a word such as 教室 behind.
    """
    said, of_a_kind = _core(text)
    if len(said) < SHORTEST_PART:
        return []
    names = [_folded(BRACKETS.sub("", one.name)) for one in planned]
    taught = [_folded(one.course) for one in planned] if of_a_kind else []
    part = _is_part_of if of_a_kind else _is_most_of
    for fits, called in ((_is, names), (part, names), (_is_part_of, taught), (_is_like, names)):
        if found := [one for one, name in zip(planned, called, strict=False) if fits(said, name)]:
            return found
    return []


def may_be_a_name(text: str) -> bool:
    """Whether it is worth looking into the timetable: who asks for a class by its name says little else."""
    return SHORTEST_PART <= len(text) <= LONGEST


def _core(text: str) -> tuple[str, bool]:
    """What is left without words of asking around it, and whether a word such as 教室 stood behind it."""
    said = OPENING.sub("", _folded(text))
    asked = ENDING.sub("", said)
    named = KIND.sub("", asked)
    return named, named != asked


def _folded(text: str) -> str:
    return SIGNS.sub("", fold_kana(unicodedata.normalize("NFKC", text)).lower()).replace(LATIN, KANA)


def _is(said: str, name: str) -> bool:
    return said == name


def _is_part_of(said: str, name: str) -> bool:
    return said in name


def _is_most_of(said: str, name: str) -> bool:
    return said in name and len(said) >= MOST_OF_IT * len(name)


def _is_like(said: str, name: str) -> bool:
    return SHORTEST_ALONE <= len(said) <= len(name) and fuzz.ratio(said, name) >= ALIKE
