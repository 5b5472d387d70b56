"""Words of a town's own texts on which two engines disagree; without this list staff would find a wrong reading only by hearing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from threading import Lock, Thread
from typing import Final

from accessibility import Doubt, OpenedBeside, OpenJTalk, Readings
from accessibility.furigana import Furigana
from inclusion.municipalities import Faq, Town
from inclusion.web.town_readings import town_names

WAIT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class DoubtfulReading:
    """One word, once: as written, as we show and say it, as the other engine reads it, the text it stands in and that text's id."""

    written: str
    shown: str
    other: str
    where: str
    sentence: str


class ReadingReview:
    """Doubts of one town. The first look takes seconds (it opens the engine and reads everything the town says), later ones none."""

    def __init__(self, town: Town) -> None:
        self._town, self._lock = town, Lock()
        self._reading: Thread | None = None

    def ready(self, wait_s: float) -> bool:
        """Begins to read everything beside the first who asks; whether it is done within `wait_s`."""
        with self._lock:
            if self._reading is None:
                self._reading = Thread(target=lambda: self._pack, name="reading review", daemon=True)
                self._reading.start()
        self._reading.join(wait_s)
        return not self._reading.is_alive()

    def of_the_pack(self) -> tuple[DoubtfulReading, ...]:
        self.ready(WAIT_S)
        return self._pack

    def of(self, faqs: tuple[Faq, ...]) -> tuple[DoubtfulReading, ...]:
        """The same for answers that staff wrote."""
        return tuple(_doubts(self._furigana, (line for faq in faqs for line in _of_faq(faq))))

    @cached_property
    def _furigana(self) -> Furigana:
        engine, names = OpenedBeside(OpenJTalk), town_names(self._town)
        engine.wait(WAIT_S)
        return Furigana(names, Readings(names), engine)

    @cached_property
    def _pack(self) -> tuple[DoubtfulReading, ...]:
        return tuple(_doubts(self._furigana, _texts(self._town)))


def _doubts(furigana: Furigana, texts: Iterator[tuple[str, str]]) -> Iterator[DoubtfulReading]:
    seen: set[str] = set()
    for where, text in texts:
        for doubt in furigana.doubts(text):
            if doubt.written not in seen:
                seen.add(doubt.written)
                yield _placed(doubt, where, text)


def _placed(doubt: Doubt, where: str, text: str) -> DoubtfulReading:
    return DoubtfulReading(doubt.written, doubt.shown, doubt.other, where, text)


def _texts(town: Town) -> Iterator[tuple[str, str]]:
    """What residents hear most comes first."""
    for faq in town.faqs.values():
        yield from _of_faq(faq)
    for rule in town.guard:
        yield from ((rule.id, line) for line in (rule.headline, *rule.details))
    for item in town.items.values():
        yield item.id, item.name
    for message_id, columns in town.messages.texts.items():
        yield message_id, columns.get("ja", "")


def _of_faq(faq: Faq) -> Iterator[tuple[str, str]]:
    yield from ((faq.id, line) for line in (faq.title, faq.headline, *faq.details))
