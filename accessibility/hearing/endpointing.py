"""Finds where somebody speaks; without it silence, noise and music would be taken for words.

The judge is Silero's small network (an ONNX file that comes with faster-whisper): energy alone calls every fan and chime a voice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from .ears import RATE, Sound
from .errors import EarsOff, NobodySpoke, TooQuiet

FRAME: Final = 512
CONTEXT: Final = 64
ON: Final = 0.5
OFF: Final = 0.35
LEAST_SPEECH_S: Final = 0.16  # a short はい
AROUND_S: Final = 0.3
FAINT_DB: Final = -50.0
LIFT_DB: Final = -25.0
DROWNED_DB: Final = 12.0  # a clear voice is 25 dB and more above its own pauses
FRAME_S: Final = FRAME / RATE


@dataclass(frozen=True, slots=True)
class Speech:
    """Where somebody speaks in a recording, in seconds."""

    start_s: float
    end_s: float

    @property
    def seconds(self) -> float:
        return self.end_s - self.start_s


class SpeechFinder:
    """Silero. Loaded once; every call begins with an empty memory."""

    def __init__(self) -> None:
        import onnxruntime  # heavy: only where something is heard

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self._network: Any = onnxruntime.InferenceSession(str(_network_file()), options, providers=["CPUExecutionProvider"])

    def probabilities(self, sound: Sound) -> Sound:
        """How likely each 32 ms holds a voice. Each frame is judged with the last 4 ms of the one before."""
        frames = np.pad(sound, (0, -sound.size % FRAME)).astype(np.float32).reshape(-1, FRAME)
        before = np.zeros((len(frames), CONTEXT), dtype=np.float32)
        before[1:] = frames[:-1, -CONTEXT:]
        memory = np.zeros((1, 1, 128), dtype=np.float32)
        found, *_ = self._network.run(None, {"input": np.hstack([before, frames]), "h": memory, "c": memory})
        return np.asarray(found, dtype=np.float32).ravel()

    def stream(self) -> SpeechStream:
        """The same for sound that comes piece by piece."""
        return SpeechStream(self._network)


class SpeechStream:
    """Silero with a memory. Sound that does not fill a frame waits for the next piece."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self._left: Sound = np.zeros(0, dtype=np.float32)
        self._before = np.zeros(CONTEXT, dtype=np.float32)
        self._memory = (np.zeros((1, 1, 128), dtype=np.float32), np.zeros((1, 1, 128), dtype=np.float32))

    def probabilities(self, piece: Sound) -> list[float]:
        sound = np.concatenate([self._left, piece.astype(np.float32)])
        whole = sound.size // FRAME * FRAME
        self._left = sound[whole:]
        if not whole:
            return []
        frames = sound[:whole].reshape(-1, FRAME)
        before = np.vstack([self._before[None], frames[:-1, -CONTEXT:]])
        self._before = frames[-1, -CONTEXT:].copy()
        told = {"input": np.hstack([before, frames]), "h": self._memory[0], "c": self._memory[1]}
        found, *memory = self._network.run(None, told)
        self._memory = (memory[0], memory[1])
        return [float(one) for one in np.asarray(found).ravel()]


def speech_in(sound: Sound, finder: SpeechFinder) -> tuple[Speech, ...]:
    """The stretches with a voice, joined over the long pauses older people make. Raises NobodySpoke or TooQuiet."""
    level = _loudest_db(sound)
    lifted = sound if level > LIFT_DB else (sound * 10 ** ((LIFT_DB - max(level, FAINT_DB - 20)) / 20)).astype(np.float32)
    found = tuple(_stretches(finder.probabilities(lifted).tolist()))
    if sum(one.seconds for one in found) < LEAST_SPEECH_S:
        raise NobodySpoke()
    if level < FAINT_DB:
        raise TooQuiet()
    return found


def cut_to_speech(sound: Sound, found: tuple[Speech, ...]) -> Sound:
    """From a breath before the first word to a breath after the last; the pauses between stay as they are."""
    first, last = max(found[0].start_s - AROUND_S, 0), found[-1].end_s + AROUND_S
    return sound[int(first * RATE) : int(last * RATE)]


def drowned(spoken: Sound) -> bool:
    """Whether the surroundings are nearly as loud as the voice. `spoken` is what cut_to_speech gave."""
    size = RATE // 50
    frames = spoken[: spoken.size // size * size].reshape(-1, size).astype(np.float64)
    if len(frames) < 10:
        return False
    quiet, loud = np.percentile(10 * np.log10((frames**2).mean(axis=1) + 1e-12), (10, 90))
    return bool(loud - quiet < DROWNED_DB)


def _stretches(probabilities: Iterable[float]) -> Iterable[Speech]:
    speaking, began, frame = False, 0, -1
    for frame, probability in enumerate(probabilities):
        if not speaking and probability >= ON:
            speaking, began = True, frame
        elif speaking and probability < OFF:
            speaking = False
            yield Speech(began * FRAME_S, frame * FRAME_S)
    if speaking:
        yield Speech(began * FRAME_S, (frame + 1) * FRAME_S)


def _loudest_db(sound: Sound) -> float:
    """The level of the loudest tenth of a second."""
    size = RATE // 10
    frames = sound[: max(sound.size // size, 1) * size]
    frames = frames.reshape(-1, size) if frames.size % size == 0 else frames[None]
    return float(10 * np.log10(max((frames.astype(np.float64) ** 2).mean(axis=1).max(), 1e-12)))


def _network_file() -> Path:
    spec = find_spec("faster_whisper")
    if spec is None or spec.origin is None:
        raise EarsOff("Hearing needs the package 'faster-whisper'. docs/voice.md says how to switch hearing on.")
    return Path(spec.origin).parent / "assets" / "silero_vad_v6.onnx"
