"""One thing a resident said, read once: its text, its kana-folded twin, its words; without it each step would read it again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from accessibility import Readings, Word

from .languages import as_kana, language_of
from .normalising import fold_kana, normalise
from .own_data import without_own_data


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
    def kana(self) -> str:
        return "".join(word.reading for word in self.words)


def read(text: str, readings: Readings, closed_up: Callable[[str], str] = str, english: Collection[str] = ()) -> Sentence:
    """Normalise a text, leave out its author's own data, tell its language, turn romaji into kana and split it into words.

    `closed_up` takes out the spaces inside words the town knows, `english` are its English words.
    """
    plain = closed_up(without_own_data(normalise(text)))
    language = language_of(plain, english)
    if language == "romaji":
        plain, language = as_kana(plain), "ja"
    words = readings.words(plain, short=True) if language == "ja" else ()
    return Sentence(text, plain, fold_kana(plain), language, words)
