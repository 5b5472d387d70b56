"""Hears whether somebody asks of which kind a thing is (扇風機って粗大ごみ？); without it yes or no would never be said."""

from __future__ import annotations

from typing import Final

from .patterns import Patterns
from .sentence import Sentence

WORDS: Final = Patterns("asking")
ASKED: Final = WORDS.whole("class_named", "class_ending")
CLASSES: Final = ("bulky", "burnable", "nonburnable", "resource", "plastic")
NAMED: Final = tuple((name, WORDS(f"class_{name}")) for name in CLASSES)


def class_asked(sentence: Sentence) -> str:
    """One of CLASSES where the sentence asks whether a thing belongs to it; "" where it asks something else."""
    found = ASKED.search(sentence.folded)
    if found is None:
        return ""
    return class_named(found[0])


def only_class_asked(sentence: Sentence) -> bool:
    """燃えるごみで出せる？: the class is asked for, and the thing was named before."""
    return ASKED.match(sentence.folded) is not None


def class_named(folded: str) -> str:
    """Which of CLASSES a word of the town's table or of a resident means; "" for none of them."""
    return next((name for name, pattern in NAMED if pattern.search(folded)), "")
