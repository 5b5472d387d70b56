"""The ears of the platform; without it people who cannot type would stay outside.

Decoding and recognition happen in a process of its own with a bounded queue: a broken file or a slow model never holds up chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from accessibility.engine_process import EngineBroken, EngineError, EngineProcess, JobRefused

from .decoding import Limits
from .ears import Heard, Hypothesis
from .errors import REFUSALS, EarsAway, EarsOff, HearingError, NothingRecorded, NotUnderstood, RecordingTooLarge, RecordingTooLong

FACTORY: Final = "accessibility.hearing.whisper_engine:open_engine"
NEEDED: Final = ("whisper", "torch", "faster_whisper")
DOWNLOAD_S: Final = 600.0  # the first start may fetch the weights
TIMEOUT_S: Final = 45.0


class Listener:
    """Ears over openai-whisper. `model` is a published name (tiny, base, small, ...) or the path of a checkpoint; "" keeps hearing off."""

    def __init__(self, model: str, folder: Path, limits: Limits | None = None, most_waiting: int = 4, timeout_s: float = TIMEOUT_S) -> None:
        self._model, self._limits, self._timeout_s = model, limits or Limits(), timeout_s
        settings = {"model": model, "folder": str(folder), "limits": asdict(self._limits)}
        self._process = EngineProcess("hearing engine", FACTORY, settings, most_waiting, DOWNLOAD_S)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        self._check(recording)
        try:
            frames = list(self._process.ask({"language": language, "hints": list(hints)}, recording, self._timeout_s))
        except JobRefused as refused:
            raise _meant(refused) from refused
        except EngineBroken as broken:
            raise (EarsOff(_no_model(self._model)) if _cannot_load(broken) else EarsAway(str(broken))) from broken
        except EngineError as away:
            raise EarsAway(str(away)) from away
        return _heard(frames[-1][0])

    def stop(self) -> None:
        self._process.stop()

    def _check(self, recording: bytes) -> None:
        """What can be refused before the engine is troubled."""
        if not self._model:
            raise EarsOff("Hearing is off: WHISPER_MODEL is not set. docs/voice.md says how to switch it on.")
        missing = [name for name in NEEDED if find_spec(name) is None]
        if missing:
            raise EarsOff(f"Hearing needs {', '.join(missing)}. docs/voice.md says how to install them.")
        if not recording:
            raise NothingRecorded()
        if len(recording) > self._limits.size:
            raise RecordingTooLarge(self._limits.size)


def _cannot_load(broken: EngineBroken) -> bool:
    """How openai-whisper says that it has no such model, or cannot fetch it."""
    return broken.kind in ("RuntimeError", "URLError", "FileNotFoundError", "UnpicklingError")


def _no_model(model: str) -> str:
    name = Path(model).name
    return (
        f"The model '{name}' is not here and could not be fetched. Check WHISPER_MODEL and the network, or give the path of a checkpoint."
    )


def _heard(header: Mapping[str, Any]) -> Heard:
    return Heard(tuple(Hypothesis(**one) for one in header["hypotheses"]), header["language"], header["speech_s"])


def _meant(refused: JobRefused) -> HearingError:
    if refused.code == RecordingTooLong.code:
        return RecordingTooLong(refused.facts["most"])
    if refused.code == RecordingTooLarge.code:
        return RecordingTooLarge(refused.facts["most"])
    if refused.code == EarsOff.code:
        return EarsOff(refused.facts["why"])
    known = {kind.code: kind for kind in REFUSALS}
    return known.get(refused.code, NotUnderstood)()
