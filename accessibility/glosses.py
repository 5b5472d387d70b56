"""Explains the hard words that must stay in easy Japanese; without it 住民票 would be said easily and still not be understood.

A form is called 住民票 at the counter too, so the word stays and one short sentence behind the answer says what it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

MOST: Final = 2  # an answer that explains more is read by nobody


@cache
def glosses() -> Mapping[str, str]:
    """Word to meaning, from glosses.csv; longer words first, so that 印鑑登録 is not explained by a part of it."""
    text = (files(__package__) / "glosses.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: -len(row["word"]))
    return {row["word"]: row["meaning"] for row in rows}


def explained(sentences: Iterable[str]) -> Sequence[str]:
    """One sentence for each of the first two hard words in `sentences`, in the order they are met.

    A word that has an explanation in brackets right behind it needs none, nor one that is only part of a word already explained.
    """
    rest = " ".join(sentences)
    met: dict[str, int] = {}
    for word in glosses():
        at = rest.find(word)
        if at < 0:
            continue
        if not rest.startswith("（", at + len(word)):
            met[word] = at
        rest = rest.replace(word, "＿" * len(word))
    return [f"「{word}」は、{glosses()[word]}。" for word in sorted(met, key=met.__getitem__)[:MOST]]
