"""Whether letters found in a sentence are a word there; without it いす would be found in 長いす and 机 in 机用ライト.

Each script shows its words in another way: kanji by what the analyser cut, kana by particles, Latin and Korean by spaces.
"""

from __future__ import annotations

import re

from .grammar import COUNTED, GENERIC, HAN, KANA, KATAKANA, LATIN, LEFT_OF_WORD, NOT_A_THING, RIGHT_OF_WORD, SHORT_KANA
from .languages import HANGUL
from .sentence import Sentence

PARTICLE = re.compile(r"(?:을|를|은|는|이|가|도|과|와|하고|의|만|랑|이랑|은요|요)(?![가-힣])")


def stands_alone(sentence: Sentence, start: int, end: int) -> bool:
    folded = sentence.folded
    word = folded[start:end]
    if LATIN.search(word):
        return _latin_alone(folded, start, end)
    if sentence.language == "zh":
        return True
    if sentence.language == "ko":
        return _korean_alone(folded[:start], word, folded[end:])
    if NOT_A_THING.match(word):
        return False
    before, after = folded[:start], folded[end:]
    if KANA.match(word) and not KATAKANA.search(sentence.text[start:end]):
        return _kana_alone(sentence, start, end, before, after)
    if len(word) == 1:
        return _one_sign_alone(sentence, start, end)
    cut_left = same_script(sentence.text, start) and start not in sentence.starts and not _inside_unknown(sentence, start)
    cut_right = same_script(sentence.text, end) and end not in sentence.ends
    return not (cut_left or cut_right) or (len(word) > SHORT_KANA and not cut_right and not KATAKANA.match(sentence.text[start]))


def _korean_alone(before: str, word: str, after: str) -> bool:
    """Korean writes spaces: a word begins behind one; one of a single sign (병) also ends there, or a particle follows."""
    if HANGUL.search(before[-1:]):
        return False
    return len(word) > 1 or not HANGUL.match(after) or bool(PARTICLE.match(after))


def _latin_alone(folded: str, start: int, end: int) -> bool:
    before, after = folded[:start], folded[end:]
    return not re.search(r"[a-z]$", before) and re.match(r"(?:e?s)?(?![a-z])", after) is not None


def _kana_alone(sentence: Sentence, start: int, end: int, before: str, after: str) -> bool:
    if HAN.match(before[-1:]) and start not in sentence.starts:
        return False
    left = bool(LEFT_OF_WORD.search(before)) or not KANA.match(before[-1:])
    right = bool(RIGHT_OF_WORD.match(after))
    if end - start <= SHORT_KANA:
        whole = start in sentence.starts and end in sentence.ends
        return left and right and (whole or end - start == SHORT_KANA or not before or before[-1] in " 、。")
    return left or right or start in sentence.starts


def _one_sign_alone(sentence: Sentence, start: int, end: int) -> bool:
    before, after = sentence.text[start - 1 : start], sentence.folded[end:]
    word = sentence.word_at.get(start)
    if (
        before.isdigit()
        or (word is not None and word.known and word.end > end and sentence.text[end] != "の")  # the 本 of 本だな
        or COUNTED.match(sentence.folded[start:])
        or HAN.match(before)
        or KATAKANA.match(before)
        or (sentence.folded[start - 1 : start] in ("お", "ご") and start not in sentence.starts)
    ):
        return False
    return not (HAN.match(after) or KATAKANA.match(sentence.text[end : end + 1])) or bool(GENERIC.match(after))


def _inside_unknown(sentence: Sentence, at: int) -> bool:
    return any(word.start < at < word.end and not word.known for word in sentence.words)


def same_script(text: str, at: int) -> bool:
    """Whether the signs on both sides of this place belong to one run of kanji or of katakana."""
    if at <= 0 or at >= len(text):
        return False
    pair = text[at - 1], text[at]
    return all(HAN.match(sign) for sign in pair) or all(KATAKANA.match(sign) for sign in pair) or all(KANA.match(sign) for sign in pair)
