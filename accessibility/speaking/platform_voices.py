"""The voices that come with Windows (SAPI) and macOS (NSSpeech); without it a town that likes its computer's own voice could not use it.

pyttsx3 brings both drivers. Neither exists on Linux, so what is proved there is the choosing and the reading of what they write, not their
sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from .voice import RATE, Pcm

DRIVERS: Final[Mapping[str, str]] = {"win32": "sapi5", "darwin": "nsss"}
WORDS_A_MINUTE: Final[Mapping[str, float]] = {"ja": 170.0}  # as these drivers count; other languages 150


def driver_of(platform: str) -> str:
    """The driver of `sys.platform`; "" where the platform has no voices of its own."""
    return DRIVERS.get(platform, "")


def voice_for(voices: Iterable[Any], language: str) -> str | None:
    """The id of the first voice that speaks `language`; None where there is none, and our own voice speaks."""
    wanted = language.split("-")[0].lower()
    for voice in voices:
        spoken = [str(one, "ascii", "ignore") if isinstance(one, bytes) else str(one) for one in voice.languages]
        if any(one.strip("\x05").replace("_", "-").lower().startswith(wanted) for one in spoken):
            return str(voice.id)
    return None


def read_sound(file: Path) -> tuple[Pcm, int]:
    """What a driver wrote: WAV from SAPI, AIFF from macOS whatever the file is called."""
    with av.open(str(file)) as opened:
        resampler = av.AudioResampler("flt", "mono", RATE)
        parts = [part.to_ndarray()[0] for frame in opened.decode(audio=0) for part in resampler.resample(frame)]
        parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    return np.concatenate(parts).astype(np.float32), RATE
