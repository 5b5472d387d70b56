"""Words of a town's own texts on which two engines disagree; without this list staff would find a wrong reading only by hearing it."""

from __future__ import annotations

from collections.abc import Iterator

from accessibility import OpenedBeside, OpenJTalk, Readings
from accessibility.furigana import Furigana
from inclusion.municipalities import Town

from .town_readings import town_names

WAIT_S = 60.0
HEADER = ("written", "shown", "other", "where")


def doubtful_readings(town: Town) -> Iterator[tuple[str, str, str, str]]:
    """A header, then each word once: as written, as we show and say it, as the other engine reads it, and the text it stands in.

    Staff who find ours wrong add the word to the town's places.csv, which wins over every engine.
    """
    engine, names = OpenedBeside(OpenJTalk), town_names(town)
    engine.wait(WAIT_S)
    furigana = Furigana(names, Readings(names), engine)
    yield HEADER
    seen: set[str] = set()
    for where, text in _texts(town):
        for doubt in furigana.doubts(text):
            if doubt.written not in seen:
                seen.add(doubt.written)
                yield doubt.written, doubt.shown, doubt.other, where


def _texts(town: Town) -> Iterator[tuple[str, str]]:
    for message_id, columns in town.messages.texts.items():
        yield message_id, columns.get("ja", "")
    for item in town.items.values():
        yield item.id, item.name
    for faq in town.faqs.values():
        yield faq.id, faq.title
