"""An honest stand-in for a voice: a hum as long as the words would be; without it every test that needs sound would load an engine."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from .containers import recorded
from .errors import NothingToSay
from .script import sentences_to_say
from .sound import joined, spaced
from .voice import RATE, Container, Manner, Pcm, Recording

LETTERS_A_SECOND = 5.0


@dataclass
class Tone:
    """A Voice that hums and remembers what it was asked to say."""

    said: list[tuple[str, Manner, str]] = field(default_factory=list)
    corrections: dict[str, str] = field(default_factory=dict)

    def say(self, text: str, manner: Manner, container: Container) -> Recording:
        self.said.append((text, manner, container))
        parts = sentences_to_say(text, manner.language)
        return recorded(joined(spaced(zip(parts, self.sentences(text, manner), strict=True))), container)

    def stream(self, text: str, manner: Manner) -> Iterator[bytes]:
        yield self.say(text, manner, "ogg").content

    def sentences(self, text: str, manner: Manner) -> Generator[Pcm, None, None]:
        parts = sentences_to_say(text, manner.language)
        if not parts:
            raise NothingToSay()
        for part in parts:
            seconds = len(part) / LETTERS_A_SECOND / manner.speed
            yield (0.2 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)

    def correct(self, readings: Mapping[str, str]) -> None:
        self.corrections = dict(readings)

    def stop(self) -> None:
        """Nothing runs."""
