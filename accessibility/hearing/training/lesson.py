"""One batch as the pupil gets it: fresh noise, rooms and voices in every round; without that it would learn the recordings by heart."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from .reading_aloud import Clip
from .signs import Signs
from .spoken import PHONEMES

FRAMES_A_SECOND: Final = 100
WHOLE_WINDOW: Final = 3000
IGNORED: Final = -100
PHONE_BANDS: Final = (6, 62)  # mel bands of 300 to 3400 Hz
PLACE_OF: Final = {phoneme: place for place, phoneme in enumerate(PHONEMES, 1)}


@dataclass(frozen=True, slots=True)
class Lesson:
    """`told` are the signs so far, `next_signs` what follows each. `lengths` counts heard frames, `phonemes` lie end to end.

    `heard` is the phoneme of each heard frame, -100 where it is not known.
    """

    mel: Tensor
    told: Tensor
    next_signs: Tensor
    phonemes: Tensor
    lengths: Tensor
    phoneme_counts: Tensor
    heard: Tensor


def lesson_of(clips: Sequence[Clip], signs: Signs, dice: random.Random, gentle: bool, window: int | None = None) -> Lesson:
    """`gentle` spares the pupil echoes and loud noise. `window`: frames to fill; None for a little more than the longest clip. One clip in
    forty is replaced by noise without words.
    """
    mels, texts, phonemes, frames = [], [], [], []
    pace = dice.choice((1.0, dice.uniform(0.8, 1.25), dice.uniform(1.0, 1.8)))  # one for all: they stay of like length
    for clip in clips:
        silent = dice.random() < 0.025
        mel, heard = (_wordless(dice), None) if silent else _varied(clip, pace * dice.uniform(0.95, 1.05), dice)
        fits = mel.shape[1] / FRAMES_A_SECOND * 50 > 1.15 * len(clip.phonemes)
        mels.append(_through(mel, gentle, dice))
        frames.append(heard)
        texts.append(_signs_of("" if silent else clip.kana, mel.shape[1] / FRAMES_A_SECOND, signs, dice))
        phonemes.append([] if silent or not fits else [PLACE_OF[one] for one in clip.phonemes])
    longest = max(mel.shape[1] for mel in mels)
    size = window or min((longest + dice.choice((10, 20, 40, 150)) + 1) // 2 * 2, WHOLE_WINDOW)
    batch, known = torch.zeros(len(mels), mels[0].shape[0], size), torch.full((len(mels), size // 2), IGNORED)
    for place, (mel, heard) in enumerate(zip(mels, frames, strict=True)):
        batch[place, :, : mel.shape[1]] = _scaled(mel)[:, :size]
        if heard is not None:
            known[place, : (heard.numel() + 1) // 2] = heard[::2][: size // 2]
    told, following = _stacked(texts, signs)
    return Lesson(
        _masked(batch, [mel.shape[1] for mel in mels], dice),
        told,
        following,
        torch.tensor([one for row in phonemes for one in row], dtype=torch.long),
        torch.tensor([min(mel.shape[1], size) // 2 for mel in mels]),
        torch.tensor([len(row) for row in phonemes]),
        known,
    )


def _signs_of(kana: str, seconds: float, signs: Signs, dice: random.Random) -> tuple[list[int], list[int]]:
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
    told = torch.full((len(texts), longest), signs.end)
    following = torch.full((len(texts), longest), IGNORED)
    for place, (first, second) in enumerate(texts):
        told[place, : len(first)] = torch.tensor(first)
        following[place, : len(second)] = torch.tensor(second)
    return told, following


def _varied(clip: Clip, pace: float, dice: random.Random) -> tuple[Tensor, Tensor | None]:
    """Another pace and another vocal tract, by stretching the picture; silence before and after."""
    mel, heard = torch.from_numpy(clip.mel).float(), torch.from_numpy(clip.heard).long() if clip.heard.size else None
    bands, frames = mel.shape
    if pace != 1.0:
        wider = max(round(frames * pace), 12)
        taller = round(bands * dice.uniform(0.9, 1.12))
        mel = functional.interpolate(mel[None, None], (taller, wider), mode="bilinear", align_corners=False)[0, 0]
        floor = mel.min()
        mel = mel[:bands] if taller >= bands else torch.cat([mel, floor.expand(bands - taller, wider)])
        heard = heard[torch.linspace(0, frames - 1, wider).round().long()] if heard is not None else None
    around = dice.randint(0, 35), dice.randint(0, 35)
    return functional.pad(mel, around, value=float(mel.min())), functional.pad(heard, around) if heard is not None else None


def _through(mel: Tensor, gentle: bool, dice: random.Random) -> Tensor:
    """Echo, noise, a telephone, a distance: all on the power of the bands."""
    power = 10.0 ** mel.clamp(-10, 4)
    if not gentle and dice.random() < 0.4:
        power = _echo(power, dice)
    if not gentle and dice.random() < 0.2:
        power[: PHONE_BANDS[0]] *= 1e-4
        power[PHONE_BANDS[1] :] *= 1e-4
    if dice.random() < (0.3 if gentle else 0.75):
        power = power + _noise(power, dice.uniform(20 if gentle else 3, 40), dice)
    power = power * 10 ** (dice.uniform(-24, 10) / 10)
    return power.clamp(min=1e-10).log10()


def _echo(power: Tensor, dice: random.Random) -> Tensor:
    frames = torch.arange(1.0, 60.0)
    fading = 10 ** (-6 * frames / (FRAMES_A_SECOND * dice.uniform(0.15, 0.8)))
    room = torch.cat([torch.ones(1), fading / fading.sum() * dice.uniform(0.05, 0.7)]).flip(0)
    return functional.conv1d(functional.pad(power[:, None], (room.numel() - 1, 0)), room[None, None])[:, 0]


def _noise(power: Tensor, below_db: float, dice: random.Random) -> Tensor:
    """Coloured noise that swells and falls; sometimes one hum."""
    bands, frames = power.shape
    numbers = torch.Generator().manual_seed(dice.getrandbits(48))
    grain = torch.empty(bands, frames).exponential_(generator=numbers)
    colour = 10 ** (torch.linspace(0, 1, bands) * dice.uniform(-2.5, 1.0))
    if dice.random() < 0.2:
        colour = colour * 10 ** (2 * torch.exp(-((torch.arange(bands) - dice.uniform(0, bands)) ** 2) / 8.0))
    swell = 1 + dice.uniform(0, 0.9) * torch.sin(torch.arange(frames) * dice.uniform(0.01, 0.2) + dice.uniform(0, 6))
    noise = grain * colour[:, None] * swell
    return noise * (power.mean() * 10 ** (-below_db / 10) / noise.mean())


def _wordless(dice: random.Random) -> Tensor:
    frames = dice.randint(30, 400)
    base = torch.full((80, frames), -9.0)
    return base if dice.random() < 0.3 else (10.0**base + _noise(torch.ones(80, frames), dice.uniform(0, 60), dice)).log10()


def _scaled(mel: Tensor) -> Tensor:
    """Whisper's last step."""
    return (torch.maximum(mel, mel.max() - 8.0) + 4.0) / 4.0


def _masked(batch: Tensor, lengths: Sequence[int], dice: random.Random) -> Tensor:
    """SpecAugment: a few bands and moments are blanked."""
    for mel, length in zip(batch, lengths, strict=True):
        for _ in range(dice.randint(0, 2)):
            low = dice.randint(0, 70)
            mel[low : low + dice.randint(1, 12), :length] = 0.0
        for _ in range(dice.randint(0, 2)):
            at = dice.randint(0, max(length - 10, 0))
            mel[:, at : at + dice.randint(2, 10)] = 0.0
    return batch
