"""Keeps what was said out of errors and logs; without it a provider that quotes a refused message would make us repeat it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .delivery import Parcel

WORD_FIELDS = ("text", "altText", "label", "displayText", "name", "callback_data")
SHORTEST_TELLING_LINE = 4
LONGEST_REASON = 400


def without_words_of(parcel: Parcel, told: str) -> str:
    """`told`, the provider's complaint, with every line of the parcel's own words and its chat id replaced by "…"."""
    for said in sorted({parcel.chat_id, *_lines(parcel.messages)} - {""}, key=len, reverse=True):
        told = told.replace(said, "…")
    return told[:LONGEST_REASON]


def _lines(form: Any, name: str = "") -> Iterator[str]:
    if isinstance(form, dict):
        for inner_name, inner in form.items():
            yield from _lines(inner, inner_name)
    elif isinstance(form, list | tuple):
        for inner in form:
            yield from _lines(inner, name)
    elif isinstance(form, str) and name in WORD_FIELDS:
        yield from (line for line in form.splitlines() if len(line) >= SHORTEST_TELLING_LINE)
