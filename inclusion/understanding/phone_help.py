"""Which of the smartphone questions is asked, and how far somebody has come; without it all would get the same telephone number."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace

from inclusion.municipalities import Town

from .asking import DISPOSAL
from .concepts import rows_of
from .faqs import Guess
from .normalising import fold_kana
from .request import Request
from .sentence import Sentence
from .talk import Following, Talk

CONSULT = "f.sp_consult"  # one-to-one help: the answer when none of our own topics is meant
NEAR = 0.4
NEAR_UNKNOWN = 0.6
NEAR_THING = 0.7
NEAR_FAQ = 0.8
THE_SAME = 0.95
HELPED = 0.27
HELPED_UNASKED = 0.4  # where no word of telephones was said
HOW = re.compile(r"すまほ|けいたい|携帯|らいん|line|なら(?:ない|ん)|でき(?:ない|ん)|方法|仕方|しかた|やり方|変え方|変えた")
ASIDE = re.compile(
    r"(?:すまほ|スマホ|けいたい|携帯)(?:の|で|が|を|は)?|(?:教えて|おしえて)(?:ください|ほしい)?|(?:です|ます|か|ん|の|が|けど|だ|[、。?？!！\s])+$"
)
DONE = re.compile(
    r"(?:はい|うん|もう)?[、\s]*(?:でき(?:た|ました)|次|次へ|つぎ|つぎへ|やった|やりました|押した|押しました|終わった|ok|おーけー|"
    r"done|next)(?:よ|です|わ)*"
)
STUCK = re.compile(
    r"(?:それが|まだ)?(?:できない|できません|出来ない|できなかった|わからない|分からない|見つからない|見つかりません|ない|無い|だめ|"
    r"駄目|うまくいかない|it does not work|no)(?:です|よ|わ)*"
)
BACK = re.compile(r"(?:1つ|一つ)?前(?:に|へ)?(?:戻る|もどる|戻って|戻りたい)?|back")
PHONES = {
    "iphone": re.compile(r".{0,4}(?:iphone|あいふぉん|あいほん|りんご|apple|苹果).{0,8}"),
    "android": re.compile(r".{0,4}(?:android|あんどろいど|らくらく|ぎゃらくしー|えくすぺりあ|安卓|りんご(?:では|じゃ)ない).{0,8}"),
}
PHONE_WISHES = {"iphone": "s.iphone", "android": "s.android"}


class PhoneTopics:
    """Compares a question with our own sentences by pairs of signs, the rarer the heavier."""

    def __init__(self, town: Town) -> None:
        rows = [(topic, _plain(sentence)) for topic, sentence in rows_of("phone_topics.csv")]
        consult = town.faqs.get(CONSULT)
        rows += [(CONSULT, _plain(one)) for one in ((consult.title, *consult.paraphrases) if consult else ())]
        seen = Counter(pair for _, sentence in rows for pair in set(_pairs(sentence)))
        self._weight = {pair: math.log(len(rows) / count) + 0.3 for pair, count in seen.items()}
        self._unseen = math.log(len(rows)) + 0.3
        self._examples = [(topic, self._vector(sentence)) for topic, sentence in rows]

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
            return _started(guess.help, guess.score, talk)
        needed = _needed(sentence, request)
        topic, score = self.nearest(sentence) if needed is not None and sentence.language == "ja" else ("", 0.0)
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


def begun(topic: str, confidence: float = 1.0, step: int = 1) -> Request:
    return Request("faq", (topic,), step=step, confidence=min(1.0, confidence))


def _started(topic: str, score: float, talk: Talk) -> tuple[Request, Talk]:
    return begun(topic, score), replace(talk, topic=(topic,), confirming=(), following=Following(topic))


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


def _learnt(sentence: Sentence, request: Request, guess: Guess) -> bool:
    """Whether what was learnt from all our sentences is sure of one topic, in whatever language and words."""
    if DISPOSAL.search(sentence.folded) or max(guess.thing, guess.elsewhere) > guess.helped:
        return False
    if request.ids == (CONSULT,):
        return guess.helped >= HELPED
    if request.ids == ("r.unknown",) and not request.guard:
        return guess.helped >= HELPED_UNASKED
    fresh = request.action in ("faq", "confirm") and request.ids[0].startswith("f.")
    return fresh and guess.id == CONSULT and guess.helped >= HELPED and guess.score > request.confidence


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


def _plain(text: str) -> str:
    return ASIDE.sub("", fold_kana(text).lower())


def _pairs(text: str) -> list[str]:
    """Pairs of signs, and single signs that carry meaning, so that 孫に写真を and 写真を孫に are nearly the same."""
    marked = f"^{text}$"
    return [*(marked[at : at + 2] for at in range(len(marked) - 1)), *(sign for sign in text if not "ぁ" <= sign <= "ん")]
