"""Speaks through pyttsx3, whichever language is wanted; without it each engine would need code of its own.

Run it in one process and one thread only: the engines behind pyttsx3 crash otherwise (see speaking.Speaker). One file per loop, looked
at afterwards, because a second file in the same loop is lost without an error.
"""

from __future__ import annotations

import ctypes
import os
import tempfile
import wave
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any, Final

import numpy as np

from . import openjtalk_driver, platform_voices
from .errors import VoiceMissing
from .sound import comfortable
from .voice import Manner, Pcm

MORA_A_MINUTE: Final = 325.0  # at speed 1; 0.9 gives a little under five mora a second
WORDS_A_MINUTE: Final = 150.0
WRITTEN_S: Final = 10.0  # no sentence takes longer; the process around us is stopped before
ESPEAK_VOICES: Final[Mapping[str, str]] = {"en": "en-us", "zh-Hans": "cmn", "ko": "ko"}


class Pyttsx3Voice:
    """Sentences in, comfortable sound out. Each driver is opened when its language is first spoken."""

    def __init__(self, folder: Path | None = None, own: str = "") -> None:
        """`own`: the platform's own driver, used for every language it has a voice for."""
        self._own = own
        self._folder = folder
        self._engines: dict[str, Any] = {}

    def speak(self, sentence: str, manner: Manner) -> Pcm:
        """One sentence, prepared by `sentences_to_say`. Raises VoiceMissing or OSError when no sound was written."""
        own = self._own_voice(manner.language)
        if own:
            engine = self._engine(self._own)
            engine.setProperty("voice", own)
            engine.setProperty("rate", round(platform_voices.WORDS_A_MINUTE.get(manner.language, WORDS_A_MINUTE) * manner.speed))
        elif manner.language == "ja":
            engine = self._engine(openjtalk_driver.NAME)
            engine.setProperty("rate", MORA_A_MINUTE * manner.speed)
        else:
            engine = self._engine("espeak")
            engine.setProperty("voice", ESPEAK_VOICES.get(manner.language, "en-us"))
            _settled()  # a voice that comes late brings its own rate with it
            engine.setProperty("rate", round(WORDS_A_MINUTE * manner.speed))
            _settled()
            return self._written_later(engine, sentence, manner.loud)
        return self._written(engine, sentence, manner.loud)

    def close(self) -> None:
        self._engines.clear()

    def _written(self, engine: Any, sentence: str, loud: bool, written: Event | None = None) -> Pcm:
        with tempfile.TemporaryDirectory(prefix="speech-", dir=self._folder) as folder:  # one a sentence: a stopped engine leaves none
            file = Path(folder) / "sentence.wav"
            engine.save_to_file(sentence, str(file))
            engine.runAndWait()
            if written is not None:
                written.wait(WRITTEN_S)
            return comfortable(*(read_wav(file) if is_wav(file) else platform_voices.read_sound(file)), loud)

    def _written_later(self, engine: Any, sentence: str, loud: bool) -> Pcm:
        """espeak-ng speaks in a thread of its own and pyttsx3's loop may end before it: half a file was read then."""
        written = Event()
        watching = engine.connect("finished-utterance", lambda **_: written.set())
        try:
            return self._written(engine, sentence, loud, written)
        finally:
            engine.disconnect(watching)

    def _own_voice(self, language: str) -> str | None:
        return platform_voices.voice_for(self._engine(self._own).getProperty("voices"), language) if self._own else None

    def _engine(self, driver: str) -> Any:
        if driver not in self._engines:
            self._engines[driver] = _opened(driver)
        return self._engines[driver]


def is_wav(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"RIFF"


def read_wav(file: Path) -> tuple[Pcm, int]:
    with wave.open(str(file), "rb") as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
        return (samples / 32768).astype(np.float32), sound.getframerate()


def _settled() -> None:
    """espeak-ng takes a new voice and a new rate in its own time: without waiting, "speak slowly" was lost every second sentence."""
    from pyttsx3.drivers import _espeak  # optional, present now: its driver is open

    _espeak.Synchronize()


def _opened(driver: str) -> Any:
    try:
        import pyttsx3  # optional: without it there is no voice, and the text goes on
    except ImportError as missing:
        raise VoiceMissing("pyttsx3") from missing
    if driver == openjtalk_driver.NAME:
        openjtalk_driver.install()
    elif driver == "espeak":
        load_espeak()
    return pyttsx3.init(driver)


def load_espeak() -> None:
    """The espeak-ng library and its data from the wheel: no system package is needed.

    Loaded by its full path first, the name pyttsx3 asks for is then found already there.
    """
    try:
        import espeakng_loader  # optional, as above
    except ImportError as missing:
        raise VoiceMissing("espeakng-loader") from missing
    os.putenv("ESPEAK_DATA_PATH", espeakng_loader.get_data_path())
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
