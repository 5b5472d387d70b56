"""Follows all words of a grammar through the moments of a sound at once; without it one sound that was hardly heard would lose its word.

It is the usual search of connectionist temporal classification (Graves et al. 2006): at each moment the ears say how likely each sound is,
and how likely none. A path through the grammar's tree may stay in its sound, fall silent, or go on to the next sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .grammar import Grammar

Numbers = NDArray[np.float32]
Places = NDArray[np.intp]
Pointers = NDArray[np.int32]

START, WORD, PHRASE, PARTICLE, REPLY, UNKNOWN, EVERYDAY, ENDING = range(8)
ROOTS: Final = {WORD: 0, PHRASE: 1, PARTICLE: 2, REPLY: 3, EVERYDAY: 4, ENDING: 5}
MAY_FOLLOW: Final = {
    WORD: (START, PHRASE, PARTICLE, REPLY, EVERYDAY, ENDING),
    PHRASE: (START, WORD, PHRASE, PARTICLE, REPLY, UNKNOWN, EVERYDAY, ENDING),
    PARTICLE: (WORD, EVERYDAY),  # one kana alone fits anywhere by chance
    REPLY: (START,),  # and so does うん
    UNKNOWN: (START, PHRASE, PARTICLE, REPLY, UNKNOWN, EVERYDAY, ENDING),
    EVERYDAY: (START, WORD, PHRASE, PARTICLE, REPLY, UNKNOWN, EVERYDAY, ENDING),
    ENDING: (EVERYDAY, ENDING),
}
ENTERING: Final = {WORD: 1.0, PHRASE: 0.8, PARTICLE: 0.4, REPLY: 0.8, EVERYDAY: 3.0, ENDING: 1.5}
ANOTHER: Final = 9.0  # another sound in its place, at most
EXTRA: Final = 7.0  # a sound too many, at most
MISSING: Final = 5.0  # a sound too few
SHORT_WORD: Final = 0.5  # what a thing of two kana costs more: it fits in many places by chance
MISSING_LENGTH: Final = 2.5  # a long vowel heard short
UNKNOWN_SOUND: Final = 1.0  # what a sound costs that belongs to no word
BEAM: Final = 10.0  # paths this much dearer than the best are given up
NOWHERE: Final = -1
FAR: Final = np.float32(1e9)


class Step(NamedTuple):
    """One entry (or one unknown sound) taken: the step before it, and where and at what cost it ended. `bare` is the cost without words."""

    before: int
    entry: int
    moment: int
    cost: float
    bare: float


class Exit(NamedTuple):
    """Where a word has ended: what it cost, and the history of it. `sound` is the one still heard, if any; `quiet` is the best exit that
    has fallen silent already.
    """

    cost: float
    history: int
    sound: int = NOWHERE
    quiet: tuple[float, int] = (float(FAR), NOWHERE)


class Following:
    """The costs of all paths up to one moment, and what came before each. `bare` is the cost without any words."""

    def __init__(self, grammar: Grammar, without: frozenset[int]) -> None:
        self._grammar, self._without = grammar, without
        self.history: list[Step] = []
        self.bare, self._moment, self._last = 0.0, 0, 0
        nodes = grammar.sounds.size
        self._in_sound, self._silent = np.full(nodes, FAR, dtype=np.float32), np.full(nodes, FAR, dtype=np.float32)
        self._sound_from, self._silent_from = np.full(nodes, NOWHERE, dtype=np.int32), np.full(nodes, NOWHERE, dtype=np.int32)
        self._at: Places = np.arange(len(ROOTS))
        self._marked = np.zeros(nodes, dtype=bool)
        self.exits: dict[int, Exit] = {START: Exit(0.0, NOWHERE)}

    def step(self, chances: Numbers) -> None:
        """One moment more. `chances`: of none, then of each sound."""
        costs = -np.log(np.maximum(chances, 1e-9)).astype(np.float32)
        loudest = int(costs.argmin())
        prices = np.minimum(costs, np.float32(ANOTHER))
        prices[0] = min(float(costs[0]), EXTRA)
        self._move(prices, self._enter())
        self._skip()
        self.bare += float(prices[loudest])
        self._leave(float(prices[loudest]), float(prices[0]), loudest)
        self._last, self._moment = loudest, self._moment + 1

    def _enter(self) -> list[tuple[int, float, int]]:
        """Sets the roots. Answers the first sounds of words that go on from that very sound: (place, cost, history) of the silent way."""
        same = []
        for kind, root in ROOTS.items():
            found = self._best_exit(MAY_FOLLOW[kind])
            self._silent[root], self._silent_from[root] = found.cost + ENTERING[kind], found.history
            place = self._grammar.first.get((root, found.sound))
            if place is not None:
                same.append((place, found.quiet[0] + ENTERING[kind], found.quiet[1]))
        return same

    def _move(self, prices: Numbers, same: Sequence[tuple[int, float, int]]) -> None:
        """Only where something can come of it: what lies far behind the best path is forgotten."""
        grammar, at = self._grammar, self._near()
        above = grammar.above[at]
        either, either_from = self._either(at)
        reached, reached_from = self._either(above)
        # The same sound twice needs a moment of none between.
        doubled = grammar.doubled[at]
        reached = np.where(doubled, self._silent[above], reached)
        reached_from = np.where(doubled, self._silent_from[above], reached_from)
        for place, cost, history in same:
            index = int(np.searchsorted(at, place))
            reached[index], reached_from[index] = cost, history
        stayed = self._in_sound[at]
        sound_from = np.where(reached < stayed, reached_from, self._sound_from[at])
        in_sound = np.minimum(reached, stayed) + prices[1:][grammar.sounds[at]]
        in_sound[: len(ROOTS)] = FAR  # roots are always near, and come first
        self._in_sound[self._at] = self._silent[self._at] = FAR
        self._in_sound[at], self._sound_from[at] = in_sound, sound_from
        self._silent[at], self._silent_from[at] = either + prices[0], either_from
        self._at = at

    def _near(self) -> Places:
        """The places worth looking at now, and the next sounds; where a sound is skipped, those behind it."""
        at = self._at
        either = np.minimum(self._in_sound[at], self._silent[at])
        best = either.min()
        alive, worth = at[either < best + BEAM], at[either < best + BEAM - MISSING]
        self._marked[:] = self._grammar.at_first
        for places in (alive, self._grammar.below(alive), self._grammar.below(self._grammar.below(worth))):
            self._marked[places] = True
        return np.flatnonzero(self._marked)

    def _skip(self) -> None:
        """Up to two sounds in a row may be missing."""
        at = self._at
        above, missing = self._grammar.above[at], self._grammar.missing[at]
        for _ in range(2):
            either, either_from = self._either(above)
            skipped = either + missing
            better = skipped < self._silent[at]
            self._silent[at[better]], self._silent_from[at[better]] = skipped[better], either_from[better]

    def _either(self, at: Places) -> tuple[Numbers, Pointers]:
        """In its sound or after it, whichever is cheaper."""
        sounding, silent = self._in_sound[at], self._silent[at]
        return np.minimum(sounding, silent), np.where(sounding < silent, self._sound_from[at], self._silent_from[at])

    def _leave(self, bare: float, none: float, loudest: int) -> None:
        exits: dict[int, Exit] = {}
        if START in self.exits:
            exits[START] = Exit(self.exits[START].cost + none, NOWHERE)
        kinds = self._grammar.ending[self._at]
        for kind in ROOTS:
            found = self._cheapest(self._at[kinds == kind])
            if found is not None:
                exits[kind] = self._exit(found)
        before = self._best_exit(MAY_FOLLOW[UNKNOWN])
        cost = before.cost + bare + (0.0 if loudest in (0, self._last) else UNKNOWN_SOUND)
        history = self._noted(before.history, NOWHERE, cost)
        exits[UNKNOWN] = Exit(cost, history) if loudest == 0 else Exit(cost, history, loudest - 1)
        self.exits = exits

    def _exit(self, node: int) -> Exit:
        entry, price = self._grammar.entry_at[node], float(self._grammar.price[node])
        silent, sounding = float(self._silent[node]) + price, float(self._in_sound[node]) + price
        quiet = (silent, self._noted(int(self._silent_from[node]), entry, silent))
        if silent <= sounding:
            return Exit(*quiet)
        return Exit(sounding, self._noted(int(self._sound_from[node]), entry, sounding), int(self._grammar.sounds[node]), quiet)

    def _cheapest(self, nodes: Places) -> int | None:
        if not nodes.size:
            return None
        costs = np.minimum(self._in_sound[nodes], self._silent[nodes]) + self._grammar.price[nodes]
        for place in (costs.argmin(),) if not self._without else np.argsort(costs)[: 1 + len(self._without)]:
            node = int(nodes[place])
            if self._grammar.entry_at[node] not in self._without:
                return node
        return None

    def _best_exit(self, kinds: Sequence[int]) -> Exit:
        return min((self.exits[kind] for kind in kinds if kind in self.exits), default=Exit(float(FAR), NOWHERE))

    def _noted(self, before: int, entry: int, cost: float) -> int:
        self.history.append(Step(before, entry, self._moment, cost, self.bare))
        return len(self.history) - 1
