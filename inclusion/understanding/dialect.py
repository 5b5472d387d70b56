"""Says in standard words what was said in a dialect, for comparing questions only; without it どげんすっと would be no どうすれば."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from .normalising import fold_kana


def standard(folded: str) -> str:
    """The folded text with the forms of words/dialect.csv put into standard Japanese; positions are not kept."""
    for said, instead in _forms():
        folded = said.sub(instead, folded)
    return folded


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Read once: patterns in hiragana, longer thoughts before shorter ones as they stand in the file."""
    text = (files(__package__) / "words" / "dialect.csv").read_text(encoding="utf-8-sig")
    return tuple((re.compile(fold_kana(row["said"])), row["standard"]) for row in csv.DictReader(text.splitlines()))
