"""What a finding about a text is; the strict rules and the advice both speak in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

KANJI: Final = r"[㐀-鿿々]"


@dataclass(frozen=True, slots=True)
class Finding:
    """One hard spot: the words, why they are hard, what to write instead. `strict` findings keep a text from being published."""

    rule: str
    words: str
    sentence: str
    suggestion: str
    strict: bool

    def __str__(self) -> str:
        mark = "✗" if self.strict else "・"
        return f"{mark} 「{self.words}」 {self.suggestion}（{self.rule}）"


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    pattern: re.Pattern[str]
    suggestion: str
    strict: bool = True
