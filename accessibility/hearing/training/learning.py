"""The hours of practice: batches, steps, a checkpoint every few minutes; a machine that stops in between loses little."""

from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from .lesson import IGNORED, WHOLE_WINDOW, Lesson, lesson_of
from .network import BLANK, Pupil
from .reading_aloud import Clip, clips_in
from .signs import Signs

WRITING, ALIGNING, FRAMING = 0.5, 0.3, 0.5  # shares of the loss: its own work, its two helpers'
COSTLY_DRAWN: Final = 3
WARM_UP: Final = 200
TELL_EVERY: Final = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """`whole_windows` is the share of batches heard in Whisper's full 30 s: ten times as slow, and needed only late.

    Up to `writing_from` only the helper is taught: writing cannot be learned before the words are found, and costs a third of the time.
    """

    steps: int
    batch_s: float = 30.0
    fastest: float = 3e-3
    save_every: int = 250
    threads: int = 2
    whole_windows: float = 0.0
    first_step: int = 0
    writing_from: int = 500
    gentle_until: int = 1000
    most_clips: int = 20  # short replies would else fill one huge batch, and count once
    writing_share: float = 1.0
    minutes: float | None = None  # the pace follows the clock instead of the steps: for a machine that others use


def teach(folder: Path, kept: Path, plan: Plan, seed: int, pupil: Pupil) -> int:
    """Goes on from `kept` where it exists; answers the steps taken.

    Clips that appear in `folder` meanwhile are taken up in the next round.
    """
    dice = random.Random(seed + plan.first_step)
    optimiser = torch.optim.AdamW(pupil.parameters(), lr=plan.fastest, betas=(0.9, 0.98), weight_decay=0.01)
    progress = _Progress(*_resumed(kept, pupil, optimiser))
    for clips in _batches(folder, plan, dice):
        if progress.done(plan) >= 1:
            break
        torch.set_num_threads(_threads(plan.threads))
        for group in optimiser.param_groups:
            group["lr"] = _pace(progress.step - plan.first_step, progress.done(plan), plan)
        lesson = _next_lesson(clips, pupil.signs, plan, progress.step, dice)
        with_writing = progress.step >= plan.writing_from and dice.random() < plan.writing_share
        progress.after(_practise(pupil, optimiser, lesson, with_writing), lesson)
        if progress.step % plan.save_every == 0:
            _keep(kept, pupil, optimiser, progress)
    _keep(kept, pupil, optimiser, progress)
    return progress.step


class _Progress:
    """Tells now and then how it goes."""

    def __init__(self, step: int, minutes: float) -> None:
        self.step, self._heard_s, self._losses = step, 0.0, [0.0, 0.0, 0.0]
        self._began, self._cpu = time.time() - 60 * minutes, time.process_time()

    @property
    def minutes(self) -> float:
        """By the clock, in all calls together."""
        return (time.time() - self._began) / 60

    def done(self, plan: Plan) -> float:
        """The share of the plan that is behind us."""
        if plan.minutes is not None:
            return self.minutes / plan.minutes
        return (self.step - plan.first_step) / max(plan.steps - plan.first_step, 1)

    def after(self, losses: Sequence[float], lesson: Lesson) -> None:
        self._losses = [0.98 * old + 0.02 * new for old, new in zip(self._losses, losses, strict=True)]
        self.step, self._heard_s = self.step + 1, self._heard_s + float(lesson.lengths.sum()) / 50
        if self.step % TELL_EVERY == 0:
            writing, aligning, framing = self._losses
            cpu, wall = (time.process_time() - self._cpu) / 60, self.minutes
            told = f"writing {writing:.3f} aligning {aligning:.3f} framing {framing:.3f} heard {self._heard_s / 3600:.1f} h"
            print(f"step {self.step} {told} cpu {cpu:.1f} min wall {wall:.1f} min", flush=True)


def _practise(pupil: Pupil, optimiser: torch.optim.Optimizer, lesson: Lesson, with_writing: bool) -> tuple[float, float, float]:
    heard = pupil.hear(lesson.mel)
    aligning = _alignment_loss(pupil.align(heard), lesson)
    framing = _framing_loss(pupil.frame(heard), lesson)
    writing = straying = aligning.new_zeros(())
    if with_writing:
        chances, straying = pupil.straying(lesson.told, heard, lesson.lengths, (lesson.next_signs != IGNORED).sum(1) + 1)
        writing = _writing_loss(chances, lesson)
    optimiser.zero_grad(set_to_none=True)
    (WRITING * writing + ALIGNING * aligning + FRAMING * framing + straying).backward()
    torch.nn.utils.clip_grad_norm_(pupil.parameters(), 1.0)
    optimiser.step()
    return float(writing), float(aligning), float(framing)


def _writing_loss(chances: Tensor, lesson: Lesson) -> Tensor:
    return functional.cross_entropy(chances.flatten(0, 1), lesson.next_signs.flatten(), ignore_index=IGNORED, label_smoothing=0.02)


def _framing_loss(chances: Tensor, lesson: Lesson) -> Tensor:
    """0 for a batch whose engine did not tell the moments."""
    known = lesson.heard != IGNORED
    return functional.cross_entropy(chances[known], lesson.heard[known]) if bool(known.any()) else chances.new_zeros(())


def _alignment_loss(chances: Tensor, lesson: Lesson) -> Tensor:
    return functional.ctc_loss(
        chances.transpose(0, 1), lesson.phonemes, lesson.lengths, lesson.phoneme_counts, blank=BLANK, zero_infinity=True
    )


def _next_lesson(clips: Sequence[Clip], signs: Signs, plan: Plan, step: int, dice: random.Random) -> Lesson:
    if dice.random() < plan.whole_windows:
        return lesson_of(clips[:6], signs, dice, False, WHOLE_WINDOW)
    return lesson_of(clips, signs, dice, step < plan.gentle_until)


def _batches(folder: Path, plan: Plan, dice: random.Random) -> Iterator[list[Clip]]:
    """For ever. Clips of like length together: padding is wasted work."""
    known: dict[Path, list[Clip]] = {}
    while True:
        for file in sorted(folder.glob("clips-[0-9][0-9][0-9].npz")):
            if file not in known:
                known[file] = clips_in(file)
        round_of = [clip for clips in known.values() for clip in clips for _ in range(COSTLY_DRAWN if clip.costly else 1)]
        dice.shuffle(round_of)
        batches = list(_grouped(round_of, plan))
        dice.shuffle(batches)
        yield from batches


def _grouped(clips: Sequence[Clip], plan: Plan) -> Iterator[list[Clip]]:
    for at in range(0, len(clips), 2000):
        batch: list[Clip] = []
        for clip in sorted(clips[at : at + 2000], key=lambda one: one.mel.shape[1]):
            if batch and (len(batch) >= plan.most_clips or (len(batch) + 1) * clip.mel.shape[1] / 100 > plan.batch_s):
                yield batch
                batch = []
            batch.append(clip)
        if batch:
            yield batch


def _pace(steps: int, done: float, plan: Plan) -> float:
    """Up in a line, down along a cosine."""
    return plan.fastest * min((steps + 1) / WARM_UP, 1.0) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))


def _threads(most: int) -> int:
    """One core while others use the machine."""
    return most if os.getloadavg()[0] < most + 1 else 1


def _keep(file: Path, pupil: Pupil, optimiser: torch.optim.Optimizer, progress: _Progress) -> None:
    part = file.with_suffix(".part")
    told = {"step": progress.step, "minutes": progress.minutes}
    torch.save({"pupil": pupil.state_dict(), "optimiser": optimiser.state_dict(), **told}, part)
    part.replace(file)


def _resumed(file: Path, pupil: Pupil, optimiser: torch.optim.Optimizer) -> tuple[int, float]:
    if not file.exists():
        return 0, 0.0
    held = torch.load(file, weights_only=True)
    pupil.load_state_dict(held["pupil"], strict=False)
    optimiser.load_state_dict(held["optimiser"])
    return int(held["step"]), float(held["minutes"])
