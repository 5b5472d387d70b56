"""Echo, noise, a telephone, a distance, another throat: what lies between a voice and us, laid on the picture of a whole batch."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from torch import Tensor

BANDS: Final = 80
PHONE_BANDS: Final = (6, 62)  # mel bands of 300 to 3400 Hz
ECHO_SHARE, PHONE_SHARE, NOISE_SHARE = 0.4, 0.2, 0.75
ECHO_FRAMES: Final = 60
WARPED_SHARE: Final = 0.7
BENDS: Final = 3  # how the weight of high and low sounds may differ: as many waves
FRAMES_A_SECOND: Final = 100


class Conditions:
    """One draw for a batch. `gentle` spares echoes, telephones and loud noise."""

    def __init__(self, dice: np.random.Generator, chance: torch.Generator, gentle: bool) -> None:
        self._dice, self._chance, self._device, self._gentle = dice, chance, chance.device, gentle

    def laid_on(self, mel: Tensor, lengths: Tensor, silent: Tensor) -> Tensor:
        """`mel` (clips, 80, frames) is log10 power; what comes back is as Whisper's encoder gets it, 0 behind the `lengths`. Where
        `silent`, noise takes the place of the words.
        """
        inside = torch.arange(mel.shape[2], device=self._device)[None, None] < lengths[:, None, None]
        mel = self._bent(self._throat(mel))
        power = torch.where(silent[:, None, None], self._wordless(mel), 10.0 ** mel.clamp(-10, 4)) * inside
        if not self._gentle:
            power = self._telephone(self._echo(power))
        power = power + self._noise(power) * self._some(0.3 if self._gentle else NOISE_SHARE, mel)
        power = power * 10 ** (self._drawn(-2.4, 1.0, mel))
        mel = power.clamp(min=1e-10).log10()
        loudest = torch.where(inside, mel, -10.0).amax((1, 2), keepdim=True)
        return self._masked((torch.maximum(mel, loudest - 8.0) + 4.0) / 4.0, lengths) * inside

    def _drawn(self, low: float, high: float, mel: Tensor) -> Tensor:
        """(clips, 1, 1)."""
        return torch.empty(len(mel), 1, 1, device=self._device).uniform_(low, high, generator=self._chance)

    def _some(self, share: float, mel: Tensor) -> Tensor:
        return (self._drawn(0, 1, mel) < share).float()

    def _throat(self, mel: Tensor) -> Tensor:
        """A longer or shorter vocal tract, by stretching the picture's height."""
        higher = torch.where(self._some(WARPED_SHARE, mel) > 0, self._drawn(0.9, 1.12, mel), 1.0)
        band = torch.arange(BANDS, device=self._device, dtype=torch.float32)[None, :, None] / higher
        at = band.floor().clamp(0, BANDS - 2).long().expand(-1, -1, mel.shape[2])
        part = (band - band.floor()).clamp(0, 1)
        low, high = mel.gather(1, at), mel.gather(1, at + 1)
        return torch.where(band > BANDS - 1, mel.amin((1, 2), keepdim=True), low + part * (high - low))

    def _bent(self, mel: Tensor) -> Tensor:
        """Another microphone: up to a few decibels more or less here and there."""
        band = torch.arange(BANDS, device=self._device, dtype=torch.float32)[None, :, None] / BANDS
        for wave in range(1, BENDS + 1):
            mel = mel + self._drawn(-0.35, 0.35, mel) / wave * torch.cos(torch.pi * wave * band)
        return mel

    def _wordless(self, mel: Tensor) -> Tensor:
        level = torch.where(self._some(0.7, mel) > 0, 10 ** self._drawn(-6, 0, mel), torch.zeros((), device=self._device))
        return 1e-9 + self._grain(mel) * level

    def _echo(self, power: Tensor) -> Tensor:
        """A tail that fades evenly behind every sound, in some of the clips."""
        chosen = torch.from_numpy(np.flatnonzero(self._dice.random(len(power)) < ECHO_SHARE)).to(self._device)
        if not len(chosen):
            return power
        part = power[chosen]
        behind = torch.arange(part.shape[2], device=self._device)
        behind = (behind[None] - behind[:, None]).float()  # (earlier, later)
        fading = -6 * np.log(10) / (FRAMES_A_SECOND * self._drawn(0.15, 0.8, part))
        late = (behind > 0) & (behind < ECHO_FRAMES)
        tail = torch.exp(fading * behind.clamp(min=0)[None]) * late
        whole = torch.exp(fading * torch.arange(1, ECHO_FRAMES, device=self._device)).sum(2, keepdim=True)
        return power.index_copy(0, chosen, part + torch.bmm(part, tail) * (self._drawn(0.05, 0.7, part) / whole))

    def _telephone(self, power: Tensor) -> Tensor:
        """Not every telephone is cut at the same place."""
        band = torch.arange(BANDS, device=self._device)[None, :, None]
        low, high = PHONE_BANDS[0] + self._drawn(-1.5, 2.5, power), PHONE_BANDS[1] + self._drawn(-4, 1.5, power)
        lost = ((band < low) | (band >= high)) & (self._some(PHONE_SHARE, power) > 0)
        return torch.where(lost, power * 1e-4, power)

    def _noise(self, power: Tensor) -> Tensor:
        grain, loud = self._grain(power), power.mean((1, 2), keepdim=True)
        return grain * loud * 10 ** -(self._drawn(20 if self._gentle else 3, 40, power) / 10)

    def _grain(self, mel: Tensor) -> Tensor:
        """Coloured noise of mean 1 that swells and falls; sometimes one hum."""
        band = torch.arange(BANDS, device=self._device, dtype=torch.float32)[None, :, None]
        time = torch.arange(mel.shape[2], device=self._device, dtype=torch.float32)[None, None]
        colour = 10 ** (band / (BANDS - 1) * self._drawn(-2.5, 1.0, mel))
        hum = 2 * torch.exp(-((band - self._drawn(0, BANDS, mel)) ** 2) / 8.0) * self._some(0.2, mel)
        swell = 1 + self._drawn(0, 0.9, mel) * torch.sin(time * self._drawn(0.01, 0.2, mel) + self._drawn(0, 6, mel))
        noise = torch.empty_like(mel).exponential_(generator=self._chance) * colour * 10**hum * swell
        return noise / noise.mean((1, 2), keepdim=True)

    def _masked(self, mel: Tensor, lengths: Tensor) -> Tensor:
        """SpecAugment: a few bands and moments are blanked."""
        band = torch.arange(BANDS, device=self._device)[None, :, None]
        time = torch.arange(mel.shape[2], device=self._device)[None, None]
        for _ in range(2):
            low, wide = self._drawn(0, 70, mel).floor(), self._drawn(1, 13, mel).floor() * self._some(0.5, mel)
            mel = mel.masked_fill((band >= low) & (band < low + wide), 0.0)
            at = (self._drawn(0, 1, mel) * (lengths[:, None, None] - 10)).floor()
            long = self._drawn(2, 11, mel).floor() * self._some(0.5, mel)
            mel = mel.masked_fill((time >= at) & (time < at + long), 0.0)
        return mel
