"""Example sentences for what residents mean: the town's FAQ, things, dangers and all that is not ours; without them nothing is learnt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from zlib import crc32

from inclusion.municipalities import Town

from .concepts import rows_of

THING = "◯"
TOLD = "◯…"  # a thing in its own words, nothing covered; followed by which thing it is
PERSON = "△"
PEOPLE_EACH = 2
LEARNT_LANGUAGES = ("ja", "en")
SHORTEST_NAME = 2
ELSEWHERE = "✕"
STEPWISE = "h."
REFUSED = "!"
PHONE_HELP = "f.sp_consult"
ELSEWHERE_FILES = ("elsewhere", "chitchat")
REFUSED_FILES = (
    "self_harm", "life_in_danger", "swallowed", "fire_and_gas", "intruder_or_threat", "fraud", "medical", "legal", "personal", "operator",
    "stolen_or_lost", "lost_pet", "other_office",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence and its label: a FAQ id, the id of a wish or of smartphone help, THING, TOLD with a thing, ELSEWHERE, or ! with a rule
    that refuses."""

    label: str
    text: str


def shared_examples() -> Iterator[Example]:
    """The platform's own examples, always in the same order."""
    names = lines_of("names")
    for sentence in _told_of_people("thing"):
        yield Example(THING, sentence)
        if THING in sentence:
            yield Example(THING, _filled(sentence, THING, names))
    for name in ELSEWHERE_FILES:
        yield from (Example(ELSEWHERE, _filled(sentence, THING, names)) for sentence in _told_of_people(name))
    for name in REFUSED_FILES:
        yield from (Example(REFUSED + name, sentence) for sentence in _told_of_people(name))
    yield from (Example(row["id"], row["sentence"]) for row in _rows_of("wishes"))
    yield from (Example(row["label"], row["sentence"]) for row in _rows_of("told"))
    yield from (Example(PHONE_HELP, sentence) for sentence in _told_of_people("phone_help"))
    yield from (Example(topic, sentence) for topic, sentence in rows_of("phone_topics.csv"))


def own_examples(town: Town) -> Iterator[Example]:
    """What one town's residents say of its answers and things, always in the same order."""
    for faq in town.faqs.values():
        yield from (Example(faq.id, sentence) for sentence in (faq.title, *faq.paraphrases, *faq.keywords))
    for asked in town.asked:
        yield Example(asked.id if asked.id in town.faqs else TOLD + family_of(town, asked.id), asked.sentence)


def taught_examples(town: Town) -> Iterator[Example]:
    """The same, and behind each sentence about a thing the sentence with the thing covered: what is asked is the same of every thing."""
    names = _names_in(town)
    for example in own_examples(town):
        yield example
        covered = names.sub(THING, example.text) if example.label.startswith(TOLD) else example.text
        if covered != example.text:
            yield Example(THING, covered)


def words_for_things(town: Town) -> Iterator[Example]:
    """The town's words for things, alone. No part of `own_examples`: a word that is added is found as it is written, and a town need not
    learn anew for it."""
    for alias in town.aliases:
        if alias.language in LEARNT_LANGUAGES and alias.target not in town.faqs:
            yield Example(TOLD + family_of(town, alias.target), alias.word)


def family_of(town: Town, target: str) -> str:
    """What sentences are learnt for: the group where sizes make several rows, the rule where a row of the ward's list follows one."""
    item, row = town.items.get(target), town.sorting.get(target)
    if item is not None:
        return item.group if item.group in town.groups else target
    return row.policy if row is not None and row.policy else target


def lines_of(name: str) -> tuple[str, ...]:
    """The sentences of one bundled file, without its comments."""
    text = (files(__package__) / "words" / "said" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _names_in(town: Town) -> re.Pattern[str]:
    """Any word for a thing, the longest first."""
    words = {alias.word for alias in town.aliases if len(alias.word) >= SHORTEST_NAME}
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or "(?!)")


def _rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table of sentences: what somebody wants done, what is asked in other words than ours."""
    text = (files(__package__) / "words" / "said" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


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
