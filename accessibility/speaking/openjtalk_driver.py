"""Open JTalk as a driver of pyttsx3; without it pyttsx3 would read Japanese kanji as "Chinese letter, Chinese letter".

pyttsx3 finds drivers by the module name pyttsx3.drivers.<name>: `install` gives it this one. The voice is "mei_normal" of the MMDAgent
project (Nagoya Institute of Technology), CC BY 3.0.
"""

from __future__ import annotations

import sys
import wave
from typing import Any, Final

import numpy as np

from accessibility.open_jtalk import OpenJTalk

NAME: Final = "openjtalk"
MORA_A_MINUTE_AT_1: Final = 8.2 * 60  # measured, pauses left out
HALF_TONES: Final = -6.0  # the voice is high; lower is easier on older ears
SLOWEST: Final = 0.32
VOICE: Final = "mei_normal"


def install() -> str:
    """Make this driver known to pyttsx3; returns the name to pass to `pyttsx3.init`."""
    sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]
    return NAME


def buildDriver(proxy: Any) -> OpenJTalkDriver:  # pyttsx3 asks for this name
    return OpenJTalkDriver(proxy)


class OpenJTalkDriver:
    """Writes one WAV file per `save_to_file`. `rate` is in mora a minute, `volume` from 0 to 1, `pitch` in half tones."""

    def __init__(self, proxy: Any) -> None:
        OpenJTalk()  # wakes the engine, or says which package is missing
        import pyopenjtalk  # heavy and optional, present now

        self._engine, self._proxy, self._looping = pyopenjtalk, proxy, False
        self._properties: dict[str, Any] = {"rate": 300.0, "volume": 1.0, "pitch": HALF_TONES, "voice": VOICE, "voices": (VOICE,)}

    def getProperty(self, name: str) -> Any:  # pyttsx3's name
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # pyttsx3's name
        if name not in ("rate", "volume", "pitch", "voice"):
            raise KeyError(f"unknown property {name}")
        self._properties[name] = value

    def save_to_file(self, text: str, filename: str) -> None:
        self._proxy.setBusy(True)
        self._proxy.notify("started-utterance")
        speed = max(self._properties["rate"] / MORA_A_MINUTE_AT_1, SLOWEST)
        wave_form, rate = self._engine.tts(text, speed=speed, half_tone=self._properties["pitch"])
        write_wav(filename, wave_form * self._properties["volume"], rate)
        self._proxy.notify("finished-utterance", completed=True)
        self._proxy.setBusy(False)

    def say(self, text: str) -> None:
        """There is no loudspeaker on a server."""
        raise RuntimeError("This driver writes files; use save_to_file.")

    def startLoop(self) -> None:  # pyttsx3's name
        self._looping = True
        self._proxy.setBusy(False)  # runs what is queued, up to our own endLoop

    def endLoop(self) -> None:  # pyttsx3's name
        self._looping = False

    def iterate(self) -> None:
        self._proxy.setBusy(False)

    def stop(self) -> None:
        """A sentence is short: it is let finish."""

    def destroy(self) -> None:
        """Nothing of ours is held."""


def write_wav(filename: str, wave_form: Any, rate: int) -> None:
    """Open JTalk's samples are 16-bit numbers in floating point."""
    samples = np.clip(wave_form, -32768, 32767).astype("<i2")
    with wave.open(filename, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
