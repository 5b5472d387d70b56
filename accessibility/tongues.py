"""Which language a line of text is in; without it a Japanese line on an English page would be read aloud as if it were English.

An answer may hold lines of another language than the page: reviewed texts for danger and facts that nobody has translated stay Japanese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

KANA: Final = re.compile(r"[ぁ-ゖァ-ヺ]")
HANGUL: Final = re.compile(r"[가-힣]")
HAN: Final = re.compile(r"[一-鿿々〆]")
LETTER: Final = re.compile(rf"{KANA.pattern}|{HANGUL.pattern}|{HAN.pattern}|[A-Za-zÀ-ɏ]")
LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ]")
WORDS: Final = re.compile(r"[A-Za-z]{2,}")
ORIGINAL: Final = re.compile(r"\s*[（(]((?:[^（）()]|[（(][^（）()]*[）)])*)[）)]")  # one pair of brackets inside at the most
A_SENTENCE: Final = 3  # Latin words; fewer are a name inside another language
A_QUARTER: Final = 0.25  # of the letters; less is a name that is quoted


def tongue_of(line: str, otherwise: str) -> str:
    """The language tag of one line: "ja", "ko", "en", or `otherwise`, the page's own, where the letters do not say another.

    Chinese letters alone are Japanese unless the page is Chinese. A name quoted in a sentence does not change its language.
    """
    line = line if otherwise == "ja" else without_originals(line, otherwise)
    kana, hangul, han, latin = (len(letters.findall(line)) for letters in (KANA, HANGUL, HAN, LATIN))
    letters = kana + hangul + han + latin
    if kana and (otherwise == "ja" or kana >= A_QUARTER * letters):
        return "ja"
    if hangul and hangul >= A_QUARTER * letters:
        return "ko"
    if latin > kana + han and len(WORDS.findall(line)) >= A_SENTENCE:
        return "en"
    if han > latin and not otherwise.startswith("zh"):
        return "ja"
    return otherwise


def with_original(own: str, japanese: str, language: str) -> str:
    """A translated name with the Japanese one beside it: what stands at the door, and what one says on the telephone."""
    return f"{own}（{japanese}）" if language.startswith("zh") else f"{own} ({japanese})"


def originals(line: str, language: str) -> Iterator[tuple[int, int]]:
    """Where such Japanese stands in a line of another language, without its brackets. On Chinese pages only kana tell it from Chinese."""
    for found in ORIGINAL.finditer(line):
        if KANA.search(found.group()) or (HAN.search(found.group()) and not language.startswith("zh")):
            yield found.span(1)


def without_originals(line: str, language: str) -> str:
    """The line as a voice of its language can say it; a line of nothing else stays whole."""
    rest, at = "", 0
    for start, end in originals(line, language):
        rest += line[at : start - 1].rstrip()
        at = end + 1
    return rest + line[at:] if LETTER.search(rest + line[at:]) else line
