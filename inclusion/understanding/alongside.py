"""Names what was said beside a thing and is none we know; without it 扇風機と綿菓子機 would get the fee of a fan and nobody notice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from accessibility import Word

from .asking import ASKING, DISPOSAL
from .counting import COUNT
from .linking import Linked
from .overhearing import noun_runs
from .patterns import Patterns
from .sentence import Sentence

WORDS: Final = Patterns("asides")
COUNTED: Final = rf"(?:\s*(?:を|が|は)?\s*{COUNT.pattern})?"
JOINED: Final = re.compile(rf"^{COUNTED}{WORDS.source('joining')}$")
ENDS: Final = re.compile(rf"^{COUNTED}{WORDS.source('ends_a_thing')}")
NO_NAME: Final = frozenset({"数詞", "固有名詞"})
NO_THING: Final = frozenset({"副詞可能", "助数詞可能", "サ変可能", "サ変形状詞可能", "形状詞可能", "人名", "地名"})
SHORTEST: Final = 2


def with_unknown_beside(sentence: Sentence, linked: Linked, is_topic: Callable[[str], bool]) -> Linked:
    """The same links, with every noun joined to a thing that is itself no thing we know. `is_topic` tells words of written answers."""
    if sentence.language != "ja" or not linked.mentions:
        return linked
    taken = linked.places
    found = []
    for run in noun_runs(sentence.words):
        start, end = run[0].start, run[-1].end
        if any(start < last and first < end for first, last in taken) or not _may_be_a_thing(sentence, run, is_topic):
            continue
        if _joined(sentence, linked, start, end) and ENDS.match(sentence.folded[end:]):
            found.append(sentence.text[start:end])
    known = tuple(word for word in found if not any(word in other for other in linked.unknown))
    return replace(linked, unknown=(*linked.unknown, *known), near=(*linked.near, *("" for _ in known)))


def _may_be_a_thing(sentence: Sentence, run: list[Word], is_topic: Callable[[str], bool]) -> bool:
    said, last = sentence.folded[run[0].start : run[-1].end], run[-1]
    if len(said) < SHORTEST or last.kind[0] not in ("名詞", "接尾辞") or is_topic(said) or DISPOSAL.search(said):
        return False
    if any(word.kind[1] in NO_NAME or ASKING.search(word.surface) for word in run):
        return False
    return not (len(run) == 1 and NO_THING & set(last.kind[1:3]))


def _joined(sentence: Sentence, linked: Linked, start: int, end: int) -> bool:
    """Whether と, や, も or a comma stands between it and a thing, perhaps with a count."""
    for mention in linked.mentions:
        between = sentence.folded[mention.end : start] if mention.end <= start else sentence.folded[end : mention.start]
        if JOINED.match(between):
            return True
    return False
