"""Puts the last thing's name where a sentence only points at it; without it それを置いてた台 would be any stand."""

from __future__ import annotations

import re
from typing import Final

from inclusion.municipalities import Town

from .patterns import Patterns
from .sentence import Sentence
from .talk import Talk

POINTING: Final = Patterns("replying")("pointing")
BRACKETS: Final = re.compile(r"[(（].*?[)）]")


def pointed_out(sentence: Sentence, talk: Talk, town: Town) -> str | None:
    """The sentence with the thing of an earlier turn in place of それ, where something holds or serves it; None where nothing points."""
    found = POINTING.search(sentence.folded)
    name = _last_thing(talk, town) if found else ""
    if not found or not name:
        return None
    return sentence.text[: found.start()] + name + sentence.text[found.end() :]


def _last_thing(talk: Talk, town: Town) -> str:
    """The resident's own word for what was spoken of last, or the town's name for it."""
    if talk.waiting:
        return talk.waiting[-1].said
    if talk.basket:
        return talk.basket[-1].said or town.items[talk.basket[-1].id].said
    for one in reversed(talk.topic):
        named = town.policies.get(one) or town.sorting.get(one)
        if named is not None:
            return BRACKETS.sub("", named.name)
    return ""
