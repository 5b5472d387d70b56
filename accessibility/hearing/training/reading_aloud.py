"""Reads the corpus aloud into files the learner can open; without it the two cores would wait for each other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accessibility.hearing.ears import RATE

from .features import Spectrum, log_mel
from .rooms import DELAYING, heard_at, taught_place
from .speakers import OPEN_JTALK, Studio, taught_speaker
from .spoken import NUMBER_OF, Speller

TEXTS_A_FILE: Final = 200
LONGEST_S: Final = 14.0
FRAMES_A_SECOND: Final = 100


@dataclass(frozen=True, slots=True)
class Clip:
    """One utterance: what Whisper sees and what it shall write. `costly` marks the voice drawn more often.

    `heard` numbers the phoneme of each frame (see spoken.PHONEMES; 0 is silence), empty where that is not known.
    """

    mel: Spectrum
    kana: str
    phonemes: tuple[str, ...]
    costly: bool
    heard: NDArray[np.int8]


class Reading:
    """Makes what is missing in `folder`, a file for every 200 texts, in processes of their own while we do other things; the same seed
    makes the same sound.
    """

    def __init__(self, texts: Sequence[str], folder: Path, seed: int, readers: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        parts = [list(texts[at : at + TEXTS_A_FILE]) for at in range(0, len(texts), TEXTS_A_FILE)]
        files = [folder / f"clips-{number:04d}.npz" for number in range(len(parts))]
        missing = [number for number, file in enumerate(files) if not file.exists()]
        self._pool = ProcessPoolExecutor(readers, mp_context=get_context("spawn"))
        self._jobs = [self._pool.submit(_read_part, parts[number], files[number], seed + number) for number in missing]

    def wait(self) -> None:
        """Raises what a reader raised."""
        for done, job in enumerate(as_completed(self._jobs), 1):
            job.result()
            print(f"read aloud: {done} of {len(self._jobs)} files", flush=True)
        self._pool.shutdown()

    def stop(self) -> None:
        """What is being read is finished, nothing else is begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def check(self) -> None:
        """Raises what a reader raised so far: nobody shall be taught for hours by readers who fell silent."""
        for job in self._jobs:
            if job.done() and not job.cancelled():
                job.result()


def clips_in(file: Path) -> list[Clip]:
    with np.load(file, allow_pickle=False) as held:
        mel, ends = held["mel"], held["ends"].tolist()
        told = zip(held["kana"].tolist(), held["phonemes"].tolist(), held["costly"].tolist(), held["known"].tolist(), strict=True)
        heard, begins = held["heard"], [0, *ends[:-1]]
        return [
            Clip(mel[:, begin:end], kana, tuple(phonemes.split()), costly, heard[begin : end if known else begin])
            for begin, end, (kana, phonemes, costly, known) in zip(begins, ends, told, strict=True)
        ]


def write_clips(clips: Sequence[Clip], file: Path) -> None:
    """The file appears whole or not at all: a learner may be looking."""
    part = file.with_suffix(".part.npz")
    np.savez(
        part,
        mel=np.concatenate([clip.mel for clip in clips], axis=1),
        ends=np.cumsum([clip.mel.shape[1] for clip in clips]),
        kana=np.array([clip.kana for clip in clips]),
        phonemes=np.array([" ".join(clip.phonemes) for clip in clips]),
        costly=np.array([clip.costly for clip in clips]),
        known=np.array([bool(clip.heard.size) for clip in clips]),
        heard=np.concatenate([clip.heard if clip.heard.size else np.zeros(clip.mel.shape[1], dtype=np.int8) for clip in clips]),
    )
    part.replace(file)


def _read_part(texts: list[str], file: Path, seed: int) -> None:
    dice, (speller, studio) = random.Random(seed), _booth()
    clips: list[Clip] = []
    for text in texts:
        spoken = speller.spoken(text)
        if spoken is None:
            continue
        speaker = taught_speaker(dice)
        said = studio.say(spoken, speaker)
        if 0.15 < said.sound.size / RATE < LONGEST_S:
            place = taught_place(dice)
            mel = log_mel(heard_at(place, said.sound, dice))
            heard = _frames(said.marks if place.codec not in DELAYING else (), mel.shape[1])
            clips.append(Clip(mel, spoken.kana, spoken.phonemes, speaker.voice == OPEN_JTALK, heard))
    write_clips(clips, file)


def _frames(marks: Sequence[tuple[float, str]], frames: int) -> NDArray[np.int8]:
    heard = np.zeros(frames if marks else 0, dtype=np.int8)
    for second, phoneme in marks:
        heard[max(round(second * FRAMES_A_SECOND), 0) :] = NUMBER_OF.get(phoneme, 0)
    return heard


@cache
def _booth() -> tuple[Speller, Studio]:
    """Once a process: espeak-ng waits for itself for ever when it is opened a second time."""
    return Speller(), Studio()
