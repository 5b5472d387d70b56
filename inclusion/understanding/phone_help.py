"""Which of the smartphone questions is asked, and how far somebody has come; without it all would get the same telephone number."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

from inclusion.municipalities import Town

from .asking import DISPOSAL
from .concepts import rows_of
from .faqs import Guess
from .normalising import fold_kana
from .patterns import Patterns
from .request import Request, begun
from .sentence import Sentence
from .talk import Following, Talk

WORDS = Patterns("phone_help")
CONSULT = "f.sp_consult"  # one-to-one help: the answer when none of our own topics is meant
NEAR = 0.4
NEAR_UNKNOWN = 0.6
NEAR_THING = 0.7
NEAR_FAQ = 0.8
THE_SAME = 0.95
HELPED = 0.27
HELPED_UNASKED = 0.4  # where no word of telephones was said
HELPED_SURELY = 0.75  # whatever else was understood
PERHAPS = 0.4  # what was learnt and what is written alike point to one topic: worth asking, not worth stating
SHARE_ALIKE = 0.4
SHORTEST_SENTENCE = 4
HOW = WORDS("how")
ASIDE = WORDS("aside")
DONE = WORDS("done")
STUCK = WORDS("stuck")
BACK = WORDS("back")
PHONES = {"iphone": WORDS("iphone"), "android": WORDS("android")}
PHONE_WISHES = {"iphone": "s.iphone", "android": "s.android"}


class PhoneTopics:
    """Compares a question with our own sentences by pairs of signs, the rarer the heavier."""

    def __init__(self, town: Town) -> None:
        rows = [(topic, _plain(sentence)) for topic, sentence in rows_of("phone_topics.csv")]
        self._said = _said_once(rows)
        consult = town.faqs.get(CONSULT)
        rows += [(CONSULT, _plain(one)) for one in ((consult.title, *consult.paraphrases) if consult else ())]
        seen = Counter(pair for _, sentence in rows for pair in set(_pairs(sentence)))
        self._weight = {pair: math.log(len(rows) / count) + 0.3 for pair, count in seen.items()}
        self._unseen = math.log(len(rows)) + 0.3
        self._examples = [(topic, self._vector(sentence)) for topic, sentence in rows]

    def exactly(self, sentence: Sentence) -> str:
        """The topic that has these very words as one of its ways of asking; "" where none has."""
        return self._said.get(_plain(sentence.folded), "")

    def started(self, topic: str, talk: Talk) -> tuple[Request, Talk]:
        """The first step of a topic."""
        return _started(topic, 1.0, replace(talk, question=None, waiting=()))

    def nearest(self, sentence: Sentence) -> tuple[str, float]:
        """The topic whose sentence is most alike, and how alike (0 to 1)."""
        asked = self._vector(_plain(sentence.folded))
        scored = [(sum(weight * asked.get(pair, 0.0) for pair, weight in example.items()), topic) for topic, example in self._examples]
        score, topic = max(scored, default=(0.0, ""))
        return topic, score

    def knows(self, sentence: Sentence) -> bool:
        """Whether this is one of our own sentences, or the same but for its ending."""
        topic, score = self.nearest(sentence)
        return topic != CONSULT and score >= THE_SAME

    def refined(self, sentence: Sentence, request: Request, talk: Talk, guess: Guess | None = None) -> tuple[Request, Talk]:
        """The request, or the topic of our own where it is nearer than what was understood; `guess` is about the whole sentence."""
        if guess is not None and _learnt(sentence, request, guess) and not self.knows(sentence):
            sure = guess.helped >= HELPED_SURELY or sentence.language != "ja" or self.nearest(sentence)[0] == guess.help
            return _started(guess.help, guess.score, talk) if sure else _put_as_a_question(guess.help, guess.score, talk)
        needed = _needed(sentence, request)
        topic, score = self.nearest(sentence) if needed is not None and sentence.language == "ja" else ("", 0.0)
        if needed is not None and score < needed and guess is not None and _perhaps(sentence, request, guess, topic, score):
            return _put_as_a_question(topic, score, talk)
        if needed is None or score < needed:
            return request, talk
        if topic == CONSULT:
            return (begun(CONSULT, score), talk) if request.action == "refuse" and score >= NEAR_FAQ else (request, talk)
        return _started(topic, score, talk)

    def _vector(self, text: str) -> dict[str, float]:
        counts = Counter(_pairs(text))
        raw = {pair: count * self._weight.get(pair, self._unseen) for pair, count in counts.items()}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {pair: value / length for pair, value in raw.items()}


def _started(topic: str, score: float, talk: Talk) -> tuple[Request, Talk]:
    return begun(topic, score), replace(talk, topic=(topic,), confirming=(), following=Following(topic))


def _put_as_a_question(topic: str, score: float, talk: Talk) -> tuple[Request, Talk]:
    """Where only one of two ways of looking points to it: of 24 such in our questions 7 were wrong, of 57 on which both agreed one."""
    return replace(begun(topic, score), action="confirm"), replace(talk, topic=(topic,), confirming=(topic,))


def step_said(sentence: Sentence, talk: Talk) -> tuple[Request, Talk] | None:
    """できた, できない, 前に戻る or which telephone, while we explain something step by step; None for any other words."""
    if talk.following is None:
        return None
    topic, step = talk.following.topic, talk.following.step
    said = sentence.folded.strip("。!？? 、")
    for phone, pattern in PHONES.items():
        if pattern.fullmatch(said):
            return replace(begun(topic, step=step), ids=(topic, PHONE_WISHES[phone])), talk
    if STUCK.fullmatch(said):
        return replace(begun(topic, step=step), guard="stuck"), talk
    moved = step + 1 if DONE.fullmatch(said) else max(1, step - 1) if BACK.fullmatch(said) else None
    if moved is None:
        return None
    return begun(topic, step=moved), replace(talk, following=Following(topic, moved))


def begun_again(talk: Talk) -> tuple[Request, Talk] | None:
    """最初から while we explain step by step: the first step; None where we explain nothing."""
    if talk.following is None:
        return None
    return begun(talk.following.topic), replace(talk, following=Following(talk.following.topic))


def _learnt(sentence: Sentence, request: Request, guess: Guess) -> bool:
    """Whether what was learnt from all our sentences is sure of one topic, in whatever language and words."""
    if DISPOSAL.search(sentence.folded) or max(guess.thing, guess.elsewhere) > guess.helped:
        return False
    if request.ids == (CONSULT,):
        return guess.helped >= HELPED
    if guess.helped >= HELPED_SURELY and not request.guard:
        return True
    if request.ids == ("r.unknown",) and not request.guard:
        return guess.helped >= HELPED_UNASKED
    fresh = request.action in ("faq", "confirm") and request.ids[0].startswith("f.")
    return fresh and guess.id == CONSULT and guess.helped >= HELPED and guess.score > request.confidence


def _perhaps(sentence: Sentence, request: Request, guess: Guess, topic: str, alike: float) -> bool:
    """Whether a topic is worth asking about where nothing else was understood: both ways of looking find the same one."""
    if request.ids != ("r.unknown",) or request.guard or request.unknown or topic != guess.help or DISPOSAL.search(sentence.folded):
        return False
    together = guess.helped + SHARE_ALIKE * alike
    return together >= PERHAPS and together > max(guess.thing, guess.elsewhere, guess.danger)


def _needed(sentence: Sentence, request: Request) -> float | None:
    """How alike our sentence must be: little where help with the telephone was understood anyway, much where something else was."""
    if CONSULT in request.ids:
        return NEAR
    if request.ids == ("s.larger",):
        return NEAR if HOW.search(sentence.folded) else None
    if request.action in ("policy", "answer", "clarify") or (request.action == "confirm" and request.ids[0][:2] != "f."):
        return None if DISPOSAL.search(sentence.folded) else NEAR_THING
    if request.action == "refuse":
        return NEAR_UNKNOWN if request.ids == ("r.unknown",) and not request.guard else None
    if request.action in ("faq", "confirm") and all(one.startswith("f.sp_") for one in request.ids):
        return NEAR_FAQ
    return {"confirm": NEAR_UNKNOWN, "faq": THE_SAME}.get(request.action)


def _said_once(rows: list[tuple[str, str]]) -> dict[str, str]:
    """Every sentence with its topic; what two topics share belongs to neither."""
    owners: dict[str, set[str]] = {}
    for topic, sentence in rows:
        owners.setdefault(sentence, set()).add(topic)
    return {sentence: next(iter(topics)) for sentence, topics in owners.items() if len(topics) == 1 and len(sentence) >= SHORTEST_SENTENCE}


def _plain(text: str) -> str:
    return ASIDE.sub("", fold_kana(text).lower())


def _pairs(text: str) -> list[str]:
    """Pairs of signs, and single signs that carry meaning, so that 孫に写真を and 写真を孫に are nearly the same."""
    marked = f"^{text}$"
    return [*(marked[at : at + 2] for at in range(len(marked) - 1)), *(sign for sign in text if not "ぁ" <= sign <= "ん")]
