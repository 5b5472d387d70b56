"""Reads a short question by what was spoken of before it; without it 「何時まで」 behind a 住民票 would be about bulky waste.

The names of the patterns say it: the topics (beginnings of ids), a > and the answer.
"""

from __future__ import annotations

import re
from typing import Final

from inclusion.municipalities import Town

from .patterns import Patterns
from .sentence import Sentence
from .talk import Talk

WORDS: Final = Patterns("followups")


def _row(name: str) -> tuple[tuple[str, ...], str, re.Pattern[str]]:
    topics, _, faq = name.partition(">")
    return tuple(topics.split()), faq, WORDS(name)


ROWS: Final = tuple(map(_row, WORDS.names))


def follows_up(sentence: Sentence, talk: Talk, town: Town) -> str:
    """The FAQ that is asked about in words too short to say it; "" where the sentence says enough by itself, or the town has none."""
    if not talk.topic:
        return ""
    said = sentence.folded.strip()
    return next(
        (faq for topics, faq, words in ROWS if faq in town.faqs and talk.topic[0].startswith(topics) and words.fullmatch(said)),
        "",
    )
