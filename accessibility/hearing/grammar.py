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
    ENTERING,
    MISSING,
    MISSING_LENGTH,
    NOWHERE,
    PARTICLE,
    PHRASE,
    REPLY,
    ROOTS,
    START,
    UNKNOWN,
    WORD,
    Following,
    Numbers,
    Step,
)
from .sounds import VOWELS, kana_of, phonemes_of

Pair = tuple[str, str]
SHORTEST_WORD: Final = 2
LONGEST_REPLY: Final = 3  # はい; what is as short as that stands at the beginning or nowhere
NONE: Final = 0  # the first column of what the ears tell


@dataclass(frozen=True, slots=True)
class Taken:
    """One way of taking the sounds. `unknown` is the share no word explains; `misfit` how much dearer than the bare sounds, per sound;
    `worst` the same of the thing that fits worst; `words` are the entries of things in it, `cost` is that of the whole.
    """

    text: str
    kana: str
    unknown: float
    misfit: float
    worst: float
    words: frozenset[int]
    cost: float


@dataclass(frozen=True, slots=True)
class Entry:
    kind: int
    kana: str
    written: str


class Grammar:
    """`phonemes` name the sounds in what `take` is given; `words` name things, `phrases` stand around them."""

    def __init__(self, words: Iterable[Pair], phrases: Iterable[Pair], phonemes: Sequence[str]) -> None:
        self.phonemes, self.entries = tuple(phonemes), list[Entry]()
        self._children: list[dict[int, int]] = [{} for _ in ROOTS]
        self._above, self._sounds = list(ROOTS.values()), [0] * len(ROOTS)
        self.entry_at: dict[int, int] = {}
        for kind, pairs in ((PHRASE, phrases), (WORD, words)):
            for kana, written in pairs:
                self._plant(kind, kana, written)
        self.above, self.sounds = np.array(self._above), np.array(self._sounds)
        self.first = {(root, sound): node for root in ROOTS.values() for sound, node in self._children[root].items()}
        self.ends = {kind: np.array([n for n, e in self.entry_at.items() if self.entries[e].kind == kind], dtype=int) for kind in ROOTS}
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
        bare = bare_sounds(moments)
        steps = _in_order(following, last)
        bare = bare_sounds(moments)
        pieces = self._pieces(steps, bare)
        count = max(sum(sound is not None for sound in bare), 1)
        taken = [step.entry for step in steps if step.entry != NOWHERE]
        entering = sum(ENTERING[self.entries[entry].kind] for entry in taken)
        unknown = sum(len(phonemes_of(piece.kana)) for piece in pieces if piece.kind == UNKNOWN)
        return Taken(
            "".join(piece.written for piece in pieces),
            "".join(piece.kana for piece in pieces),
            min(unknown / count, 1.0),
            (cost - following.bare - entering) / count,
            self._worst(steps),
            frozenset(entry for entry in taken if self.entries[entry].kind == WORD),
            cost,
        )

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

    def _worst(self, steps: Sequence[Step]) -> float:
        """The misfit of the thing that fits worst: what stands around it always fits."""
        found, before = 0.0, Step(NOWHERE, NOWHERE, 0, 0.0, 0.0)
        for step in steps:
            if step.entry != NOWHERE and self.entries[step.entry].kind == WORD:
                dearer = step.cost - before.cost - ENTERING[WORD] - (step.bare - before.bare)
                found = max(found, dearer / len(phonemes_of(self.entries[step.entry].kana)))
            before = step
        return found

    def _plant(self, kind: int, kana: str, written: str) -> None:
        path = [self.phonemes.index(one) for one in phonemes_of(kana) if one in self.phonemes]
        if len(path) < (SHORTEST_WORD if kind == WORD else 1):
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
