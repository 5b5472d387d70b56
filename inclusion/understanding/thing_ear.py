"""Hears a thing where nothing else was understood; without it 消化器の期限が切れた and 踏み代ひとつ would mean nothing.

Elsewhere a thing is listened for only where one is likely to be named. Here any run of words written in kanji may be one, if it can be
read exactly as a name of ours: what comes of it is put as a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from accessibility import Readings, Word

from .counting import COUNT
from .grammar import DISPOSAL, HAN
from .sentence import Sentence
from .sounds import Ear, sign_by_sign, spellings

LONGEST = 4  # words
LONGEST_WRITTEN = 8  # signs
NO_NAME = frozenset({"助詞", "助動詞", "補助記号", "空白", "感動詞", "副詞", "連体詞"})
STEM = re.compile(r"[ぁ-ゖ一-鿿々ァ-ヺー]+")


def thing_put_right(sentence: Sentence, ear: Ear, readings: Readings) -> str | None:
    """The sentence with the first name that sounds exactly like one of ours written as ours; None where none does."""
    if sentence.language != "ja" or not (DISPOSAL.search(sentence.folded) or COUNT.search(sentence.folded)):
        return None
    for start, end in _runs(sentence):
        written = sentence.text[start:end]
        words = tuple(word for word in sentence.words if start <= word.start and word.end <= end)
        heard = ear.reads((*spellings(words, readings), *sign_by_sign(written, readings)))
        if heard is not None and heard.entry.word != written:
            return sentence.text[:start] + ear.written(heard.entry) + sentence.text[end:]
    return None


def _runs(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Runs of words with kanji in them that neither begin nor end within a longer run of kanji; longer ones first."""
    words = sentence.words
    for size in range(LONGEST, 0, -1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            start, end = run[0].start, run[-1].end
            if end - start <= LONGEST_WRITTEN and all(map(_may_belong, run)) and _whole(sentence.text, start, end):
                yield start, end


def _may_belong(word: Word) -> bool:
    return word.kind[0] not in NO_NAME and bool(STEM.fullmatch(word.surface))


def _whole(text: str, start: int, end: int) -> bool:
    around = text[start - 1 : start], text[end : end + 1]
    return bool(HAN.search(text[start:end])) and not any(HAN.match(sign) for sign in around if sign)
