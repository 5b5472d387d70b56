"""The real ears and the real voice, lent to one story: a town that closes at its end would otherwise take them from the next one."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

from accessibility.hearing import Ears, Heard
from accessibility.speaking import Container, Manner, Recording, Voice
from accessibility.speaking.voice import Pcm


@dataclass(frozen=True)
class LentEars:
    ears: Ears

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        return self.ears.hear(recording, language, hints)

    def stop(self) -> None:
        """They are only lent."""


@dataclass(frozen=True)
class LentVoice:
    voice: Voice

    def say(self, text: str, manner: Manner, container: Container) -> Recording:
        return self.voice.say(text, manner, container)

    def stream(self, text: str, manner: Manner) -> Iterator[bytes]:
        return self.voice.stream(text, manner)

    def sentences(self, text: str, manner: Manner) -> Generator[Pcm, None, None]:
        return self.voice.sentences(text, manner)

    def correct(self, readings: Mapping[str, str]) -> None:
        self.voice.correct(readings)

    def stop(self) -> None:
        """It is only lent."""
