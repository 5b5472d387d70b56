"""What a voice promises; without these names pages, bots and the command line would each speak in another way."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.float32]
Container = Literal["m4a", "ogg", "wav"]
MEDIA_TYPES: dict[Container, str] = {"m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav"}
RATE = 24_000


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is said. `speed` is the person's preference, 0.5 to 1.5; 0.9 is about five mora a second, as older listeners like it.

    `loud` lifts the voice by five decibels, as far as a recording can be loud without being torn.
    """

    language: str = "ja"
    speed: float = 0.9
    loud: bool = False

    def calm(self) -> Manner:
        """The same with the speed inside its bounds, in steps of 0.05, so that nearly equal wishes share one recording."""
        return replace(self, speed=round(min(max(self.speed, 0.5), 1.5) * 20) / 20)


@dataclass(frozen=True, slots=True)
class Recording:
    """A spoken text in a file's form. `duration_ms` is counted in samples, never guessed from the container."""

    content: bytes
    duration_ms: int
    container: Container

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.container]


class Voice(Protocol):
    """Speaks. The real one is speaking.Speaker, in a process of its own; speaking.Tone is an honest fake."""

    def say(self, text: str, manner: Manner, container: Container) -> Recording:
        """The whole text. Raises SpeakingError; the text is still there to read."""
        ...

    def stream(self, text: str, manner: Manner) -> Iterator[bytes]:
        """The whole text as OGG/Opus, piece by piece, the first as soon as the first words are ready."""
        ...

    def sentences(self, text: str, manner: Manner) -> Generator[Pcm, None, None]:
        """The same as sound, sentence by sentence, the first as soon as it is ready: 24 kHz, mono, -1 to 1.

        Close it when nobody listens any more: the rest is then not made, and the next answer need not wait for it.
        """
        ...

    def correct(self, readings: Mapping[str, str]) -> None:
        """From now on these readings (written -> hiragana), decided by staff, win over the town's list and every dictionary."""
        ...

    def stop(self) -> None:
        """Let the engine go."""
        ...
