"""One batch as the pupil gets it: fresh noise, rooms and voices in every round; without that it would learn the recordings by heart.

All clips of a batch are changed at once, on the machine that teaches: one by one, a fast machine would wait for us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .conditions import Conditions
from .library import Library, Told
from .signs import Signs

FRAMES_A_SECOND: Final = 100
WHOLE_WINDOW: Final = 3000
IGNORED: Final = -100
SILENT_SHARE: Final = 0.025
MOST_AROUND: Final = 35  # frames of silence before and after
SLOWER_MARGINS: Final = (10, 20, 40, 150)
UNEVEN: Final = 0.3  # how much the pace may change within one sentence


@dataclass(frozen=True, slots=True)
class Lesson:
    """`told` are the signs so far, `next_signs` what follows each. `lengths` counts heard frames, `phonemes` lie end to end; these and
    `phoneme_counts` stay on the CPU.

    `heard` is the phoneme of each heard frame, -100 where it is not known.
    """

    mel: Tensor
    told: Tensor
    next_signs: Tensor
    phonemes: Tensor
    lengths: Tensor
    phoneme_counts: Tensor
    heard: Tensor


def lesson_of(
    library: Library,
    chosen: Sequence[int],
    signs: Signs,
    dice: np.random.Generator,
    chance: torch.Generator,
    gentle: bool,
    window: int | None = None,
    writing: bool = True,
) -> Lesson:
    """`dice` are thrown here, `chance` where the batch lies. `gentle` spares the pupil echoes and loud noise. `window`: frames to fill;
    None for a little more than the longest clip. `told` and `next_signs` are empty without `writing`. One clip in forty is replaced by
    noise without words.
    """
    clips, device = [library.clips[number] for number in chosen], library.device
    silent = dice.random(len(clips)) < SILENT_SHARE
    pace, before, lengths = _paces(clips, dice)
    size = min((int(lengths.max()) + int(dice.choice(SLOWER_MARGINS)) + 1) // 2 * 2, WHOLE_WINDOW)
    mel, heard = _stretched(library, clips, pace, before, size, dice)
    quiet = torch.from_numpy(silent).to(device)
    mel = Conditions(dice, chance, gentle).laid_on(mel, torch.from_numpy(lengths).to(device), quiet)
    heard = heard.masked_fill(quiet[:, None], IGNORED)
    mel, heard = _filled(mel, heard, (window or size) - size)
    told, following = _written(clips, silent, lengths, signs, dice) if writing else (torch.zeros(0, 0), torch.zeros(0, 0))
    sounds = _sounding(clips, silent, np.minimum(lengths, size) // 2)
    return Lesson(mel, told.to(device), following.to(device), *sounds, heard)


def _filled(mel: Tensor, heard: Tensor, more: int) -> tuple[Tensor, Tensor]:
    """So many more frames of nothing."""
    return torch.nn.functional.pad(mel, (0, more)), torch.nn.functional.pad(heard, (0, more // 2), value=IGNORED)


def _sounding(clips: Sequence[Told], silent: NDArray[np.bool_], counted: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
    """The phonemes of all clips in one row, in how many steps each clip's are to be found, and how many it has: none where it is silent
    or too short for them.
    """
    fits = ~silent & (counted > 1.15 * np.array([len(clip.phonemes) for clip in clips]))
    sounds = [clip.phonemes if fit else clip.phonemes[:0] for clip, fit in zip(clips, fits, strict=True)]
    return torch.from_numpy(np.concatenate(sounds)), torch.from_numpy(counted), torch.tensor([len(one) for one in sounds])


def _written(
    clips: Sequence[Told], silent: NDArray[np.bool_], lengths: NDArray[np.int64], signs: Signs, dice: np.random.Generator
) -> tuple[Tensor, Tensor]:
    kana = ["" if quiet else clip.kana for clip, quiet in zip(clips, silent, strict=True)]
    return _stacked([_signs_of(one, frames / FRAMES_A_SECOND, signs, dice) for one, frames in zip(kana, lengths, strict=True)], signs)


def _paces(clips: Sequence[Told], dice: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """How much each clip is stretched, the silence before it, and its frames with all silence: one pace for a batch, and a little of
    one's own.
    """
    pace = [1.0, dice.uniform(0.8, 1.25), dice.uniform(1.0, 1.8)][dice.integers(3)]
    paces = (pace * dice.uniform(0.95, 1.05, len(clips))).astype(np.float32)
    before = dice.integers(0, MOST_AROUND + 1, len(clips))
    spoken = np.maximum(np.round(np.array([clip.frames for clip in clips]) * paces), 12).astype(np.int64)
    return paces, before, spoken + before + dice.integers(0, MOST_AROUND + 1, len(clips))


def _stretched(
    library: Library, clips: Sequence[Told], pace: NDArray[np.float32], before: NDArray[np.int64], size: int, dice: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Another pace, not even within a sentence: (clips, 80, size) log10 power, and the phonemes (clips, size / 2)."""
    begin, many, even, moment = _moments(library, clips, pace, before, size, dice)
    last = many - 1
    inside = (even >= 0) & (even <= last)
    moment = torch.minimum(moment.clamp(min=0), last.float())
    at = torch.minimum(moment.floor().long(), (many - 2).clamp(min=0))
    part = (moment - at)[..., None]
    first = library.mel[begin + at].float()
    picture = first + part * (library.mel[begin + torch.minimum(at + 1, last)].float() - first)
    floor = torch.where(inside[..., None], picture, torch.inf).amin((1, 2), keepdim=True)
    picture = torch.where(inside[..., None], picture, floor)
    heard = library.heard[begin + moment.round().long()].long()
    heard = torch.where(heard < 0, IGNORED, torch.where(inside, heard, 0))
    return picture.transpose(1, 2), heard[:, ::2].contiguous()


def _moments(
    library: Library, clips: Sequence[Told], pace: NDArray[np.float32], before: NDArray[np.int64], size: int, dice: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Where each clip begins and how many frames it has (clips, 1), and which of its frames is heard when (clips, size): at an even pace,
    and at one that swings.
    """
    device, count = library.device, len(clips)
    frames = np.array([clip.frames for clip in clips])
    numbers = np.stack([[clip.begin for clip in clips], frames, before])
    begin, many, ahead = (one[:, None] for one in torch.from_numpy(numbers).to(device))
    waves = dice.uniform(0.5, 2.5, count)
    swings = 2 * np.pi * waves / frames, dice.uniform(0, 6.3, count), dice.uniform(0, UNEVEN, count) * frames / (2 * np.pi * waves), pace
    wave, phase, depth, slower = (torch.from_numpy(one.astype(np.float32)).to(device)[:, None] for one in swings)
    even = (torch.arange(size, device=device)[None] - ahead) / slower
    last = many - 1

    def swing(at: Tensor) -> Tensor:
        return depth * (torch.sin(wave * at + phase) - torch.sin(phase))

    return begin, many, even, even + swing(even) - even / last * swing(last)  # both ends stay where they are


def _signs_of(kana: str, seconds: float, signs: Signs, dice: np.random.Generator) -> tuple[list[int], list[int]]:
    """Mostly without timestamps; some with, so that transcribe() works as it is called by default."""
    start = list(signs.start)
    if not kana:
        told = [*start, signs.no_timestamps]
        return told, [signs.no_speech, IGNORED, IGNORED, signs.end]
    if dice.random() < 0.1:
        body = [signs.timestamp(0), *signs.kana(kana), signs.timestamp(seconds)]
    else:
        body = [signs.no_timestamps, *signs.kana(kana)]
    told = [*start, *body]
    return told, [start[1], IGNORED, *told[3:], signs.end]


def _stacked(texts: Sequence[tuple[list[int], list[int]]], signs: Signs) -> tuple[Tensor, Tensor]:
    longest = max(len(told) for told, _ in texts)
    told = np.full((len(texts), longest), signs.end)
    following = np.full((len(texts), longest), IGNORED)
    for place, (first, second) in enumerate(texts):
        told[place, : len(first)] = first
        following[place, : len(second)] = second
    return torch.from_numpy(told), torch.from_numpy(following)
