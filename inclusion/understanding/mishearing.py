"""Writes questions down as a speech recogniser might mishear them; without it robustness to speech would be a guess.

A noun is written with other signs of the same reading (掃除機 as 草時期), or loses its voicing, a long vowel or a small っ. The same text
and seed always give the same noise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from accessibility import Readings, Word

from .evaluation import Wanted
from .grammar import HAN
from .normalising import fold_kana
from .sentence import read
from .sounds import VOICED, VOICELESS

LONGEST_PIECE = 3
SHORTEST_NOUN = 3  # kana; a shorter word misheard is another word
SLIP = 0.3  # how often the sound itself is changed before it is written down


class Mishearing:
    """Knows which signs are read alike, from a list of words people use here."""

    def __init__(self, words: Iterable[str], readings: Readings) -> None:
        self._readings = readings
        self._spelled: dict[str, list[str]] = {}
        signs = sorted({sign for word in words for sign in word if HAN.match(sign)})
        for sign in signs:
            for kana in readings.all_readings(sign):
                if len(kana) <= LONGEST_PIECE:
                    self._spelled.setdefault(kana, []).append(sign)

    def misheard(self, text: str, seed: int = 0) -> str:
        """The text with one of its nouns misheard; as it is where no noun can be."""
        chance = Random(f"{seed}{text}")
        sentence = read(text, self._readings)
        nouns = [word for word in sentence.words if word.is_noun and len(word.reading) >= SHORTEST_NOUN and not word.surface.isdigit()]
        chance.shuffle(nouns)
        for noun in nouns:
            written = self._written(noun, chance)
            if written is not None and written != noun.surface:
                return sentence.text[: noun.start] + written + sentence.text[noun.end :]
        return text

    def of(self, wanted: Iterable[Wanted], seed: int = 0) -> tuple[Wanted, ...]:
        """The same labelled questions, each misheard once; earlier turns stay as they were."""
        return tuple(replace(one, q=self.misheard(one.q, seed), kind=f"{one.kind}+noise") for one in wanted)

    def _written(self, noun: Word, chance: Random) -> str | None:
        sound = fold_kana(noun.reading)
        if chance.random() < SLIP:
            sound = _slipped(sound, chance)
        return self._in_signs(sound, chance) if HAN.search(noun.surface) else sound

    def _in_signs(self, sound: str, chance: Random) -> str | None:
        """The sound cut into pieces that some sign is read as, long pieces first; None where a piece has none."""
        written, at = "", 0
        while at < len(sound):
            piece = next((sound[at : at + size] for size in range(LONGEST_PIECE, 0, -1) if sound[at : at + size] in self._spelled), None)
            if piece is None:
                return None
            written += chance.choice(self._spelled[piece])
            at += len(piece)
        return written


def _slipped(sound: str, chance: Random) -> str:
    """One change of sound that ears make: voiced for voiceless or the other way, a long vowel or a small っ lost."""
    places = [at for at, sign in enumerate(sound) if at and sign in VOICED + VOICELESS + "ーっ"]
    if not places:
        return sound
    at = chance.choice(places)
    sign = sound[at]
    if sign in "ーっ":
        return sound[:at] + sound[at + 1 :]
    other = VOICELESS[VOICED.index(sign)] if sign in VOICED else VOICED[VOICELESS.index(sign)]
    return sound[:at] + other + sound[at + 1 :]
