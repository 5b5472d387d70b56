"""The voice of the platform; without it a resident who cannot read the screen would be left with silence.

Synthesis happens in a process of its own with a bounded queue: chat never waits for it, and a crash in there costs one recording.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final

import numpy as np

from accessibility.engine_process import EngineError, EngineProcess, JobRefused

from .errors import NothingToSay, SpeakingError, TooLongToSay, VoiceAway, VoiceMissing
from .script import MOST_LETTERS
from .voice import Container, Manner, Pcm, Recording

FACTORY: Final = "accessibility.speaking.engine:open_engine"
VERSION: Final = "open-jtalk-mei-4"  # part of every cache key: raise it when the same words would sound different


class Speaker:
    """A Voice. `names` are the town's own readings and win over every dictionary. Safe to share between threads.

    `own` is the platform's own driver (platform_voices.driver_of) where its voices are wanted.
    """

    def __init__(self, names: Mapping[str, str] | None = None, most_waiting: int = 8, timeout_s: float = 30.0, own: str = "") -> None:
        self._process = EngineProcess("speaking engine", FACTORY, {"names": dict(names or {}), "own": own}, most_waiting)
        self._timeout_s = timeout_s
        self._corrections: Mapping[str, str] = {}

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def say(self, text: str, manner: Manner, container: Container) -> Recording:
        frames = list(self._asked(text, manner, container))
        content = b"".join(piece for _, piece in frames)
        return Recording(content, frames[-1][0]["duration_ms"], container)

    def stream(self, text: str, manner: Manner) -> Iterator[bytes]:
        return (piece for _, piece in self._asked(text, manner, "ogg") if piece)

    def sentences(self, text: str, manner: Manner) -> Generator[Pcm, None, None]:
        for _, sound in self._asked(text, manner, "pcm"):
            yield np.frombuffer(sound, dtype=np.float32)

    def wake(self) -> None:
        """Load the engine now (a second), so that the first answer is not the one to wait for it."""
        try:
            self._process.wake()
        except EngineError as away:
            raise VoiceAway(str(away)) from away

    def correct(self, readings: Mapping[str, str]) -> None:
        self._corrections = dict(readings)

    def stop(self) -> None:
        self._process.stop()

    def _asked(self, text: str, manner: Manner, container: str) -> Iterator[tuple[dict[str, Any], bytes]]:
        if len(text) > MOST_LETTERS:
            raise TooLongToSay(MOST_LETTERS)
        calm = manner.calm()
        job = {"text": text, "language": calm.language, "speed": calm.speed, "loud": calm.loud, "container": container}
        if self._corrections:
            job["readings"] = self._corrections
        try:
            yield from self._process.ask(job, timeout_s=self._timeout_s)
        except JobRefused as refused:
            raise _meant(refused) from refused
        except EngineError as away:
            raise VoiceAway(str(away)) from away


def _meant(refused: JobRefused) -> SpeakingError:
    if refused.code == "missing":
        return VoiceMissing(refused.facts["package"])
    return TooLongToSay(MOST_LETTERS) if refused.code == "long" else NothingToSay()
