"""Many synthetic speakers out of two engines; ears that knew one voice only would hear one voice only."""

from __future__ import annotations

import ctypes
import os
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from accessibility.hearing.ears import RATE, Sound

from .made_voices import MADE, with_made_voices
from .spoken import Spoken

OPEN_JTALK: Final = "mei"
ESPEAK_TAUGHT: Final = (
    "ja",
    "ja+Alex", "ja+Andrea", "ja+Andy", "ja+Annie", "ja+AnxiousAndy", "ja+Demonic", "ja+Denis", "ja+Diogo", "ja+Gene", "ja+Gene2",
    "ja+Henrique", "ja+Hugo", "ja+Jacky", "ja+Marco", "ja+Michael", "ja+Mike", "ja+Mr", "ja+Nguyen", "ja+Reed", "ja+RicishayMax",
    "ja+RicishayMax2", "ja+RicishayMax3", "ja+Storm", "ja+Tweaky", "ja+UniRobot", "ja+adam", "ja+anika", "ja+anikaRobot",
    "ja+announcer", "ja+antonio", "ja+belinda", "ja+benjamin", "ja+boris", "ja+caleb", "ja+croak", "ja+david", "ja+ed", "ja+edward",
    "ja+edward2", "ja+f1", "ja+f2", "ja+f3", "ja+f4", "ja+fast", "ja+grandma", "ja+gustave", "ja+ian", "ja+iven", "ja+iven2",
    "ja+iven3", "ja+iven4", "ja+john", "ja+kaukovalta", "ja+klatt", "ja+klatt2", "ja+klatt3", "ja+klatt4", "ja+klatt5", "ja+linda",
    "ja+m1", "ja+m2", "ja+m3", "ja+m4", "ja+m6", "ja+m7", "ja+marcelo", "ja+max", "ja+michel", "ja+miguel", "ja+mike2", "ja+norbert",
    "ja+pablo", "ja+paul", "ja+pedro", "ja+quincy", "ja+rob", "ja+robert", "ja+robosoft", "ja+robosoft2", "ja+robosoft3",
    "ja+robosoft4", "ja+robosoft5", "ja+robosoft6", "ja+robosoft7", "ja+robosoft8", "ja+sandro", "ja+shelby", "ja+steph", "ja+steph2",
    "ja+steph3", "ja+travis", "ja+victor", "ja+zac",
)  # fmt: skip
ESPEAK_KEPT_BACK: Final = ("ja+m5", "ja+m8", "ja+f5", "ja+Alicia", "ja+Lee", "ja+Mario", "ja+aunty", "ja+grandpa")
MEI_SHARE: Final = 0.24  # it costs fifteen times as much to make as the others; training draws it three times as often
TRACTS_TAUGHT: Final = (0.86, 1.2)
TRACTS_KEPT_BACK: Final = (0.76, 0.82)
ESPEAK_TRACTS: Final = (0.88, 1.15)
MADE_SHARE: Final = 0.55  # of espeak-ng's voices
PHONEME_EVENT: Final = 7
# espeak-ng's names for Japanese sounds, where they differ from Open JTalk's.
ESPEAK_PHONEMES: Final = {
    "p\\": "f", "r`": "r", "s\\": "sh", "t_s\\": "ch", "t_s": "ts", "d_z\\": "j", "C": "hy", "j": "y", "_j": "y", "_:": "pau", "_": "pau",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speaker:
    """`rate` is 1 for the engine's usual pace; `tract` below 1 is a longer vocal tract: a deeper, larger person."""

    voice: str
    rate: float
    half_tone: float
    tract: float = 1.0


def taught_speaker(dice: random.Random) -> Speaker:
    """A speaker of the training set."""
    if dice.random() < MEI_SHARE:
        return Speaker(OPEN_JTALK, _pace(dice), dice.uniform(-10, 5), dice.uniform(*TRACTS_TAUGHT))
    voice = f"ja+{dice.choice(MADE)}" if dice.random() < MADE_SHARE else dice.choice(ESPEAK_TAUGHT)
    tract = dice.uniform(*ESPEAK_TRACTS) if dice.random() < 0.5 else 1.0
    return Speaker(voice, _pace(dice), dice.uniform(-6, 6), tract)


def new_speaker(dice: random.Random) -> Speaker:
    """A speaker the ears have never met: variants and vocal tracts kept back from training."""
    if dice.random() < 0.4:
        return Speaker(OPEN_JTALK, dice.uniform(0.7, 1.2), dice.uniform(-9, 3), dice.uniform(*TRACTS_KEPT_BACK))
    return Speaker(dice.choice(ESPEAK_KEPT_BACK), dice.uniform(0.7, 1.2), dice.uniform(-5, 5))


def _pace(dice: random.Random) -> float:
    """Mostly usual, a fifth very slow."""
    return dice.uniform(0.45, 0.7) if dice.random() < 0.2 else dice.uniform(0.7, 1.4)


@dataclass(frozen=True, slots=True)
class Said:
    """`marks` are (second, phoneme) where each begins; empty where the engine does not tell."""

    sound: Sound
    marks: tuple[tuple[float, str], ...] = ()


class Studio:
    """Lets speakers speak. One thread: the engines crash otherwise."""

    def __init__(self) -> None:
        import pyopenjtalk  # heavy and optional

        self._open_jtalk: Any = pyopenjtalk
        self._espeak = Espeak()

    def say(self, spoken: Spoken, speaker: Speaker) -> Said:
        """16 kHz, loudest sample 0.5, without the silence around."""
        marks: list[tuple[float, str]] = []
        if speaker.voice != OPEN_JTALK:
            sound, rate, marks = self._espeak.say(spoken.sounds, replace(speaker, rate=speaker.rate / speaker.tract))
            rate, marks = round(rate * speaker.tract), [(second / speaker.tract, phoneme) for second, phoneme in marks]
        else:
            # Resampling a longer tract in also slows down: the engine speaks faster by as much.
            wave, rate = self._open_jtalk.synthesize(list(spoken.labels), speed=speaker.rate / speaker.tract, half_tone=speaker.half_tone)
            sound, rate = (wave / 32768).astype(np.float32), round(rate * speaker.tract)
        return _trimmed(resampled(sound, rate, RATE), marks)


class Event(ctypes.Structure):
    """espeak-ng's espeak_EVENT."""

    _fields_ = (
        ("kind", ctypes.c_int),
        ("id", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


class Espeak:
    """The espeak-ng library of the wheel, called directly: pyttsx3 keeps its variants and its pitch from us."""

    def __init__(self) -> None:
        import espeakng_loader  # optional

        data = str(with_made_voices(Path(espeakng_loader.get_data_path())))
        os.putenv("ESPEAK_DATA_PATH", data)
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._rate: int = self._library.espeak_Initialize(1, 0, data.encode(), 1)
        self._parts: list[bytes] = []
        self._marks: list[tuple[float, str]] = []
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
        self._callback = kind(self._take)  # held: the library keeps only its address
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, kana: str, speaker: Speaker) -> tuple[Sound, int, list[tuple[float, str]]]:
        self._parts, self._marks = [], []
        if self._library.espeak_SetVoiceByName(speaker.voice.encode()):
            raise ValueError(f"espeak-ng has no voice '{speaker.voice}'.")
        self._library.espeak_SetParameter(1, round(165 * speaker.rate), 0)
        self._library.espeak_SetParameter(3, round(50 + 5 * speaker.half_tone), 0)
        text = kana.encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 0, 0, 1, None, None)
        self._library.espeak_Synchronize()
        samples = np.frombuffer(b"".join(self._parts), dtype=np.int16)
        return (samples / 32768).astype(np.float32), self._rate, self._marks

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if count > 0:
            self._parts.append(ctypes.string_at(samples, count * 2))
        place = 0
        while events and events[place].kind:
            if events[place].kind == PHONEME_EVENT:
                name = events[place].name.decode(errors="replace").lstrip(",'%")
                self._marks.append((events[place].milliseconds / 1000, ESPEAK_PHONEMES.get(name, name)))
            place += 1
        return 0


def resampled(sound: Sound, rate: int, wanted: int) -> Sound:
    """By the spectrum: exact enough, and no other library is needed."""
    if rate == wanted or not sound.size:
        return sound
    size = max(round(sound.size * wanted / rate), 2)
    spectrum = np.fft.rfft(sound)
    bins = size // 2 + 1
    fitted = np.zeros(bins, dtype=complex)
    fitted[: min(bins, spectrum.size)] = spectrum[:bins]
    return (np.fft.irfft(fitted, size) * (size / sound.size)).astype(np.float32)


def _trimmed(sound: Sound, marks: list[tuple[float, str]]) -> Said:
    loud = np.flatnonzero(np.abs(sound) > 0.01 * max(float(np.abs(sound).max(initial=0.0)), 1e-6))
    if not loud.size:
        return Said(sound)
    begin = max(int(loud[0]) - RATE // 50, 0)
    cut = sound[begin : loud[-1] + RATE // 20]
    louder = (cut * (0.5 / max(float(np.abs(cut).max()), 1e-6))).astype(np.float32)
    return Said(louder, tuple((second - begin / RATE, phoneme) for second, phoneme in marks))
