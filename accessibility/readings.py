"""How Japanese words are read; without this file furigana, voice and understanding would each guess a different reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Self

import jaconv
from sudachipy import Dictionary, SplitMode, Tokenizer

from .mapped_files import let_go

LONGEST_PIECE = 4000
DICTIONARY_FILE = "/system.dic"
READ_BEFORE_LETTING_GO = 200  # texts; by then some 100 MB of the file lie in memory, of which the next text needs a few pages
KANJI = re.compile(r"[㐀-鿿豈-﫿々〆ヶ]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: how it is written, how it is read (hiragana), what kind it is, and where it stands."""

    surface: str
    reading: str
    kind: tuple[str, ...]
    start: int
    end: int
    known: bool

    @property
    def is_noun(self) -> bool:
        return self.kind[0] in ("名詞", "代名詞", "接尾辞", "接頭辞")


@dataclass(frozen=True, slots=True)
class Ruby:
    """A piece of text and the kana to print above it ("" where none is needed)."""

    text: str
    above: str = ""


@cache
def _dictionary() -> Dictionary:
    """One for all. Opening it reads 72 MB of its file, most of which no sentence needs."""
    dictionary = Dictionary(dict="core")
    let_go(DICTIONARY_FILE)
    return dictionary


class Readings:
    """Reads Japanese with one dictionary. `corrections` (written form -> hiragana) win over the dictionary: place names, item names.

    The dictionary is opened once in a process, however many towns it serves; safe to share between threads.
    """

    def __init__(self, corrections: Mapping[str, str] | None = None) -> None:
        self.corrections = dict(corrections or {})
        dictionary = _dictionary()
        self._tokenizers: dict[str, Tokenizer] = {
            "short": dictionary.tokenizer(mode=SplitMode.A),
            "long": dictionary.tokenizer(mode=SplitMode.C),
        }
        self._one_at_a_time = Lock()
        self._pieces_read = 0
        longest_first = sorted(self.corrections, key=len, reverse=True)
        self._corrected = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def with_corrections(self, corrections: Mapping[str, str]) -> Self:
        """Readings that also know `corrections`."""
        return type(self)({**self.corrections, **corrections})

    def words(self, text: str, short: bool = False) -> tuple[Word, ...]:
        """The words of `text` in order. `short` splits compounds into their smallest parts."""
        found: list[Word] = []
        for begin, piece in _pieces(text):
            with self._one_at_a_time:
                morphemes = self._tokenizers["short" if short else "long"].tokenize(piece)
                found += [_word(m, begin) for m in morphemes]
                self._pieces_read += 1
                if self._pieces_read % READ_BEFORE_LETTING_GO == 0:
                    self.let_go()
        return tuple(found)

    def kana(self, text: str) -> str:
        """The whole text in hiragana, as a voice would read it; signs and digits stay."""
        return "".join(ruby.above or jaconv.kata2hira(ruby.text) for ruby in self.ruby(text))

    def ruby(self, text: str) -> tuple[Ruby, ...]:
        """The text in pieces, with kana above those that hold kanji."""
        pieces: list[Ruby] = []
        for part, corrected in self._parts(text):
            if corrected:
                pieces.append(Ruby(part, self.corrections[part]))
            else:
                pieces += [ruby for word in self.words(part) for ruby in _above(word)]
        return tuple(pieces)

    def all_readings(self, written: str) -> tuple[str, ...]:
        """Every reading the dictionary holds for exactly this written form, in hiragana, the usual one first."""
        with self._one_at_a_time:
            readings = [jaconv.kata2hira(m.reading_form()) for m in _dictionary().lookup(written)]
        return tuple(dict.fromkeys(r for r in readings if r))

    def let_go(self) -> None:
        """Give back the pages of the dictionary read so far; reading on is as before, a few milliseconds later."""
        let_go(DICTIONARY_FILE)

    def _parts(self, text: str) -> Iterator[tuple[str, bool]]:
        at = 0
        for match in self._corrected.finditer(text) if self._corrected else ():
            if match.start() > at:
                yield text[at : match.start()], False
            yield match.group(), True
            at = match.end()
        if at < len(text):
            yield text[at:], False


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The dictionary refuses texts over 49,149 bytes: long ones are read piece by piece."""
    for begin in range(0, len(text), LONGEST_PIECE):
        yield begin, text[begin : begin + LONGEST_PIECE]


def _word(morpheme: object, begin: int) -> Word:
    m = morpheme
    surface = m.surface()  # type: ignore[attr-defined]  # SudachiPy ships no types
    reading = jaconv.kata2hira(m.reading_form()) or jaconv.kata2hira(surface)  # type: ignore[attr-defined]  # as above
    return Word(
        surface=surface,
        reading=reading,
        kind=tuple(m.part_of_speech()),  # type: ignore[attr-defined]  # as above
        start=begin + m.begin(),  # type: ignore[attr-defined]  # as above
        end=begin + m.end(),  # type: ignore[attr-defined]  # as above
        known=not m.is_oov(),  # type: ignore[attr-defined]  # as above
    )


def _above(word: Word) -> list[Ruby]:
    """Kana stands only above the kanji: what the written word and its reading share at both ends is left bare."""
    if not KANJI.search(word.surface):
        return [Ruby(word.surface)]
    plain = jaconv.kata2hira(word.surface)
    head = 0
    while head < min(len(plain), len(word.reading)) and plain[head] == word.reading[head] and not KANJI.match(plain[head]):
        head += 1
    tail = 0
    while tail < min(len(plain), len(word.reading)) - head - 1 and plain[-1 - tail] == word.reading[-1 - tail]:
        tail += 1
    middle = Ruby(word.surface[head : len(plain) - tail], word.reading[head : len(word.reading) - tail])
    ends = (Ruby(word.surface[:head]), Ruby(word.surface[len(plain) - tail :]))
    return [ruby for ruby in (ends[0], middle, ends[1]) if ruby.text]
