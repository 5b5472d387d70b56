"""Whisper's numbers as text and back, without torch; without it CTranslate2 would give numbers and the prompt could not be given at all."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from .errors import EarsOff
from .recogniser import prompt_of

END, START, FIRST_LANGUAGE = 50_257, 50_258, 50_259
LANGUAGE_PLACES: Final = {"en": 0, "zh": 1, "ko": 5, "ja": 7}
MULTILINGUAL: Final = 51_865
PIECES: Final = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


class PublishedWording:
    """All of Whisper's signs, from the file inside openai-whisper; that package is not imported, because it would import torch."""

    def __init__(self, vocabulary: int) -> None:
        import tiktoken  # optional: only for published weights

        ranks = dict(_rank(line) for line in _signs_file().read_text(encoding="ascii").splitlines() if line)
        self._encoding: Any = tiktoken.Encoding("whisper", pat_str=PIECES, mergeable_ranks=ranks, special_tokens={})
        self._vocabulary = vocabulary

    def start(self, language: str, hints: Sequence[str]) -> list[int]:
        prompt = prompt_of(hints, language, self._encoding.encode)
        before = [_previous(self._vocabulary), *prompt] if prompt else []
        return [*before, START, FIRST_LANGUAGE + LANGUAGE_PLACES.get(language, LANGUAGE_PLACES["ja"]), *_task(self._vocabulary)]

    def text(self, signs: Sequence[int]) -> str:
        return str(self._encoding.decode([sign for sign in signs if sign < END], errors="ignore"))

    def never(self) -> list[int]:
        """As openai-whisper: what opens a text or a task, and brackets and notes, where one sign stands for them."""
        marks = [*'"#()*+/:;<=>@[\\]^_`{|}~「」『』♪♩♫♬♭♮♯', "<<", ">>", "((", "))", "♪♪"]
        found = (self._encoding.encode(way) for mark in marks for way in (mark, " " + mark))
        return sorted({*_opening(self._vocabulary), *(signs[0] for signs in found if len(signs) == 1)})


def _task(vocabulary: int) -> list[int]:
    """<|transcribe|><|notimestamps|>; large-v3 has one language more, and all after it moved up."""
    more = vocabulary - MULTILINGUAL
    return [50_359 + more, 50_363 + more]


def _opening(vocabulary: int) -> list[int]:
    """<|startoftranscript|>, <|translate|>, <|transcribe|>, <|startoflm|>, <|startofprev|>, <|nospeech|>."""
    more = vocabulary - MULTILINGUAL
    return [START, *(sign + more for sign in range(50_358, 50_363))]


def _previous(vocabulary: int) -> int:
    return 50_361 + vocabulary - MULTILINGUAL


def _rank(line: str) -> tuple[bytes, int]:
    sign, number = line.split()
    return base64.b64decode(sign), int(number)


def _signs_file() -> Path:
    spec = find_spec("whisper")
    if spec is None or spec.origin is None:
        raise EarsOff("Published Whisper weights need the package 'openai-whisper'. docs/voice.md says how it is installed.")
    return Path(spec.origin).parent / "assets" / "multilingual.tiktoken"
