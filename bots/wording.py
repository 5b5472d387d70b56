"""Fitting words into a channel's limits without breaking a character; without it an emoji would be cut in half at the edge."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Measure = Callable[[str], int]

SENTENCE_END = re.compile(r"(?<=[。！？!?\n])")
# One character as a person sees it: a base with its marks, variation selectors, skin tones, joined emoji, flags in pairs.
GRAPHEME = re.compile(
    r"\r\n|[\U0001F1E6-\U0001F1FF]{2}"
    r"|.[\u0300-\u036f\u3099\u309a\u200d\ufe00-\ufe0f\u20e3\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F\U000E0100-\U000E01EF]*"
    r"(?:(?<=\u200d).[\u0300-\u036f\ufe00-\ufe0f\u20e3\u200d\U0001F3FB-\U0001F3FF]*)*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most`, counted by `measure`."""

    most: int
    measure: Measure

    def holds(self, text: str) -> bool:
        return self.measure(text) <= self.most


def utf16_length(text: str) -> int:
    """How long LINE and Telegram say `text` is: a kanji is one unit, an emoji two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> list[str]:
    """`text` in the characters a person would count."""
    return GRAPHEME.findall(text)


def grapheme_count(text: str) -> int:
    return len(graphemes(text))


def clip(text: str, limit: Limit, mark: str = "…") -> str:
    """`text`, or as much of it as fits before `mark`; never cut inside a character."""
    if limit.holds(text):
        return text
    return first_piece(text, Limit(limit.most - limit.measure(mark), limit.measure)) + mark


def first_piece(text: str, limit: Limit) -> str:
    """The longest beginning of `text` that fits, cut between characters."""
    size, kept = 0, []
    for character in graphemes(text):
        size += limit.measure(character)
        if size > limit.most:
            break
        kept.append(character)
    return "".join(kept)


def split_at_sentences(text: str, limit: Limit) -> list[str]:
    """`text` in pieces that each fit, broken after sentences where possible and never inside a character."""
    pieces, current = [], ""
    for sentence in SENTENCE_END.split(text):
        if limit.holds(current + sentence):
            current += sentence
            continue
        pieces.append(current)
        while not limit.holds(sentence):
            head = first_piece(sentence, limit) or sentence[: limit.most]
            pieces.append(head)
            sentence = sentence[len(head) :]
        current = sentence
    return [piece.strip("\n") for piece in [*pieces, current] if piece.strip()]
