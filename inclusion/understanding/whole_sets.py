"""Knows a whole set by what it is for: ゴルフの一式, 釣りの道具一式; without it nobody would know what belongs together."""

from __future__ import annotations

import re
from typing import Final

from .lexicon import Lexicon
from .linking import Linked, Mention
from .sentence import Sentence

A_SET: Final = re.compile(r"(?:の|用の)?(?:道具|用具|もの|物|用品|ぐっず)?(?:の)?(?:一式|1式|ひと?そろい|1揃い|一揃い|ふるせっと|せっと)")
TAILS: Final = ("一式", "用具一式", "道具一式", "用具", "道具", "用品", "せっと")


def with_sets(sentence: Sentence, linked: Linked, lexicon: Lexicon) -> Linked:
    """The same links, with the sets that are named by what they are for and by no word of the town's."""
    if sentence.language != "ja":
        return linked
    made = tuple(one for found in A_SET.finditer(sentence.folded) if (one := _set(sentence, found, linked, lexicon)))
    if not made:
        return linked
    mentions = tuple(sorted((*linked.mentions, *made), key=lambda mention: mention.start))
    left = [(word, near) for word, near in zip(linked.unknown, linked.near, strict=True) if not any(word in one.said for one in made)]
    return Linked(mentions, linked.excluded, tuple(w for w, _ in left), tuple(n for _, n in left), linked.aside, linked.passing)


def _set(sentence: Sentence, found: re.Match[str], linked: Linked, lexicon: Lexicon) -> Mention | None:
    word = next((word for word in sentence.words if word.end == found.start() and word.is_noun), None)
    if word is None or any(start < found.end() and word.start < end for start, end in linked.places):
        return None
    named = sentence.folded[word.start : word.end]
    entry = next((lexicon.entries[named + tail] for tail in TAILS if named + tail in lexicon.entries), None)
    if entry is None:
        return None
    return Mention(word.start, found.end(), sentence.text[word.start : found.end()], entry.target, entry.slots)
