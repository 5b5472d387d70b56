"""The few signs the ears write, out of Whisper's 51,865; without it nine tenths of a small network would be an unused dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

LANGUAGE: Final = "ja"
VOCABULARY: Final = 51_865  # of Whisper's multilingual tokenizer
KANA: Final = (*(chr(code) for code in range(ord("ぁ"), ord("ゔ") + 1)), "ー")
LAST_TIMESTAMP: Final = 30.0
STEP_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Signs:
    """`whole` maps a small number to Whisper's; the last small number stands for every sign never written."""

    whole: tuple[int, ...]
    small: dict[int, int]
    spelled: dict[str, tuple[int, ...]]
    start: tuple[int, ...]  # <|startoftranscript|><|ja|><|transcribe|>
    no_timestamps: int
    first_timestamp: int
    no_speech: int
    end: int

    @property
    def unused(self) -> int:
        return len(self.whole)

    def kana(self, text: str) -> tuple[int, ...]:
        return tuple(number for sign in text for number in self.spelled[sign])

    def timestamp(self, seconds: float) -> int:
        return self.first_timestamp + round(min(seconds, LAST_TIMESTAMP) / STEP_S)


def whisper_signs() -> Signs:
    """All in small numbers. Kana are written sign by sign: the tokenizer's longer pieces would have to be learned one by one."""
    from whisper.tokenizer import get_tokenizer  # optional and heavy

    tokens: Any = get_tokenizer(True, language=LANGUAGE, task="transcribe")
    spelled: dict[str, Sequence[int]] = {sign: tokens.encode(sign) for sign in KANA}
    stamps = range(tokens.timestamp_begin, tokens.timestamp_begin + 1501)
    special = (*tokens.sot_sequence, tokens.no_timestamps, tokens.no_speech, tokens.eot)
    whole = tuple(dict.fromkeys((*special, *(number for numbers in spelled.values() for number in numbers), *stamps)))
    small = {number: place for place, number in enumerate(whole)}
    return Signs(
        whole,
        small,
        {sign: tuple(small[number] for number in numbers) for sign, numbers in spelled.items()},
        tuple(small[number] for number in tokens.sot_sequence),
        small[tokens.no_timestamps],
        small[tokens.timestamp_begin],
        small[tokens.no_speech],
        small[tokens.eot],
    )
