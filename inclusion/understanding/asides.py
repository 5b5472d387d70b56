"""Tells things that only describe another one; without it 着物を掛けておいた衣桁 would be a rack and a kimono.

In Japanese whatever stands in a clause before a noun says something of that noun. So of several things named, one whose clause leads
straight to a noun is told in passing, whatever its verb; only the verbs of giving away are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from accessibility import Word

from .grammar import TAKEN_BACK
from .patterns import Patterns
from .sentence import Sentence

WORDS: Final = Patterns("asides")
PARTICLE: Final = WORDS("particle")
GIVEN_AWAY: Final = WORDS("given_away")
KEPT: Final = WORDS("kept")
NO_THING: Final = WORDS("no_thing")
USED_TO: Final = WORDS("used_to")
PLACED: Final = WORDS("placed")
MATERIAL: Final = WORDS("material")
MADE_OF: Final = WORDS("made_of")
ADDED: Final = WORDS("added")
CUTS: Final = re.compile(r"[、。\s]+")
BREAK: Final = frozenset("、。,.!?")
CHAIN: Final = frozenset({"動詞", "助動詞", "形容詞"})
FARTHEST_VERB: Final = 4  # words between a thing and the verb that takes it


def told_in_passing(sentence: Sentence, end: int, until: int) -> bool:
    """Whether the thing that ends at `end` only belongs to a clause about another thing; the next thing begins at `until`."""
    particle = PARTICLE.match(sentence.folded[end:])
    if particle is None:
        return False
    words = [word for word in sentence.words if word.start >= end + particle.end()]
    at = _verb(words, until)
    if at is None or GIVEN_AWAY.match(sentence.folded[words[at].start :]):
        return False
    stop = _end_of_chain(words, at)
    said = sentence.folded[words[at].start : words[stop - 1].end]
    head = words[stop] if stop < len(words) else None
    if head is not None and head.is_noun and head.kind[0] != "接尾辞":
        return not NO_THING.match(sentence.folded[head.start :])
    if particle.group().endswith("に") and PLACED.match(said):
        return True  # 柱にかけて、ぼーんと鳴る時計
    return bool(USED_TO.search(said)) and not KEPT.match(said)


def says_what_of(sentence: Sentence, start: int, end: int) -> bool:
    """火鉢で、瀬戸物の: whether this names the stuff that the thing before it is made of."""
    if not MATERIAL.fullmatch(sentence.folded[start:end]) or ADDED.search(sentence.folded[:start]):
        return False
    return bool(MADE_OF.match(sentence.folded[end:]))


def _verb(words: Sequence[Word], until: int) -> int | None:
    """Where the verb stands that takes the thing before these words; None where its clause or the next thing comes first."""
    for at, word in enumerate(words[: FARTHEST_VERB + 1]):
        if word.surface in BREAK or word.start >= until:
            return None
        if word.kind[0] == "動詞":
            return at
    return None


def _end_of_chain(words: Sequence[Word], at: int) -> int:
    """Behind 掛け・て・おい・た: where the verb with all that hangs on it is over."""
    while at < len(words) and (words[at].kind[0] in CHAIN or words[at].kind[1] == "接続助詞"):
        at += 1
    return at


def after_correction(window: str) -> str:
    """シングルベッド、あ、ちゃうわ、ダブルやった: what is said behind the last taking back holds; "" where nothing was taken back."""
    starts = [at.start() + len(found[0]) for at in CUTS.finditer(window) if (found := TAKEN_BACK.match(window[at.start() :]))]
    return window[starts[-1] :] if starts else ""
