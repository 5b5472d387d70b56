"""What is likely to be said next, for ears that can be told; without it published weights spell the town's names as strangers would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain, zip_longest
from typing import Final

from accessibility import Answer
from inclusion.municipalities import Town
from inclusion.turn import Memory

MOST: Final = 60  # more than Whisper reads of a prompt (224 signs)
OWN: Final = "ja"


def expected_words(memory: Memory, town: Town, language: str = OWN) -> tuple[str, ...]:
    """The likeliest first: what was just offered, what the talk is about, then what people ask about most. In `language` only."""
    offered = chain(_offered(memory.last, language), _talked_of(memory.last, town) if language == OWN else ())
    usual = _usual(town) if language == OWN else _usual_abroad(town, language)
    return tuple(dict.fromkeys(word for word in chain(offered, usual) if word))[:MOST]


def _offered(last: Answer | None, language: str) -> Iterable[str]:
    """The choices of the last answer, as they are said."""
    if last is not None:
        yield from (choice.says if language == OWN else choice.label for choice in last.choices)


def _talked_of(last: Answer | None, town: Town) -> Iterable[str]:
    """The neighbours of what was answered: the other sizes of a thing, the words of a question."""
    for one in last.ids if last is not None else ():
        if one in town.faqs:
            yield from town.faqs[one].keywords
        group = town.items[one].group if one in town.items else one
        yield from (item.said for item in town.items.values() if group and item.group == group)


def _usual(town: Town) -> Iterable[str]:
    """Things, questions and names in turn, so that no kind crowds out the others. What goes by many names is asked about often."""
    names = Counter(alias.target for alias in town.aliases if alias.language == OWN)
    items = sorted(town.items.values(), key=lambda item: -names[item.id] - names[item.group])
    questions = sorted(town.faqs.values(), key=lambda faq: -len(faq.paraphrases))
    things = dict.fromkeys(item.said for item in items)
    topics = dict.fromkeys(word for faq in questions for word in faq.keywords[:1])
    own = dict.fromkeys((town.name, *_own_names(town)))
    return chain.from_iterable(zip_longest(own, things, topics, fillvalue=""))


def _own_names(town: Town) -> Iterable[str]:
    """What only this town has: festivals and offices."""
    yield from (part for festival in town.festivals.values() for part in festival.name.split())
    yield from (contact.name for contact in town.contacts.values())


def _usual_abroad(town: Town, language: str) -> Iterable[str]:
    """A Japanese prompt would make ears write Japanese: only words of the language itself."""
    names = Counter(alias.target for alias in town.aliases)
    words = [alias for alias in town.aliases if alias.language == language.split("-")[0]]
    first = {alias.target: alias.word for alias in reversed(words)}
    return (first[target] for target, _ in names.most_common() if target in first)
