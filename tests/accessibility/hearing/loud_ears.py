"""An engine for tests, in a process of its own like the real one: takes everything loud for a voice and hears a word a second.

Settings: `stuck`, a file: while it is there, sound is never answered. A job without `stream` is a question, answered at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from accessibility.engine_process import Frame
from accessibility.hearing import RATE, Heard, NobodySpoke
from accessibility.hearing.ears import Sound
from accessibility.hearing.streams import CaptionLines, Streams

VOICE = 0.15
FRAME = 512
WORDS = ("ただいまから", "盆踊りを", "はじめます", "太鼓を", "どうぞ")


class LoudIsVoice:
    """Takes everything loud for a voice: the streams are under test, not Silero."""

    def __init__(self) -> None:
        self._left = np.zeros(0, np.float32)

    def probabilities(self, piece: Sound) -> list[float]:
        sound = np.concatenate([self._left, piece])
        whole = sound.size // FRAME * FRAME
        self._left = sound[whole:]
        return [float(np.abs(frame).max() > VOICE) for frame in sound[:whole].reshape(-1, FRAME)]


def words_by_length(*words: str, confidence: float = 1.0) -> Callable[[Sound], Heard]:
    """Ears that hear one word more for every second of voice."""

    def heard(sound: Sound) -> Heard:
        seconds = float((np.abs(sound) > VOICE).mean() * sound.size / RATE) if sound.size else 0.0
        if seconds < 0.3:
            raise NobodySpoke()
        return Heard.of("".join(words[: max(round(seconds), 1)]), confidence)

    return heard


def open_engine(settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    streams, stuck = Streams(), Path(settings["stuck"])

    def work(job: dict[str, Any], body: bytes) -> Iterator[Frame]:
        if "stream" not in job:
            yield {"heard": "ソファを捨てたい"}, b""
            return
        while stuck.exists():
            time.sleep(0.02)
        yield from streams.work(job, body, lambda: CaptionLines(LoudIsVoice(), words_by_length(*WORDS)))  # type: ignore[arg-type]  # a fake

    return work
