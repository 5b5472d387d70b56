"""The two ways from sound to words: published weights write by themselves, the town's own ears hear sounds and know the town's words."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from .confidence import believable, confidence_of, tidied
from .ears import Sound
from .kana_reader import KanaReader, Way
from .recogniser import Encoder, Recogniser


class Mind(Protocol):
    """`drowned_below`: of a voice in loud surroundings, hearings less sure than this are not to be believed."""

    drowned_below: float

    def ways(self, sound: Sound, language: str, hints: tuple[str, ...], speech_s: float) -> list[Way]:
        """Believable ways of hearing `sound`, the likeliest first; none when nothing was made out."""
        ...


class PublishedMind:
    """Guards around a recogniser: Whisper's own gate lets confident inventions pass."""

    drowned_below = 0.3  # not measured: only what nobody would believe anyway

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser

    def ways(self, sound: Sound, language: str, hints: tuple[str, ...], speech_s: float) -> list[Way]:
        guesses = [replace(guess, text=tidied(guess.text)) for guess in self._recogniser.recognise(sound, language, hints)]
        kept = [guess for guess in guesses if believable(guess, speech_s)]
        found: dict[str, Way] = {}
        for place, guess in enumerate(kept):
            rival = kept[1 - place] if place < 2 and len(kept) > 1 else None
            found.setdefault(guess.text, Way(guess.text, "", confidence_of(guess, rival)))
        return list(found.values())


class TownMind:
    """Japanese only, and synthetic voices only: see docs/voice.md."""

    drowned_below = 0.7  # below it 150 of 206 hearings of drowned questions fell, of which 13 were right; above it 42 of 51 were

    def __init__(self, encoder: Encoder, reader: KanaReader) -> None:
        self._encoder, self._reader = encoder, reader

    def ways(self, sound: Sound, language: str, hints: tuple[str, ...], speech_s: float) -> list[Way]:
        return self._reader.ways(self._encoder.encode(sound), speech_s)
