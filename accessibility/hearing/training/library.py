"""All clips read so far, in the memory of the machine that teaches; without it a fast one would wait for files at every step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .reading_aloud import Clip, clips_in
from .spoken import PHONEMES

FILE: Final = re.compile(r"clips-\d+\.npz")
PLACE_OF: Final = {phoneme: place for place, phoneme in enumerate(PHONEMES, 1)}
FIRST_ROOM: Final = 200_000  # frames
UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one clip beside its sound: where it lies, and what it says."""

    begin: int
    frames: int
    kana: str
    phonemes: NDArray[np.int64]
    costly: bool


class Library:
    """`mel` (frames, 80) holds all clips one behind the other, `heard` the phoneme of each frame (-1: not known)."""

    def __init__(self, folder: Path, device: str) -> None:
        self.device = device
        self.mel = torch.zeros(FIRST_ROOM, 80, dtype=torch.float16, device=device)
        self.heard = torch.full((FIRST_ROOM,), UNKNOWN, dtype=torch.int8, device=device)
        self.clips: list[Told] = []
        self._folder, self._known, self._filled = folder, set[Path](), 0

    def look(self) -> int:
        """Takes up the files that have appeared; answers how many clips there are."""
        for file in sorted(self._folder.glob("clips-*.npz")):
            if FILE.fullmatch(file.name) and file not in self._known:
                self._known.add(file)
                self.add(clips_in(file))
        return len(self.clips)

    def add(self, clips: Sequence[Clip]) -> None:
        if not clips:
            return
        begin = self._filled
        mel = torch.from_numpy(np.ascontiguousarray(np.concatenate([clip.mel for clip in clips], axis=1).T))
        heard = np.concatenate([clip.heard if clip.heard.size else np.full(clip.mel.shape[1], UNKNOWN, dtype=np.int8) for clip in clips])
        self._grow(begin + len(mel))
        self.mel[begin : begin + len(mel)] = mel.to(self.device)
        self.heard[begin : begin + len(mel)] = torch.from_numpy(heard).to(self.device)
        self._filled += len(mel)
        for clip in clips:
            sounds = np.array([PLACE_OF[one] for one in clip.phonemes], dtype=np.int64)
            self.clips.append(Told(begin, clip.mel.shape[1], clip.kana, sounds, clip.costly))
            begin += clip.mel.shape[1]

    def _grow(self, needed: int) -> None:
        if needed > len(self.mel):
            self.mel, self.heard = _grown(self.mel, 2 * needed, 0), _grown(self.heard, 2 * needed, UNKNOWN)


def _grown(held: Tensor, rows: int, value: int) -> Tensor:
    larger = held.new_full((rows, *held.shape[1:]), value)
    larger[: len(held)] = held
    return larger
