"""Chooses what to offer when we did not understand; without it a bare 3 would be asked back as 「もしかして：ぬいぐるみ」."""

from __future__ import annotations

import re
from typing import Final

from .counting import COUNT
from .described import offered
from .faqs import Guess
from .linking import Linked
from .patterns import Patterns
from .sentence import Sentence
from .sounds import Ear
from .sureness import FAQ_ALONE

WORDS: Final = Patterns("replying")
MANY: Final = 3
NUMBERS: Final = re.compile(r"[\d.:%円¥番目個]+")
NAMES_NOTHING: Final = WORDS("names_nothing")


def offers(sentence: Sentence, linked: Linked, guess: Guess, whole: Guess, ear: Ear) -> tuple[str, ...]:
    """Up to three near things or questions to choose from; none where the words name nothing that a thing could be near to."""
    if names_nothing(sentence):
        return ()
    near = (*filter(None, linked.near), *offered(whole), *(ear.nearest(sentence.kana) if sentence.language == "ja" else ()))
    if guess.id and guess.score > FAQ_ALONE / 2:
        near = (*near, guess.id)
    return tuple(dict.fromkeys(near))[:MANY]


def names_nothing(sentence: Sentence) -> bool:
    """3, 5枚, 100円, はい, それ: numbers, yes, no and words that only point."""
    rest = NUMBERS.sub("", COUNT.sub("", sentence.folded))
    return not NAMES_NOTHING.sub("", rest).strip(" 、。,.!?！？ー〜")
