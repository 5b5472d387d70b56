"""One thing a resident said, read once: its text, its kana-folded twin, its words; without it each step would read it again."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from accessibility import Readings, Word

from .languages import as_kana, language_of
from .normalising import fold_kana, normalise
from .own_data import without_own_data

SPACED = re.compile(r"(?<=[ぁ-ヿ一-鿿]) +(?=[ぁ-ヿ一-鿿])")


class Vocabulary(Protocol):
    """The words of one town, as far as reading a sentence needs them."""

    @property
    def english(self) -> Collection[str]: ...
    def closed_up(self, text: str) -> str: ...
    def finished(self, text: str) -> str: ...
    def in_full(self, kana: str) -> str: ...


@dataclass(frozen=True)
class Sentence:
    """`text` is normalised, `folded` the same in hiragana, sign for sign. `words` are the smallest words with readings."""

    said: str
    text: str
    folded: str
    language: str
    words: tuple[Word, ...]

    @cached_property
    def starts(self) -> frozenset[int]:
        return frozenset(word.start for word in self.words)

    @cached_property
    def ends(self) -> frozenset[int]:
        return frozenset(word.end for word in self.words)

    @cached_property
    def word_at(self) -> dict[int, Word]:
        return {word.start: word for word in self.words}

    @cached_property
    def unspaced(self) -> str:
        """The folded text without the spaces that romaji and easy Japanese have between words."""
        return SPACED.sub("", self.folded)

    @cached_property
    def kana(self) -> str:
        return "".join(word.reading for word in self.words)


def read(text: str, readings: Readings, vocabulary: Vocabulary | None = None) -> Sentence:
    """Normalise a text, leave out its author's own data, tell its language, turn romaji into kana and split it into words.

    With a town's `vocabulary` spaces inside its words are taken out and slips at their end mended, its English words told from romaji, and
    its words in romaji spelled in full.
    """
    plain = without_own_data(normalise(text))
    plain = vocabulary.finished(vocabulary.closed_up(plain)) if vocabulary else plain
    language = language_of(plain, vocabulary.english if vocabulary else ())
    if language == "romaji":
        plain, language = as_kana(plain, vocabulary.in_full if vocabulary else str), "ja"
    words = readings.words(plain, short=True) if language == "ja" else ()
    return Sentence(text, plain, fold_kana(plain), language, words)
