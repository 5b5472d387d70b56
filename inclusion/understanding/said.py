"""Example sentences for what residents mean: the town's FAQ, things, dangers and all that is not ours; without them nothing is learnt."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from zlib import crc32

from inclusion.municipalities import Town

from .concepts import rows_of

THING = "◯"
PERSON = "△"
PEOPLE_EACH = 2
ELSEWHERE = "✕"
REFUSED = "!"
PHONE_HELP = "f.sp_consult"
ELSEWHERE_FILES = ("elsewhere", "chitchat")
REFUSED_FILES = (
    "self_harm", "life_in_danger", "swallowed", "fire_and_gas", "intruder_or_threat", "fraud", "medical", "legal", "personal", "operator",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence and its label: a FAQ id, the id of a wish or of smartphone help, THING, ELSEWHERE, or ! with a rule that refuses."""

    label: str
    text: str


def examples(town: Town) -> Iterator[Example]:
    """All examples for one town, always in the same order."""
    names = lines_of("names")
    for sentence in _told_of_people("thing"):
        yield Example(THING, sentence)
        if THING in sentence:
            yield Example(THING, _filled(sentence, THING, names))
    for name in ELSEWHERE_FILES:
        yield from (Example(ELSEWHERE, _filled(sentence, THING, names)) for sentence in _told_of_people(name))
    for name in REFUSED_FILES:
        yield from (Example(REFUSED + name, sentence) for sentence in _told_of_people(name))
    yield from (Example(label, sentence) for label, sentence in _wishes())
    if PHONE_HELP in town.faqs:
        yield from (Example(PHONE_HELP, sentence) for sentence in _told_of_people("phone_help"))
        yield from (Example(topic, sentence) for topic, sentence in rows_of("phone_topics.csv"))
    for faq in town.faqs.values():
        yield from (Example(faq.id, sentence) for sentence in (faq.title, *faq.paraphrases, *faq.keywords))


def lines_of(name: str) -> tuple[str, ...]:
    """The sentences of one bundled file, without its comments."""
    text = (files(__package__) / "words" / "said" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _wishes() -> tuple[tuple[str, str], ...]:
    """What somebody wants done (larger letters, a seat in a class, the live picture): the id and how it is said."""
    text = (files(__package__) / "words" / "said" / "wishes.csv").read_text(encoding="utf-8-sig")
    return tuple((row["id"], row["sentence"]) for row in csv.DictReader(text.splitlines()))


def _told_of_people(name: str) -> Iterator[str]:
    """The sentences of one bundled file; those about some person once for each of a few people."""
    persons = lines_of("persons")
    for sentence in lines_of(name):
        if PERSON not in sentence:
            yield sentence
            continue
        for turn in range(PEOPLE_EACH):
            yield _filled(sentence, PERSON, persons, turn)


def _filled(sentence: str, mark: str, names: tuple[str, ...], turn: int = 0) -> str:
    """The sentence about something or somebody, always the same one for the same sentence and turn."""
    for place in range(sentence.count(mark)):
        start = crc32(f"{sentence}{place}".encode())
        sentence = sentence.replace(mark, names[(start + turn) % len(names)], 1)
    return sentence
