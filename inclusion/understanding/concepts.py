"""What words mean, across wordings and languages; without it シール, 処理券 and "sticker" would be three different things."""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from typing import Self

import ahocorasick

from .lexicon import folded_word

LATIN = re.compile(r"[a-z0-9]")
PATTERN_SIGN = ".*"


class Concepts:
    """Concept names, and an automaton of all their words; words joined by .* are looked for one after the other.

    `over_things` are concepts that outweigh a thing named beside them: まだ使えるたんすを譲りたい is about giving away.
    """

    def __init__(self, rows: list[tuple[str, str]], over_things: frozenset[str] = frozenset()) -> None:
        self.names = tuple(name for name, _ in rows)
        self.over_things = frozenset(number for number, name in enumerate(self.names) if name in over_things)
        self._patterns: list[tuple[int, re.Pattern[str]]] = []
        meanings: dict[str, set[int]] = {}
        for number, (_, words) in enumerate(rows):
            for word in map(folded_word, words.split("|")):
                if PATTERN_SIGN in word:
                    self._patterns.append((number, re.compile(word)))
                else:
                    meanings.setdefault(word, set()).add(number)
        self._finder = ahocorasick.Automaton()
        for word, numbers in meanings.items():
            self._finder.add_word(word, (word, tuple(numbers)))
        self._finder.make_automaton()

    @classmethod
    def bundled(cls) -> Self:
        """The concepts of words/concepts.csv."""
        rows = _rows("concepts.csv")
        over_things = frozenset(row["concept"] for row in rows if row["over_things"])
        return cls([(row["concept"], row["words"]) for row in rows], over_things)

    def words_in(self, folded: str) -> list[tuple[int, str]]:
        """Every word of a concept that stands in a text, with the number of its concept."""
        return [(number, word) for _, (word, numbers) in self._finder.iter(folded) for number in numbers]

    def in_sentence(self, folded: str, kana: str) -> list[int]:
        """The numbers of the concepts a sentence speaks of, by its writing or by its sound."""
        found: set[int] = set()
        for text in (folded, kana):
            for last, (word, numbers) in self._finder.iter(text):
                if not LATIN.match(word) or _whole(text, last + 1 - len(word), last + 1):
                    found.update(numbers)
            found.update(number for number, pattern in self._patterns if pattern.search(text))
        return sorted(found)


def rows_of(name: str) -> tuple[tuple[str, str], ...]:
    """The sentences of a word file of two columns, each with the topic it belongs to."""
    return tuple((row["topic"], row["sentence"]) for row in _rows(name))


def gates(known: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """FAQ id prefixes with the concepts of which one must be spoken of; names of no known concept are left out."""
    rows = ((row["prefix"], row["concepts"].split("|")) for row in _rows("gates.csv"))
    return tuple((prefix, tuple(name for name in names if name in known)) for prefix, names in rows)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a Latin word stands whole, perhaps in the plural."""
    before, after = text[start - 1 : start], text[end : end + 2]
    return not LATIN.match(before) and (not LATIN.match(after) or bool(re.match(r"s(?![a-z])", after)))


def _rows(name: str) -> list[dict[str, str]]:
    file = files(__package__) / "words" / name
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
