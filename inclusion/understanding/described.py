"""Knows a thing by what people say of it; without it 六年背負ってた革のあれ would be an unknown thing.

The town's own sentences about its things (`asked.csv`) teach what is said of each. What is found so is only ever put as a question, with
the next likeliest things to choose from.
"""

from __future__ import annotations

from typing import Final

from .asking import ASKING, DISPOSAL
from .faqs import Guess
from .features import KINDS_OF_WORD
from .linking import Linked, Mention
from .normalising import fold_kana
from .sentence import Sentence
from .things import Describing, Thing

LIKELY: Final = 0.2  # that it is a thing, and this one; of 1,700 open questions to be refused two were above it
OFFERED: Final = 0.05  # worth showing
MANY: Final = 3
FEWEST_WORDS: Final = 4  # beside those of asking; who says less names a thing (骨壺の捨て方), and one we do not know


def described(sentence: Sentence, guess: Guess, describing: Describing) -> tuple[Thing, ...]:
    """The thing that is most likely told of, with the sizes and counts of the sentence; nothing where none is likely enough."""
    if not guess.told or (sentence.words and _words_of_telling(sentence) < FEWEST_WORDS):
        return ()
    target, share = guess.told[0]
    likely = share * guess.thing
    if likely < LIKELY:
        return ()
    return describing.things(sentence, Linked((Mention(0, 0, "", target, (), "loose", likely),)))


def _words_of_telling(sentence: Sentence) -> int:
    told = (word for word in sentence.words if word.kind[0] in KINDS_OF_WORD and word.kind[1] != "非自立可能")
    return sum(not ASKING.search(word.surface) and not DISPOSAL.search(fold_kana(word.surface)) for word in told)


def offered(guess: Guess, but: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The likeliest things to choose from."""
    return tuple(target for target, share in guess.told if share >= OFFERED and target not in but)[:MANY]
