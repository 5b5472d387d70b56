"""Takes numbers that belong to a person out of what we keep; without it a card number typed in a chat would stand in a transcript."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from accessibility import Readings

MASK = "＊＊＊"
DAY = r"(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}"
# Seven digits and more: phone, card, My Number, account and postal code; a day and a fee are shorter or written otherwise.
NUMBER = re.compile(rf"(?P<day>{DAY})|\+?\d(?:[\s\-‐‑–ー−().]*\d){{6,}}")
ADDRESS = re.compile(
    r"[一-鿿ァ-ヶー]{0,8}[0-9０-９一二三四五六七八九十]{1,3}丁目(?:[0-9０-９一二三四五六七八九十]{1,4}(?:番地?|号|の|[-−ー])?){0,3}(?:号室)?"
    r"|[0-9０-９]{1,4}番地?[0-9０-９]{0,4}号?|[0-9０-９]{1,4}号室|[0-9０-９]{1,3}[-−ー‐][0-9０-９]{1,3}[-−ー‐][0-9０-９]{1,4}"
)
INTRODUCED = re.compile(
    r"((?:私|わたし|わたくし|僕|俺|名前)(?:の名前)?(?:は|、))[^、。はがをに]{1,12}?(と申します|と言います|といいます|という者|です(?=[。、が]|$))"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def masked(text: str) -> str:
    """`text` with long numbers and mail addresses replaced. Full-width digits are seen too; the rest stays as it was written."""
    flat = "".join(_narrow(character) for character in text)
    found = [*_spans(flat)]
    for start, end in reversed(found):
        text = text[:start] + MASK + text[end:]
    return text


def masked_words(text: str, readings: Readings, known: Callable[[str], bool] = lambda _word: False) -> str:
    """`masked`, and names of people and addresses too: what is kept of a question may say what was asked but not by whom.

    `known` tells that a word is one of the town's own (a thing called like somebody), which stays.
    """
    plain = ADDRESS.sub(MASK, masked(text))
    named = [word for word in readings.words(plain) if word.kind[1:3] == ("固有名詞", "人名") and not known(word.surface)]
    for word in reversed(named):
        plain = plain[: word.start] + MASK + plain[word.end :]
    return re.sub(rf"(?:{re.escape(MASK)}\s*)+", MASK, INTRODUCED.sub(rf"\1{MASK}\2", plain))


def _narrow(character: str) -> str:
    """One character for one character, so that places stay the same."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _spans(flat: str) -> list[tuple[int, int]]:
    numbers = [match.span() for match in NUMBER.finditer(flat) if match["day"] is None]
    mails = [match.span() for match in MAIL.finditer(flat)]
    return sorted(_apart([*numbers, *mails]))


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of two that overlap the earlier one stands for both."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept
