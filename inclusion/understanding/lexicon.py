"""Every word the town knows for a thing, with what it stands for; without it no word could be linked to a fee or a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import ahocorasick

from inclusion.municipalities import Town

from .normalising import fold_kana
from .numerals import with_digits
from .romaji import VOWELS, shortened, to_kana

BRACKETS = re.compile(r"[(（][^)）]*[)）]")
JOINED = re.compile(r"[・、/／]")
KANA_ONLY = re.compile(r"^[ぁ-ゖー]+$")
SPACE_INSIDE = re.compile(r"(?<=[ぁ-ゖァ-ヺー一-鿿]) (?=[ぁ-ゖァ-ヺー一-鿿])")
USE_OF = re.compile(r"(?<=用)の(?=[^\s、。をはがも])")
UNFINISHED = re.compile(r"([ぁ-ゖァ-ヺー一-鿿]+[ぁ-ゖァ-ヺー])([bcdfghjkmnprstwyz])(?![a-z])")
ENGLISH_PART = re.compile(r"[a-z]{3,}")
SHORTEST_READING = 2
SHORTEST_SHORTENED = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One word for one target. `by_reading` tells that the word is the spelled-out reading of another."""

    word: str
    target: str
    slots: tuple[tuple[str, str], ...] = ()
    language: str = "ja"
    by_reading: bool = False
    reading: str = ""


class Lexicon:
    """Words and readings of a town's things; the town's own aliases win over names taken from its tables."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.entries: dict[str, Entry] = {}
        self.readings: dict[str, Entry] = {}
        for word, reading, target, slots, language in _rows(town):
            self._add(word, reading, target, slots, language)
        self._same_thing: dict[str, list[str]] = {}
        for word, entry in self.entries.items():
            self._same_thing.setdefault(entry.target, []).append(word)
        self.english = frozenset(
            part for word, entry in self.entries.items() if entry.language == "en" for part in ENGLISH_PART.findall(word)
        )
        self._finder = ahocorasick.Automaton()
        for word in (*self.entries, *(r for r in self.readings if r not in self.entries)):
            self._finder.add_word(word, word)
        self._finder.make_automaton()

    def found_in(self, folded: str) -> Iterator[tuple[int, int, Entry]]:
        """Every place in a kana-folded text where a word or a reading stands, overlaps included."""
        for last, word in self._finder.iter(folded):
            entry = self.entries.get(word) or self.readings[word]
            yield last + 1 - len(word), last + 1, entry

    def found_by_use(self, folded: str) -> Iterator[tuple[int, int, Entry]]:
        """介護用のベッド is a 介護用ベッド: words of ours that are said with a の behind their use."""
        left_out = {match.start() for match in USE_OF.finditer(folded)}
        places = [place for place in range(len(folded)) if place not in left_out] if left_out else []
        for start, end, entry in self.found_in("".join(folded[place] for place in places)):
            first, last = places[start], places[end - 1] + 1
            if last - first > end - start:
                yield first, last, entry

    def closed_up(self, text: str) -> str:
        """The text without the spaces that cut one of our words in two (長い いす, as easy Japanese is written); other spaces stay."""
        spaces = [found.start() for found in SPACE_INSIDE.finditer(text)]
        if not spaces:
            return text
        tight = fold_kana(SPACE_INSIDE.sub("", text))
        seams = [place - before for before, place in enumerate(spaces)]
        begins = {0, *seams}  # やかん なに holds no かんな
        found = [(start, end) for start, end, entry in self.found_in(tight) if not entry.by_reading]
        spans = [(start, end) for start, end in found if start in begins or not KANA_ONLY.match(tight[start - 1])]
        closed = {place for place, seam in zip(spaces, seams, strict=True) if any(start < seam < end for start, end in spans)}
        return "".join(sign for place, sign in enumerate(text) if place not in closed)

    def finished(self, text: str) -> str:
        """The text with words of ours whose last kana was left as a letter (そうじk, エアコn) spelled to their end."""
        return UNFINISHED.sub(self._to_its_end, text)

    def _to_its_end(self, slip: re.Match[str]) -> str:
        said, letter = slip[1], slip[2]
        ends = ["ん"] if letter == "n" else []
        ends += [kana for vowel in VOWELS if KANA_ONLY.match(kana := to_kana(letter + vowel))]
        words = (fold_kana(said[at:]) for at in range(len(said) - 1))
        found = (end for word in words for end in ends if word + end in self.entries or word + end in self.readings)
        return said + next(found, letter)

    def in_full(self, kana: str) -> str:
        """A word of ours that was spelled without its long vowels (そじき) with them; other words as they are."""
        return kana if kana in self.readings else self._short_ways.get(kana, kana)

    @cached_property
    def _short_ways(self) -> dict[str, str]:
        short = {shortened(kana): kana for kana in reversed(self.readings)}
        return {way: kana for way, kana in short.items() if way != kana and len(way) >= SHORTEST_SHORTENED}

    def one_of(self, said: str, target: str, tails: Iterable[str]) -> Entry | None:
        """The first entry made of this word (or another word for the same thing) and one of the tails: 食器 + 棚."""
        words = (folded_word(said), *self._same_thing.get(target, ()))
        made = (self.entries.get(word + folded_word(tail)) for tail in tails for word in words)
        return next((entry for entry in made if entry), None)

    def _add(self, word: str, reading: str, target: str, slots: str, language: str) -> None:
        key = folded_word(word)
        preset = tuple(tuple(pair.split("=", 1)) for pair in slots.split(";") if "=" in pair)
        spoken = fold_kana(reading).replace(" ", "")
        entry = Entry(key, target, preset, language, False, spoken)  # type: ignore[arg-type]  # split("=", 1) of a text with "=" gives pairs
        if key:
            self.entries.setdefault(key, entry)
        if len(spoken) >= SHORTEST_READING and KANA_ONLY.match(spoken):
            self.readings.setdefault(spoken, Entry(spoken, target, entry.slots, language, spoken != key, spoken))


def folded_word(word: str) -> str:
    """A table's word as it would stand in a normalised text."""
    return with_digits(fold_kana(_narrow(word))).strip()


def _narrow(word: str) -> str:
    full = {ord("（"): "(", ord("）"): ")", ord("　"): " "} | {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)}
    return word.translate(full).lower()


def _rows(town: Town) -> Iterator[tuple[str, str, str, str, str]]:
    for alias in town.aliases:
        yield alias.word, alias.reading, alias.target, alias.slots, alias.language
    for item in town.items.values():
        target = item.group if item.group in town.groups else item.id
        yield from _names(item.said, item.reading, target)
        yield from _names(item.name, item.reading, target)
    for policy in town.policies.values():
        yield from _names(policy.name, policy.reading, policy.id)
    for row in town.sorting.values():
        if row.id not in town.items:
            yield from _names(row.name, row.reading, row.policy or row.id)


def _names(name: str, reading: str, target: str) -> Iterator[tuple[str, str, str, str, str]]:
    """A table's name without its brackets, and each part of a name joined with ・ together with its own part of the reading."""
    bare = BRACKETS.sub("", name).strip()
    parts, readings = JOINED.split(bare), JOINED.split(reading)
    if len(parts) == len(readings):
        for part, spoken in zip(parts, readings, strict=True):
            yield part.strip(), spoken.strip(), target, "", "ja"
    else:
        yield bare, "", target, "", "ja"
