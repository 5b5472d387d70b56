"""Leaves out what somebody tells of themselves; without it 「電話は090…」 behind a thing nobody knows would ask for a telephone number."""

from __future__ import annotations

import re
from typing import Final

from .normalising import fold_kana
from .patterns import Patterns

WORDS: Final = Patterns("own_data")
START: Final = r"(?:^|(?<=[。、,.!?\s]))"
END: Final = r"(?=$|[。、,.!?])"
NUMBER: Final = r"\+?\d(?:[\s\-‐‑–ー−()]*\d){8,14}"  # a telephone number with its area code
MAIL: Final = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
OWNER: Final = r"(?:(?:私|わたし|わたくし|うち|自分|こちら|僕|母|父|家)の)?"
GIVEN: Final = re.compile(
    rf"{START}{OWNER}(?:(?:{WORDS.source('introducing')})(?:の番号)?\s?(?:は|が|is|是|는|은)?\s?[:、]?\s?)?"
    rf"(?:{NUMBER}|{MAIL})\s?(?:{WORDS.source('ending')})\s?{END}[。、,.!?\s]*"
)
NAMED: Final = re.compile(rf"{WORDS.source('named')}{END}[。、,.!?\s]*")
LETTER: Final = re.compile(r"[^\W_]")


def without_own_data(text: str) -> str:
    """A normalised text without the telephone number, mail address and name its author gives; a text of nothing else stays as it is.

    Numbers that are asked about, or that somebody called from, are no data of the author's and stay.
    """
    plain = text
    for pattern in (GIVEN, NAMED):
        for found in reversed(tuple(pattern.finditer(fold_kana(plain)))):
            plain = plain[: found.start()] + plain[found.end() :]
    return plain.strip() if LETTER.search(plain) else text
