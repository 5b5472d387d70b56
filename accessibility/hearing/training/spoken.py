"""A text as it sounds: kana to write, phonemes to align, kana for espeak-ng; without it the ears could not learn what to write."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from accessibility.open_jtalk import MARKS, OpenJTalk

NOT_KANA: Final = re.compile("[^ぁ-ゔー]")
PHONEME: Final = re.compile(r"-([^+]+)\+")
PHONEMES: Final = (
    *[
        "a",
        "i",
        "u",
        "e",
        "o",
        "N",
        "cl",
        "pau",
        "k",
        "ky",
        "kw",
        "g",
        "gy",
        "gw",
        "s",
        "sh",
        "z",
        "j",
        "t",
        "ty",
        "ts",
        "ch",
        "d",
        "dy",
        "n",
        "ny",
        "h",
        "hy",
        "f",
        "b",
        "by",
        "p",
        "py",
        "m",
        "my",
        "y",
        "r",
        "ry",
        "w",
        "v",
    ],
    *["A", "I", "U", "E", "O"],  # devoiced vowels
)
# 0 is silence.
NUMBER_OF: Final = {phoneme: place for place, phoneme in enumerate(PHONEMES, 1) if phoneme != "pau"} | {"pau": 0}
ROWS: Final = (
    ("ア", "アカガサザタダナハバパマヤラワァャ"),
    ("イ", "イキギシジチヂニヒビピミリィ"),
    ("ウ", "ウクグスズツヅヌフブプムユルゥュ"),
    ("エ", "エケゲセゼテデネヘベペメレェ"),
    ("オ", "オコゴソゾトドノホボポモヨロヲォョ"),
)
VOWELS: Final = {sign: vowel for vowel, row in ROWS for sign in row}


@dataclass(frozen=True, slots=True)
class Spoken:
    """`kana` is what the ears shall write, `sounds` what espeak-ng is fed with, `labels` what Open JTalk is fed with."""

    kana: str
    phonemes: tuple[str, ...]
    sounds: str
    labels: tuple[str, ...]


class Speller:
    """Open JTalk's front end."""

    def __init__(self) -> None:
        self._reader = OpenJTalk()
        import pyopenjtalk  # heavy, present now

        self._engine: Any = pyopenjtalk
        self._sudachi = find_spec("sudachidict_core") is not None  # it corrects a few readings; a machine lent for teaching may lack it

    def spoken(self, text: str) -> Spoken | None:
        """None for what has a part without kana, such as foreign letters the dictionary cannot read, or rare kanji where Sudachi's
        dictionary, which would be asked then, is not installed.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                kana = self.kana(text)
                words = self._engine.run_frontend(text, use_sudachi_kanji_yomi=self._sudachi)
                labels = self._engine.make_label(words)
        except ModuleNotFoundError:
            if self._sudachi:
                raise
            return None
        phonemes = [found[1] for label in labels if (found := PHONEME.search(label))]
        phonemes = [one for one in phonemes if one not in ("sil", "xx")]
        if not kana or NOT_KANA.search(kana) or any(one not in PHONEMES for one in phonemes):
            return None
        sounds = "".join(MARKS.sub("", word["pron"]) for word in words)
        return Spoken(kana, tuple(phonemes), drawn_out(sounds), tuple(labels))

    def kana(self, text: str) -> str:
        return re.sub(r"[、。，．！？!?・\s「」『』]+", "", self._reader.sounds(text))


def drawn_out(katakana: str) -> str:
    """ー as the vowel before it: espeak-ng does not know the sign. テスーリョー -> テスウリョオ."""
    signs: list[str] = []
    for sign in katakana:
        signs.append(VOWELS.get(signs[-1], sign) if sign == "ー" and signs else sign)
    return "".join(signs)
