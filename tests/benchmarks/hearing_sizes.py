"""What hearing would cost with weights of the published sizes: random ones, engine beside engine; accuracy is not looked at.

`HEARING_SIZES=tiny,base` measures fewer.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from statistics import median

import numpy as np

from accessibility.hearing.ears import RATE, Sound
from accessibility.hearing.engine import CTRANSLATE2, WHISPER, open_mind
from accessibility.hearing.errors import HearingError
from accessibility.hearing.training.speakers import resampled
from accessibility.speaking import RATE as SPOKEN_RATE
from accessibility.speaking import Manner, Speaker

SIZES: Mapping[str, tuple[int, int, int]] = {"tiny": (384, 6, 4), "base": (512, 8, 6), "small": (768, 12, 12)}  # width, heads, layers
TIMES = 3


def measure() -> Mapping[str, object]:
    """Wall and CPU milliseconds for one question, warm. Random weights write until they are cut off: a worst case."""
    wanted = os.environ.get("HEARING_SIZES", ",".join(SIZES)).split(",")
    sound = _question()
    with tempfile.TemporaryDirectory() as folder:
        return {
            "seconds_of_speech": round(sound.size / RATE, 1),
            **{name: _both(random_checkpoint(name, Path(folder)), Path(folder), sound) for name in wanted},
        }


def _question() -> Sound:
    speaker = Speaker()
    try:
        spoken = np.concatenate(list(speaker.sentences("ソファーを捨てたいんですが。", Manner())))
    finally:
        speaker.stop()
    return resampled(spoken, SPOKEN_RATE, RATE)


def random_checkpoint(name: str, folder: Path) -> Path:
    """A checkpoint in openai-whisper's form, as large as the published one of that name, with random weights."""
    import torch  # only for benchmarks of weights that need it
    import whisper

    width, heads, layers = SIZES[name]
    torch.manual_seed(1)
    dims = whisper.model.ModelDimensions(80, 1500, width, heads, layers, 51865, 448, width, heads, layers)
    weights = whisper.model.Whisper(dims).half().state_dict()
    weights["decoder.token_embedding.weight"] *= 0.02  # as such weights begin: no sign is surer than another
    file = folder / f"{name}.pt"
    torch.save({"dims": dims.__dict__, "model_state_dict": weights}, file)
    return file


def _both(checkpoint: Path, folder: Path, sound: Sound) -> Mapping[str, Mapping[str, float]]:
    return {engine: _cost(checkpoint, folder, engine, sound) for engine in (WHISPER, CTRANSLATE2)}


def _cost(checkpoint: Path, folder: Path, engine: str, sound: Sound) -> Mapping[str, float]:
    mind = open_mind(str(checkpoint), folder, engine, {"words": [], "phrases": []})

    def hear() -> None:
        mind.ways(sound, "ja", (), sound.size / RATE)

    _once(hear)
    walls, cpu = [_once(hear) for _ in range(TIMES)], _cpu()
    _once(hear)
    return {"p50_ms": round(median(walls)), "cpu_ms": round(1000 * (_cpu() - cpu))}


def _once(hear: Callable[[], None]) -> float:
    began = time.perf_counter()
    with suppress(HearingError):  # nothing that could be believed: the work was done all the same
        hear()
    return 1000 * (time.perf_counter() - began)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
