"""Hears that festivals are asked about and none is named; without it 「お祭りはいつですか」 would be asked back as 神田祭 alone."""

from __future__ import annotations

from typing import Final

from inclusion.municipalities import Town

from .patterns import Patterns
from .sentence import Sentence

ANY: Final = Patterns("asking")("any_festival")
FAQ_OF: Final = "f.fest_{festival}"  # the answer about a row of festivals.csv, where the town has one


def festivals_asked(sentence: Sentence, town: Town) -> tuple[str, ...]:
    """The answers about festivals that the town has; none where the sentence asks something else, or the town knows fewer than two."""
    if not ANY.fullmatch(sentence.folded.strip()):
        return ()
    told = tuple(faq for one in town.festivals if (faq := FAQ_OF.format(festival=one)) in town.faqs)
    return told if len(told) > 1 else ()
