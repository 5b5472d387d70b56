"""How far a guess may be believed; without it an engine's certainty, which knows no doubt, would be taken for ours."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

from .recogniser import Guess

# What Whisper says to itself when it hears nothing: learned from the ends of videos. Dropped when hardly anybody spoke.
PHANTOMS: Final = re.compile(
    r"(?:ご視聴|ご清聴)?ありがとうございま(?:した|す)|チャンネル登録.*|おやすみなさい|字幕.*|thank you(?: for watching)?|bye", re.I
)
SHORT_SPEECH_S: Final = 0.6
NO_SPEECH_AT: Final = 0.6
REPEATED_AT: Final = 2.4  # gzip ratio above which a text goes round in circles
LETTERS_A_SECOND: Final = 16.0  # nobody speaks Japanese faster than this
LONGEST_TEXT: Final = 200
NEAR: Final = 0.35  # how much less likely (mean log) another reading must be not to trouble us


def believable(guess: Guess, speech_s: float) -> bool:
    """Whether this can have been said. `no_speech` alone decides: Whisper's own gate asks for doubt too, and inventions have none."""
    text = guess.text
    if not re.search(r"\w", text) or guess.no_speech > NO_SPEECH_AT or guess.compression > REPEATED_AT:
        return False
    if speech_s < SHORT_SPEECH_S and PHANTOMS.fullmatch(text.strip("。.!！ ")):
        return False
    return len(text) <= min(LONGEST_TEXT, 6 + LETTERS_A_SECOND * speech_s)


def confidence_of(guess: Guess, rival: Guess | None) -> float:
    """0 to 1: how likely its signs are, less where another hearing is nearly as likely."""
    sure = math.exp(guess.logprob * 2)
    if rival is not None:
        sure *= 0.5 + 0.5 * min(max(guess.logprob - rival.logprob, 0.0) / NEAR, 1.0)
    return round(sure, 3)


def tidied(text: str) -> str:
    """NFKC, one line, without the spaces Whisper puts between Japanese words."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", re.sub(r"\s+", " ", plain)).strip()
