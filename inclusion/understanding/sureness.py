"""How sure it is that one of the town's FAQ is asked; without it 防災頭巾を捨てたい would be a question about disasters."""

from __future__ import annotations

from typing import Literal

from .asking import bare_compound, bare_noun, names_a_thing, thing_thrown_away
from .faqs import FaqFinder, Guess
from .linking import Linked
from .sentence import Sentence

FAQ_SURELY = 0.75  # of what was learnt, whatever nouns stand beside it
FAQ_BY_ONE_WORD = 0.6
FAQ_ALONE = 0.42
FAQ_ALONE_CLEAR = 0.3
FAQ_PERHAPS = 0.26
FAQ_PERHAPS_ON_TOPIC = 0.22  # somewhat above it our open questions handed over were mostly about this FAQ
FAQ_MARGIN = 0.14
FAQ_OVER_THING = 0.5
Sureness = Literal["sure", "perhaps", "no"]


def sureness_of(sentence: Sentence, guess: Guess, linked: Linked, faqs: FaqFinder) -> Sureness:
    """sure, perhaps or no: whether the likeliest FAQ is what is asked."""
    if guess.elsewhere > guess.score or (guess.thing > guess.score and (linked.unknown or names_a_thing(sentence))):
        return "no"
    if faqs.names_unknown_event(sentence):
        return "no"
    if noun := bare_noun(sentence):
        if not faqs.covers(noun, guess.id) or guess.score < FAQ_ALONE:
            return "no"
        if guess.score < FAQ_BY_ONE_WORD:
            return "perhaps"
    if (pair := bare_compound(sentence)) and faqs.is_another_thing(*pair, guess.id):
        return "no"
    thrown = thing_thrown_away(sentence)
    if thrown and not faqs.speaks_of(guess.id, thrown):
        return "no"
    if guess.score >= FAQ_SURELY:
        return "sure" if guess.on_topic and not linked.unknown else "perhaps"
    if not guess.on_topic and guess.score < FAQ_OVER_THING:
        return "perhaps" if guess.score >= FAQ_PERHAPS and not names_a_thing(sentence) else "no"
    ahead = guess.score - max(guess.second, guess.elsewhere)
    if guess.score >= FAQ_ALONE or (guess.score >= FAQ_ALONE_CLEAR and ahead >= FAQ_MARGIN):
        return "perhaps" if linked.unknown and guess.score < FAQ_OVER_THING else "sure"
    return "perhaps" if guess.score >= FAQ_PERHAPS_ON_TOPIC and ahead > 0 and not linked.unknown else "no"
