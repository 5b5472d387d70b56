"""What a spoken question would cost with weights of the published sizes: random ones, engine beside engine; accuracy is not looked at.

Random weights never end a sentence: they are stopped after as many signs as the question has (six a second; published weights are sure
and look once). `HEARING_SIZES=tiny,base` measures fewer, `HEARING_TIMES=2` less often, `HEARING_ENGINES=ctranslate2` one engine.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from accessibility.hearing import recogniser, whisper_engine
from accessibility.hearing.ears import RATE, Sound
from accessibility.hearing.engine import CTRANSLATE2, WHISPER, open_mind
from accessibility.hearing.errors import HearingError
from accessibility.hearing.minds import Mind
from accessibility.hearing.training.speakers import resampled
from accessibility.speaking import RATE as SPOKEN_RATE
from accessibility.speaking import Manner, Speaker
from inclusion.expecting import expected_words
from inclusion.municipalities import Town, load_town
from inclusion.turn import Memory, take_turn
from inclusion.understanding import Understanding
from inclusion.web.town_voice import town_speaker

TEXT = "ソファーを捨てたいんですが。"
SIZES: Mapping[str, tuple[int, int, int]] = {"tiny": (384, 6, 4), "base": (512, 8, 6), "small": (768, 12, 12)}  # width, heads, layers
TIMES = int(os.environ.get("HEARING_TIMES", "5"))
ENGINES = os.environ.get("HEARING_ENGINES", f"{WHISPER},{CTRANSLATE2}").split(",")
NO_WORDS: Mapping[str, Any] = {"words": [], "phrases": []}
NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def measure() -> Mapping[str, object]:
    """Milliseconds for one question, warm: hearing it (wall, CPU), and from its end-point to the first sound of the answer."""
    wanted = os.environ.get("HEARING_SIZES", ",".join(SIZES)).split(",")
    town = load_town("chiyoda")
    talk = Talk(town, Understanding.of(town), town_speaker(town))
    talk.speaker.wake()
    with tempfile.TemporaryDirectory() as folder, _as_sure_as_published():
        try:
            sound = talk.question()
            sizes = {name: _both(random_checkpoint(name, Path(folder)), Path(folder), sound, talk) for name in wanted}
        finally:
            talk.speaker.stop()
    return {"seconds_of_speech": round(sound.size / RATE, 1), "load": round(os.getloadavg()[0], 1), **sizes}


@dataclass
class Talk:
    """What follows on hearing: understanding the question as it was typed, and speaking the answer."""

    town: Town
    understanding: Understanding
    speaker: Speaker
    times: int = 0

    def question(self) -> Sound:
        return resampled(np.concatenate(list(self.speaker.sentences(TEXT, Manner()))), SPOKEN_RATE, RATE)

    def first_sound(self) -> None:
        self.times += 1
        turn = take_turn(TEXT, Memory(), self.town, self.understanding, NOW)
        next(iter(self.speaker.stream(f"{self.times}番。{turn.rendered.spoken}", Manner())))  # words never said before


@contextmanager
def _as_sure_as_published() -> Iterator[None]:
    kept = recogniser.SIGNS_A_SECOND, recogniser.SIGNS_AT_LEAST, whisper_engine.SECOND_LOOK
    recogniser.SIGNS_A_SECOND, recogniser.SIGNS_AT_LEAST, whisper_engine.SECOND_LOOK = 6, 2, ()  # type: ignore[misc, assignment]  # for this measure
    try:
        yield
    finally:
        recogniser.SIGNS_A_SECOND, recogniser.SIGNS_AT_LEAST, whisper_engine.SECOND_LOOK = kept  # type: ignore[misc]  # as above


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


def _both(checkpoint: Path, folder: Path, sound: Sound, talk: Talk) -> Mapping[str, Mapping[str, float]]:
    return {engine: _cost(open_mind(str(checkpoint), folder, engine, NO_WORDS), sound, talk) for engine in ENGINES}


def _cost(mind: Mind, sound: Sound, talk: Talk) -> Mapping[str, float]:
    hints = expected_words(Memory(), talk.town)

    def hear() -> None:
        mind.ways(sound, "ja", (), sound.size / RATE)

    def hear_told() -> None:
        mind.ways(sound, "ja", hints, sound.size / RATE)

    def answered() -> None:
        hear_told()
        talk.first_sound()

    _once(answered)
    plain = [_once(hear) for _ in range(TIMES)]
    begun = _cpu()
    told = [_once(hear_told) for _ in range(TIMES)]
    cpu_ms = 1000 * (_cpu() - begun) / TIMES
    waits = sorted(_once(answered) for _ in range(2 * TIMES))
    return {
        "without_a_prompt_p50_ms": round(median(plain)),
        "hearing_p50_ms": round(median(told)),
        "hearing_cpu_ms": round(cpu_ms),
        "end_point_to_first_sound_p50_ms": round(median(waits)),
        "end_point_to_first_sound_worst_ms": round(waits[-1]),
    }


def _once(hear: Callable[[], None]) -> float:
    began = time.perf_counter()
    with suppress(HearingError):  # nothing that could be believed: the work was done all the same
        hear()
    return 1000 * (time.perf_counter() - began)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
