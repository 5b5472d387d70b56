"""Takes numbers that belong to a person out of what we keep; without it a card number typed in a chat would stand in a transcript."""

from __future__ import annotations

import re
import unicodedata

MASK = "＊＊＊"
DAY = r"(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}"
# Seven digits and more: phone, card, My Number, account and postal code; a day and a fee are shorter or written otherwise.
NUMBER = re.compile(rf"(?P<day>{DAY})|\+?\d(?:[\s\-‐‑–ー−().]*\d){{6,}}")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def masked(text: str) -> str:
    """`text` with long numbers and mail addresses replaced. Full-width digits are seen too; the rest stays as it was written."""
    flat = "".join(_narrow(character) for character in text)
    found = [*_spans(flat)]
    for start, end in reversed(found):
        text = text[:start] + MASK + text[end:]
    return text


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
