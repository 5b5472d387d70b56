"""Example sentences for what residents mean: the town's FAQ, things, dangers and all that is not ours; without them nothing is learnt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from zlib import crc32

from inclusion.municipalities import Town

THING = "◯"
ELSEWHERE = "✕"
REFUSED = "!"
PHONE_HELP = "f.sp_consult"
ELSEWHERE_FILES = ("elsewhere", "chitchat")
REFUSED_FILES = (
    "self_harm", "life_in_danger", "swallowed", "fire_and_gas", "intruder_or_threat", "fraud", "medical", "legal", "personal", "operator",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence and its label: a FAQ id, THING, ELSEWHERE, or ! with the name of a rule that refuses."""

    label: str
    text: str


def examples(town: Town) -> Iterator[Example]:
    """All examples for one town, always in the same order."""
    names = lines_of("names")
    for sentence in lines_of("thing"):
        yield Example(THING, sentence)
        yield Example(THING, _named(sentence, names))
    for name in ELSEWHERE_FILES:
        yield from (Example(ELSEWHERE, _named(sentence, names)) for sentence in lines_of(name))
    for name in REFUSED_FILES:
        yield from (Example(REFUSED + name, sentence) for sentence in lines_of(name))
    if PHONE_HELP in town.faqs:
        yield from (Example(PHONE_HELP, sentence) for sentence in lines_of("phone_help"))
    for faq in town.faqs.values():
        yield from (Example(faq.id, sentence) for sentence in (faq.title, *faq.paraphrases, *faq.keywords))


def lines_of(name: str) -> tuple[str, ...]:
    """The sentences of one bundled file, without its comments."""
    text = (files(__package__) / "words" / "said" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _named(sentence: str, names: tuple[str, ...]) -> str:
    """The sentence about some thing, always the same one for the same sentence."""
    for place in range(sentence.count(THING)):
        sentence = sentence.replace(THING, names[crc32(f"{sentence}{place}".encode()) % len(names)], 1)
    return sentence
