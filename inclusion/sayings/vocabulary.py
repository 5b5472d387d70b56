"""The town's words with their kana, for ears that hear kana; without it a resident would be shown 「そふぁーをすてたい」."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from accessibility import Readings, Word
from accessibility.hearing import Vocabulary
from inclusion.municipalities import Town

from . import Sayings, parts_of, sayings_of

STANDS_ALONE: Final = 3  # shorter pieces of sentences are found inside words nobody knows
CLINGS: Final = ("助詞", "助動詞", "接尾辞")
PLACE: Final = re.compile(r"\{\}|[、。？?！! 　]+")
Pair = tuple[str, str]


def vocabulary_of(town: Town, readings: Readings) -> Vocabulary:
    """Things, offices, places and festivals as words; what is said around them, and pieces of the town's questions, as phrases."""
    sayings = sayings_of(town)
    return Vocabulary(tuple(_once(_things(town))), tuple(_once(_phrases(sayings, readings))))


def _things(town: Town) -> Iterable[Pair]:
    yield from _apart((item.reading, item.said) for item in town.items.values())
    yield from _apart((policy.reading, policy.name) for policy in town.policies.values())
    yield from _apart((row.reading, row.name) for row in town.sorting.values())
    yield from ((place.reading, place.name) for place in town.places)
    yield from ((festival.reading, festival.name) for festival in town.festivals.values())
    yield from ((contact.reading, contact.name) for contact in town.contacts.values())
    yield from ((alias.reading, alias.word) for alias in town.aliases if alias.language == "ja")


def _apart(pairs: Iterable[Pair]) -> Iterable[Pair]:
    """冷蔵庫・冷凍庫 are two words, where the kana have as many parts."""
    for kana, written in pairs:
        spoken, names = parts_of(kana), parts_of(written)
        yield from zip(spoken, names, strict=True) if len(spoken) == len(names) else ((kana, written),)


def _phrases(sayings: Sayings, readings: Readings) -> Iterable[Pair]:
    whole = [part for text in (*sayings.forms, *sayings.replies) for part in PLACE.split(text) if part]
    yield from ((_kana(readings.words(part)), part) for part in whole)
    for sentence in sayings.sentences:
        for piece in _pieces(readings.words(sentence)):
            kana = _kana(piece)
            if len(kana) >= STANDS_ALONE:
                yield kana, "".join(word.surface for word in piece)


def _pieces(words: Iterable[Word]) -> Iterable[list[Word]]:
    """A word with the particles that cling to it: 粗大ごみの|申し込み方を|教えてください."""
    piece: list[Word] = []
    for word in words:
        if piece and word.kind[0] not in CLINGS:
            yield piece
            piece = []
        piece.append(word)
    if piece:
        yield piece


def _kana(words: Iterable[Word]) -> str:
    """Particles keep their spelling, as the ears write them."""
    return "".join(word.surface if word.kind[0] == "助詞" else word.reading for word in words)


def _once(pairs: Iterable[Pair]) -> Iterable[Pair]:
    kana_only = re.compile("[ぁ-ゖー]+")
    return dict.fromkeys((kana, written) for kana, written in pairs if kana_only.fullmatch(kana))
