"""Words of every day in all their forms; without them the ears would hear a town's word in whatever is said around one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

Pair = tuple[str, str]
LAST: Final = {  # of a godan verb: before ます, before て and た, before ない, before ば, before う
    "う": ("い", "っ", "わ", "え", "お"),
    "く": ("き", "い", "か", "け", "こ"),
    "ぐ": ("ぎ", "い", "が", "げ", "ご"),
    "す": ("し", "し", "さ", "せ", "そ"),
    "つ": ("ち", "っ", "た", "て", "と"),
    "ぬ": ("に", "ん", "な", "ね", "の"),
    "ぶ": ("び", "ん", "ば", "べ", "ぼ"),
    "む": ("み", "ん", "ま", "め", "も"),
    "る": ("り", "っ", "ら", "れ", "ろ"),
}


@cache
def everyday_words() -> tuple[Pair, ...]:
    """(kana, written): nouns as they are, verbs and adjectives in each form that endings follow."""
    return tuple(dict.fromkeys(pair for line in _lines("everyday.txt") for pair in _forms(*line.split())))


@cache
def endings() -> tuple[Pair, ...]:
    """What follows those forms, as it sounds."""
    return tuple((line, line) for line in dict.fromkeys(_lines("endings.txt")))


def _forms(written: str, kana: str, kind: str = "") -> Iterator[Pair]:
    if kind == "五":
        yield from ((kana[:-1] + last, written[:-1] + last) for last in (kana[-1], *LAST[kana[-1]]))
        if kana.endswith("いく"):
            yield kana[:-1] + "っ", written[:-1] + "っ"
        return
    if kind in ("一", "い"):
        yield kana[:-1], written[:-1]
    if kind == "一":
        yield kana[:-1] + "れ", written[:-1] + "れ"
    yield kana, written


def _lines(name: str) -> tuple[str, ...]:
    text = files(__package__ or "inclusion.sayings").joinpath(name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))
