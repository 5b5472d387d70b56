"""Finds the town's words in sounds that were only half made out; without it one wrong sound would make every word unknown.

Every word and phrase of the town is a path through a tree of sounds. All paths are followed at once, sound by sound, beside a path that
knows no words: where that one is better by far, something was said that we have no word for, and it stays in kana.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .sounds import VOWELS, kana_of, phonemes_of

Pair = tuple[str, str]
Numbers = NDArray[np.float32]

START, WORD, PHRASE, PARTICLE, UNKNOWN = range(5)
ROOTS: Final = {WORD: 0, PHRASE: 1, PARTICLE: 2}
MAY_FOLLOW: Final = {
    WORD: (START, PHRASE, PARTICLE),
    PHRASE: (START, WORD, PHRASE, PARTICLE, UNKNOWN),
    PARTICLE: (WORD,),  # one kana alone fits anywhere by chance
    UNKNOWN: (START, PHRASE, PARTICLE, UNKNOWN),
}
SHORTEST_WORD: Final = 2
ENTERING: Final = {WORD: 1.0, PHRASE: 0.8, PARTICLE: 0.4}
EXTRA: Final = 2.6  # a sound too many
MISSING: Final = 2.6  # a sound too few
MISSING_LENGTH: Final = 0.8  # a long vowel heard short
UNKNOWN_SOUND: Final = 1.1  # what a sound costs that belongs to no word
LIFT: Final = 0.004  # no sound is quite impossible
FAR: Final = np.float32(1e9)


@dataclass(frozen=True, slots=True)
class Taken:
    """One way of taking the sounds. `unknown` is the share no word explains; `misfit` how much dearer than the bare sounds, per sound;
    `words` are the entries of things in it.
    """

    text: str
    kana: str
    unknown: float
    misfit: float
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class Entry:
    kind: int
    kana: str
    written: str


class Grammar:
    """`phonemes` are the names of the columns in what `take` is given; `words` name things, `phrases` stand around them."""

    def __init__(self, words: Iterable[Pair], phrases: Iterable[Pair], phonemes: Sequence[str]) -> None:
        self.phonemes, self.entries = tuple(phonemes), list[Entry]()
        self._children: list[dict[int, int]] = [{} for _ in ROOTS]
        self._above, self._sounds = list(ROOTS.values()), [0] * len(ROOTS)
        self.entry_at: dict[int, int] = {}
        for kind, pairs in ((PHRASE, phrases), (WORD, words)):
            for kana, written in pairs:
                self._plant(PARTICLE if kind == PHRASE and len(kana) == 1 else kind, kana, written)
        self.above, self.sounds = np.array(self._above), np.array(self._sounds)
        self.ends = {kind: np.array([n for n, e in self.entry_at.items() if self.entries[e].kind == kind], dtype=int) for kind in ROOTS}
        long = (self.sounds == self.sounds[self.above]) & np.isin(self.sounds, [self.phonemes.index(vowel) for vowel in VOWELS])
        self.missing = np.where(long, MISSING_LENGTH, MISSING).astype(np.float32)

    def take(self, chances: Numbers, without: frozenset[int] = frozenset()) -> Taken:
        """The best way through `chances` (sounds x phonemes). `without` are entries that may not be used."""
        run = _Run(self, without)
        bare = sum(run.step(row) for row in chances)
        return run.best([self.phonemes[place] for place in chances.argmax(1)], bare)

    def _plant(self, kind: int, kana: str, written: str) -> None:
        path = [self.phonemes.index(one) for one in phonemes_of(kana) if one in self.phonemes]
        if len(path) < (SHORTEST_WORD if kind == WORD else 1):
            return
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


class _Run:
    """The costs of all paths up to one sound, and what came before each."""

    def __init__(self, grammar: Grammar, without: frozenset[int]) -> None:
        self._grammar, self._without = grammar, without
        self._history: list[tuple[int, int, int]] = []  # (what came before, entry or -1 for an unknown sound, sounds so far)
        self._place = 0
        self._costs = np.full(grammar.sounds.size, FAR, dtype=np.float32)
        self._from = np.full(grammar.sounds.size, -1)
        self._exits: dict[int, tuple[float, int]] = {START: (0.0, -1)}

    def step(self, row: Numbers) -> float:
        """One sound more. Answers what the bare sound costs."""
        price = -np.log(row * (1 - LIFT * row.size) + LIFT)
        for kind, root in ROOTS.items():
            cost, before = self._best_exit(MAY_FOLLOW[kind])
            self._costs[root], self._from[root] = cost + ENTERING[kind], before
        self._skip()
        above = self._grammar.above
        moved, stayed = self._costs[above] + price[self._grammar.sounds], self._costs + EXTRA
        moved[: len(ROOTS)] = stayed[: len(ROOTS)] = FAR
        self._from = np.where(moved <= stayed, self._from[above], self._from)
        self._costs, self._place = np.minimum(moved, stayed), self._place + 1
        self._skip()
        bare = float(price.min())
        self._leave(bare)
        return bare

    def best(self, bare_sounds: Sequence[str], bare: float) -> Taken:
        cost, last = min(self._exits.values())
        steps: list[tuple[int, int, int]] = []
        while last >= 0:
            steps.append(self._history[last])
            last = steps[-1][0]
        pieces, unheard, begin = list[Entry](), list[str](), 0
        unknown = 0
        for _, entry, end in (*reversed(steps), (-1, -2, 0)):
            if entry == -1:
                unheard += bare_sounds[begin:end]
                unknown += end - begin
            elif unheard:
                kana = kana_of(unheard)
                pieces.append(Entry(UNKNOWN, kana, kana))
                unheard = []
            if entry >= 0:
                pieces.append(self._grammar.entries[entry])
            begin = end
        count = max(len(bare_sounds), 1)
        entering = sum(ENTERING[self._grammar.entries[entry].kind] for _, entry, _ in steps if entry >= 0)
        things = frozenset(entry for _, entry, _ in steps if entry >= 0 and self._grammar.entries[entry].kind == WORD)
        text, kana = ("".join(one) for one in ([piece.written for piece in pieces], [piece.kana for piece in pieces]))
        return Taken(text, kana, unknown / count, (cost - bare - entering) / count, things)

    def _skip(self) -> None:
        """Up to two sounds in a row may be missing."""
        for _ in range(2):
            skipped = self._costs[self._grammar.above] + self._grammar.missing
            self._from = np.where(skipped < self._costs, self._from[self._grammar.above], self._from)
            self._costs = np.minimum(self._costs, skipped)

    def _leave(self, bare: float) -> None:
        exits: dict[int, tuple[float, int]] = {}
        for kind, nodes in self._grammar.ends.items():
            for place in np.argsort(self._costs[nodes])[: 1 + len(self._without)]:
                entry = self._grammar.entry_at[int(nodes[place])]
                if entry not in self._without:
                    exits[kind] = (float(self._costs[nodes[place]]), self._noted(int(self._from[nodes[place]]), entry))
                    break
        cost, before = self._best_exit(MAY_FOLLOW[UNKNOWN])
        exits[UNKNOWN] = (cost + bare + UNKNOWN_SOUND, self._noted(before, -1))
        self._exits = exits

    def _best_exit(self, kinds: Sequence[int]) -> tuple[float, int]:
        return min((self._exits[kind] for kind in kinds if kind in self._exits), default=(float(FAR), -1))

    def _noted(self, before: int, entry: int) -> int:
        self._history.append((before, entry, self._place))
        return len(self._history) - 1
