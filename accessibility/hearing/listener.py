"""The ears of the platform; without it people who cannot type would stay outside.

Decoding and recognition happen in a process of its own with a bounded queue: a broken file or a slow model never holds up chat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from accessibility.engine_process import EngineError, EngineProcess, JobRefused

from .decoding import Limits
from .ears import Heard
from .errors import EarsAway, EarsOff, NothingRecorded, RecordingTooLarge, refusal_of
from .listening import ListeningStream, heard_from
from .weights import TOWN

FACTORY: Final = "accessibility.hearing.engine:open_engine"
NEEDED: Final = ("ctranslate2", "faster_whisper", "av")
DOWNLOAD_S: Final = 2 * 3600.0  # the first start may fetch the weights: 0.5 GB on a village line
TIMEOUT_S: Final = 20.0  # shorter than the patience with a voice message: ears that hang are found out at its first try


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may be said here, as (kana, written): `words` name things, `phrases` stand around them. The likelier first. `everyday` words
    mean nothing here, `endings` follow them.
    """

    words: tuple[tuple[str, str], ...] = ()
    phrases: tuple[tuple[str, str], ...] = ()
    everyday: tuple[tuple[str, str], ...] = ()
    endings: tuple[tuple[str, str], ...] = ()


def open_hearing(
    model: str,
    folder: Path,
    limits: Limits | None = None,
    most_waiting: int = 4,
    vocabulary: Callable[[], Vocabulary] = Vocabulary,
    engine: str = "",
    background: bool = False,
) -> EngineProcess:
    """A hearing process, not started yet: for a Listener, or for captions. `background`: whoever asks a question goes first."""
    settings = {"model": model, "folder": str(folder), "limits": asdict(limits or Limits()), "engine": engine, "background": background}
    return EngineProcess("hearing engine", FACTORY, lambda: {**settings, "vocabulary": asdict(vocabulary())}, most_waiting, DOWNLOAD_S)


class Listener:
    """Ears over Whisper, in a process of their own. `vocabulary` is asked for when the engine starts.

    `model`: "town" (the ears that come with the platform), a published name (tiny, base, small, ...) or the path of a checkpoint; "" keeps
    hearing off. `engine`: "openai-whisper", "ctranslate2" or "": the first where torch is, else the second.
    """

    def __init__(
        self,
        model: str,
        folder: Path,
        limits: Limits | None = None,
        most_waiting: int = 4,
        timeout_s: float = TIMEOUT_S,
        vocabulary: Callable[[], Vocabulary] = Vocabulary,
        engine: str = "",
    ) -> None:
        self._model, self._limits, self._timeout_s = model, limits or Limits(), timeout_s
        self._process = open_hearing(model, folder, self._limits, most_waiting, vocabulary, engine)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        self._check(recording)
        if self._model == TOWN and language != "ja":
            raise EarsOff("The town's own ears know Japanese only. Set WHISPER_MODEL=small for other languages, or type.")
        try:
            frames = list(self._process.ask({"language": language, "hints": list(hints)}, recording, self._timeout_s))
        except JobRefused as refused:
            raise refusal_of(refused.code, refused.facts) from refused
        except EngineError as away:
            raise EarsAway(str(away)) from away
        return heard_from(frames[-1][0])

    def stream(self, language: str = "ja", hints: tuple[str, ...] = ()) -> ListeningStream:
        """Hands-free talk: sound in as it comes, events out."""
        return ListeningStream(self._process, language, hints)

    def wake(self) -> None:
        """Start the engine beside the first answer, so that the first speaker need not wait for it. Raises HearingError."""
        if not self._model:
            return
        try:
            self._process.wake()
        except JobRefused as refused:
            raise refusal_of(refused.code, refused.facts) from refused
        except EngineError as away:
            raise EarsAway(str(away)) from away

    def stop(self) -> None:
        self._process.stop()

    def _check(self, recording: bytes) -> None:
        """What can be refused before the engine is troubled."""
        if not self._model:
            raise EarsOff("Hearing is switched off here (WHISPER_MODEL=off).")
        missing = [name for name in NEEDED if find_spec(name) is None]
        if missing:
            raise EarsOff(f"Hearing needs {', '.join(missing)}. docs/voice.md says how to install them.")
        if not recording:
            raise NothingRecorded()
        if len(recording) > self._limits.size:
            raise RecordingTooLarge(self._limits.size)
