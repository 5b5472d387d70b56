"""The understanding that knows what staff taught a minute ago; without it a new word would take effect only at the next start."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock, Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from inclusion.database import Database
from inclusion.learning import learned
from inclusion.learning.learned import TownAddition, Version
from inclusion.logs import place_of
from inclusion.understanding import Understanding
from inclusion.understanding.guarding import Guard
from inclusion.understanding.lexicon import Lexicon
from inclusion.understanding.sentence import read
from inclusion.understanding.sounds import Ear, sound_of

LOOK_EVERY_S = 2.0
NOTHING: Version = (0, 0, 0, None)

log = logging.getLogger(__name__)


class Growing:
    """Gives the newest understanding. Other workers' lessons arrive within two seconds; a turn never waits for them."""

    def __init__(self, database: Database, built: Understanding, clock: Callable[[], float] = monotonic) -> None:
        self._database, self._built, self._clock = database, built, clock
        self._now, self._version, self._looked_at = built, NOTHING, float("-inf")
        self._one_at_a_time = Lock()
        self._readings: Mapping[str, str] = {}
        self._readers: list[Callable[[Mapping[str, str]], None]] = []

    def reads_with(self, *readers: Callable[[Mapping[str, str]], None]) -> None:
        """Whoever shows or speaks Japanese is told at once, here and in every worker, how staff decided that words are read."""
        self._readers += readers

    def __call__(self) -> Understanding:
        """The understanding to answer with now. A newer one is made beside the answering."""
        if self._clock() - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = self._clock()
            Thread(target=self.look, name="growing", daemon=True).start()
        return self._now

    def renew(self) -> Understanding:
        """Take in what was taught, at once; returns the understanding that knows it."""
        with self._one_at_a_time:
            with self._database.reading() as session:
                version, added, readings = learned.version(session), learned.in_force(session), learned.readings(session)
            if readings != self._readings:
                self._readings = readings
                for told in self._readers:
                    told(readings)
            if version != self._version:
                self._now = self._with(added) if added else self._built
                self._version = version
            return self._now

    def trial(self, one: TownAddition) -> Understanding:
        """What the understanding would be with one addition more; nothing is kept."""
        with self._database.reading() as session:
            added = [other for other in learned.in_force(session) if other.number != one.number]
        return self._with([*added, one])

    def _with(self, added: Sequence[TownAddition]) -> Understanding:
        """Built anew but for what was learnt from examples (ten seconds' work): a taught way to ask is known by its sound instead."""
        built, town = self._built, learned.grown(self._built.town, added)
        lexicon = Lexicon(town)
        ear = Ear(lexicon)
        taught = {sound_of(read(said, built.readings)): faq for said, faq in learned.answered_by(town, added).items()}
        deciding = replace(built.deciding, town=town, ear=ear)
        return replace(built, town=town, lexicon=lexicon, ear=ear, guard=Guard(town), deciding=deciding, taught=taught)

    def look(self) -> None:
        """Renew, or leave it when the database is away: it is looked at again soon."""
        try:
            self.renew()
        except SQLAlchemyError as error:  # a database that is away is looked at again in two seconds
            log.warning("What staff taught could not be read now.", extra={"kind": type(error).__name__, "place": place_of(error)})
