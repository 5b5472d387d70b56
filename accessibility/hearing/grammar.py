"""Finds the town's words in sounds that were only half made out; without it one wrong sound would make every word unknown.

Every word and phrase of the town is a path through a tree of sounds. All paths are followed at once (see Following), beside a path that
knows no words: where that one is better by far, something was said that we have no word for, and it stays in kana.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .following import (
    ENDING,
    ENTERING,
    EVERYDAY,
    MISSING,
    MISSING_LENGTH,
    NOWHERE,
    PARTICLE,
    PHRASE,
    REPLY,
    ROOTS,
    SHORT_WORD,
    START,
    UNKNOWN,
    WORD,
    Following,
    Numbers,
    Places,
    Step,
)
from .sounds import VOWELS, kana_of, phonemes_of

Pair = tuple[str, str]
SHORTEST: Final = {WORD: 2, EVERYDAY: 3}  # sounds
SHORT: Final = 2  # kana
LENGTH_OVER_FIT: Final = 4.0  # a long thing that fits a little worse is the likelier one
LONGEST_REPLY: Final = 3  # はい; what is as short as that stands at the beginning or nowhere
NONE: Final = 0  # the first column of what the ears tell


@dataclass(frozen=True, slots=True)
class Taken:
    """One way of taking the sounds. `unknown` is the share no word explains; `misfit` how much dearer than the bare sounds, per sound;
    `worst` the same of the thing that fits worst; `words` are the entries of things in it, `cost` is that of the whole; `everyday` is the
    share of sounds that words of every day explain, `shortest` the number of kana of the shortest thing (0 without any), `weakest` the one
    we would rather do without, `strongest` the likeliest one, as it is written.
    """

    text: str
    kana: str
    unknown: float
    misfit: float
    worst: float
    words: frozenset[int]
    cost: float
    everyday: float = 0.0
    shortest: int = 0
    weakest: int = NOWHERE
    strongest: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    kind: int
    kana: str
    written: str

    @property
    def price(self) -> float:
        """What it costs to be taken, however well it fits."""
        return ENTERING[self.kind] + (SHORT_WORD if self.kind == WORD and len(self.kana) <= SHORT else 0.0)


class Grammar:
    """`phonemes` name the sounds in what `take` is given; `words` name things, `phrases` stand around them. `everyday` words mean nothing
    here and may stand anywhere, with `endings` behind them.
    """

    def __init__(
        self,
        words: Iterable[Pair],
        phrases: Iterable[Pair],
        phonemes: Sequence[str],
        everyday: Iterable[Pair] = (),
        endings: Iterable[Pair] = (),
    ) -> None:
        self.phonemes, self.entries = tuple(phonemes), list[Entry]()
        self._children: list[dict[int, int]] = [{} for _ in ROOTS]
        self._above, self._sounds = list(ROOTS.values()), [0] * len(ROOTS)
        self.entry_at: dict[int, int] = {}
        for kind, pairs in ((PHRASE, phrases), (WORD, words), (EVERYDAY, everyday), (ENDING, endings)):
            for kana, written in pairs:
                self._plant(kind, kana, written)
        self._lay_out()

    def _lay_out(self) -> None:
        """The tree as numbers: what stands above and below each place, where words begin and end."""
        self.above, self.sounds = np.array(self._above), np.array(self._sounds)
        children = [list(found.values()) for found in self._children]
        self._below = np.array([node for found in children for node in found], dtype=int)
        self._many_below = np.array([len(found) for found in children])
        self._below_from = np.cumsum(self._many_below) - self._many_below
        roots = np.arange(len(ROOTS))
        self.at_first = np.zeros(self.sounds.size, dtype=bool)
        self.at_first[np.concatenate([roots, self.below(roots), self.below(self.below(roots))])] = True
        self.first = {(root, sound): node for root in ROOTS.values() for sound, node in self._children[root].items()}
        self.ending = np.full(self.sounds.size, NOWHERE)  # the kind of what ends at a place
        self.price = np.zeros(self.sounds.size, dtype=np.float32)
        for node, entry in self.entry_at.items():
            self.ending[node] = self.entries[entry].kind
            self.price[node] = self.entries[entry].price - ENTERING[self.entries[entry].kind]
        same = (self.sounds == self.sounds[self.above]) & (self.above >= len(ROOTS))
        self.doubled = same
        long = same & np.isin(self.sounds, [self.phonemes.index(vowel) for vowel in VOWELS])
        self.missing = np.where(long, MISSING_LENGTH, MISSING).astype(np.float32)

    def take(self, moments: Numbers, without: frozenset[int] = frozenset()) -> Taken:
        """The best way through `moments`: a row each, the chance of none and then of each phoneme. `without` may not be used."""
        following = Following(self, without)
        for chances in moments:
            following.step(chances)
        cost, last, *_ = min(found for kind, found in following.exits.items() if kind != START)
        steps = _in_order(following, last)
        bare = bare_sounds(moments)
        pieces = self._pieces(steps, bare)
        count = max(sum(sound is not None for sound in bare), 1)
        taken = [step.entry for step in steps if step.entry != NOWHERE]
        entering = sum(self.entries[entry].price for entry in taken)
        fits = self._fits(steps)
        unknown = sum(len(phonemes_of(piece.kana)) for piece in pieces if piece.kind == UNKNOWN)
        return Taken(
            "".join(piece.written for piece in pieces),
            "".join(piece.kana for piece in pieces),
            min(unknown / count, 1.0),
            (cost - following.bare - entering) / count,
            max((misfit for misfit, _ in fits.values()), default=0.0),
            frozenset(fits),
            cost,
            sum(len(phonemes_of(self.entries[entry].kana)) for entry in taken if self.entries[entry].kind in (EVERYDAY, ENDING)) / count,
            min((-shortness for _, shortness in fits.values()), default=0),
            max(fits, key=lambda thing: fits[thing], default=NOWHERE),
            self.entries[min(fits, key=lambda thing: LENGTH_OVER_FIT * fits[thing][0] + fits[thing][1])].written if fits else "",
        )

    def below(self, places: Places) -> Places:
        """The places one sound further than these."""
        many = self._many_below[places]
        into = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        found: Places = self._below[np.repeat(self._below_from[places], many) + into]
        return found

    def _pieces(self, steps: Sequence[Step], bare: Sequence[int | None]) -> list[Entry]:
        """The entries in order; sounds between them as kana."""
        pieces, unheard = list[Entry](), list[str]()
        for step in steps:
            if step.entry == NOWHERE:
                sound = bare[step.moment]
                unheard += [] if sound is None else [self.phonemes[sound]]
                continue
            pieces += [*_unknown(unheard), self.entries[step.entry]]
            unheard = []
        return [*pieces, *_unknown(unheard)]

    def _fits(self, steps: Sequence[Step]) -> dict[int, tuple[float, int]]:
        """The misfit of each thing, and how short it is (in kana, negative): what stands around things always fits."""
        found, before = dict[int, tuple[float, int]](), Step(NOWHERE, NOWHERE, 0, 0.0, 0.0)
        for step in steps:
            if step.entry != NOWHERE and self.entries[step.entry].kind == WORD:
                kana = self.entries[step.entry].kana
                dearer = step.cost - before.cost - self.entries[step.entry].price - (step.bare - before.bare)
                found[step.entry] = max(dearer, 0.0) / len(phonemes_of(kana)), -len(kana)
            before = step
        return found

    def _plant(self, kind: int, kana: str, written: str) -> None:
        path = [self.phonemes.index(one) for one in phonemes_of(kana) if one in self.phonemes]
        if len(path) < SHORTEST.get(kind, 1):
            return
        if kind == PHRASE and len(path) <= LONGEST_REPLY:
            kind = PARTICLE if len(kana) == 1 else REPLY
        node = ROOTS[kind]
        for sound in path:
            if sound not in self._children[node]:
                self._children[node][sound] = len(self._children)
                self._children.append({})
                self._above.append(node)
                self._sounds.append(sound)
            node = self._children[node][sound]
        if node not in self.entry_at:  # the first is the likeliest
            self.entry_at[node] = len(self.entries)
            self.entries.append(Entry(kind, kana, written))


def bare_sounds(moments: Numbers) -> list[int | None]:
    """For each moment the phoneme that begins there, without regard to words."""
    loudest = moments.argmax(1)
    begins = (np.diff(loudest, prepend=NONE) != 0) & (loudest != NONE)
    return [int(sound) - 1 if begin else None for sound, begin in zip(loudest, begins, strict=True)]


def _unknown(sounds: Sequence[str]) -> list[Entry]:
    kana = kana_of(sounds)
    return [Entry(UNKNOWN, kana, kana)] if kana else []


def _in_order(following: Following, last: int) -> list[Step]:
    steps: list[Step] = []
    while last != NOWHERE:
        steps.append(following.history[last])
        last = steps[-1].before
    return steps[::-1]
