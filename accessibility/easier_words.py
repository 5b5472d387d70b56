"""Hard words with an easier one; without this list a writer would hear that a word is hard and not what to write instead."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .plain_findings import KANJI


@cache
def easier_words() -> Mapping[str, str]:
    """Hard word to easier one, from easier_words.csv. Its column `source` says where the pair was seen, or that it is our own ("ours")."""
    text = (files(__package__) / "easier_words.csv").read_text(encoding="utf-8")
    return {row["word"]: row["easier"] for row in csv.DictReader(text.splitlines())}


@cache
def hard_word() -> re.Pattern[str]:
    """Finds one of them, the longest first. One of kanji stands alone: in a longer word of kanji it is part of a name."""
    words = sorted(easier_words(), key=len, reverse=True)
    return re.compile("|".join(_alone(word) for word in words))


def _alone(word: str) -> str:
    before = f"(?<!{KANJI})" if re.match(KANJI, word) else ""
    after = f"(?!{KANJI})" if re.search(f"{KANJI}$", word) else ""
    return f"{before}{re.escape(word)}{after}"
