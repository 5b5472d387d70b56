"""The hours of practice: batches, steps, a checkpoint now and then; a machine that stops in between loses little."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .lesson import IGNORED, WHOLE_WINDOW, Lesson, lesson_of
from .library import Library
from .network import BLANK, Pupil

WRITING, ALIGNING, FRAMING = 0.5, 0.3, 0.5  # shares of the loss: its own work, its two helpers'
COSTLY_DRAWN: Final = 3
WARM_UP: Final = 200
TELL_EVERY: Final = 50
ALIKE: Final = 200  # batches' worth of clips that are sorted by length together
WHOLE_SHARE: Final = 4  # of the clips of a batch one in so many is heard in a whole window
WAITS_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """`whole_windows` is the share of batches heard in Whisper's full 30 s: ten times as slow, and needed only late.

    Up to `writing_from` only the helper is taught: writing cannot be learned before the words are found, and costs a third of the time.
    """

    steps: int
    batch_s: float = 30.0
    fastest: float = 3e-3
    save_every_s: float = 300.0
    threads: int = 2
    whole_windows: float = 0.0
    writing_from: int = 500
    gentle_until: int = 1000
    writing_share: float = 1.0
    minutes: float | None = None  # the pace follows the clock instead of the steps: for a machine that others use

    @property
    def most_clips(self) -> int:
        """Short replies would else fill one huge batch, and count once."""
        return max(round(self.batch_s / 1.5), 1)


@dataclass(frozen=True, slots=True)
class Others:
    """What others do while somebody is taught: `waiting` is called while there are no clips yet, `saved` after every save."""

    waiting: Callable[[], None] = lambda: None
    saved: Callable[[], None] = lambda: None


ALONE: Final = Others()


def teach(folder: Path, kept: Path, plan: Plan, seed: int, pupil: Pupil, others: Others = ALONE) -> int:
    """Goes on from `kept` where it exists; answers the steps taken. Teaches where the pupil is.

    Clips that appear in `folder` meanwhile are taken up in the next round.
    """
    device = str(next(pupil.parameters()).device)
    dice, chance = np.random.default_rng(seed), torch.Generator(device).manual_seed(seed)
    optimiser = torch.optim.AdamW(pupil.parameters(), lr=plan.fastest, betas=(0.9, 0.98), weight_decay=0.01, fused=device != "cpu")
    library, progress = Library(folder, device), _Progress(device, *_resumed(kept, pupil, optimiser))
    for chosen in _batches(library, plan, dice, others):
        if progress.done(plan) >= 1:
            break
        torch.set_num_threads(_threads(plan.threads))
        for group in optimiser.param_groups:
            group["lr"] = _pace(progress.here, progress.done(plan), plan)
        whole = dice.random() < plan.whole_windows
        some = chosen[: max(plan.most_clips // WHOLE_SHARE, 1)] if whole else chosen
        gentle = progress.step < plan.gentle_until and not whole
        with_writing = progress.step >= plan.writing_from and dice.random() < plan.writing_share
        lesson = lesson_of(library, some, pupil.signs, dice, chance, gentle, WHOLE_WINDOW if whole else None, with_writing)
        progress.after(_practise(pupil, optimiser, lesson, with_writing), lesson, len(library.clips))
        if progress.unsaved_s > plan.save_every_s:
            _keep(kept, pupil, optimiser, progress)
            others.saved()
    _keep(kept, pupil, optimiser, progress)
    return progress.step


class _Progress:
    """Tells now and then how it goes."""

    def __init__(self, device: str, step: int, minutes: float) -> None:
        self.step, self.here, self._heard_s = step, 0, 0.0
        self._losses = torch.zeros(3, device=device)
        self._began, self._cpu = time.time() - 60 * minutes, time.process_time()
        self._saved = time.time()

    @property
    def minutes(self) -> float:
        """By the clock, in all calls together."""
        return (time.time() - self._began) / 60

    @property
    def unsaved_s(self) -> float:
        return time.time() - self._saved

    def was_saved(self) -> None:
        self._saved = time.time()

    def done(self, plan: Plan) -> float:
        """The share of the plan that is behind us."""
        return self.minutes / plan.minutes if plan.minutes is not None else self.step / max(plan.steps, 1)

    def after(self, losses: Tensor, lesson: Lesson, clips: int) -> None:
        """Losses stay where they were made until they are told: to fetch them at every step would make a fast machine wait."""
        self._losses = 0.98 * self._losses + 0.02 * losses
        self.step, self.here, self._heard_s = self.step + 1, self.here + 1, self._heard_s + float(lesson.lengths.sum()) / 50
        if self.step % TELL_EVERY == 0:
            writing, aligning, framing = self._losses.tolist()
            cpu, wall = (time.process_time() - self._cpu) / 60, self.minutes
            told = f"writing {writing:.3f} aligning {aligning:.3f} framing {framing:.3f} heard {self._heard_s / 3600:.1f} h"
            print(f"step {self.step} {told} of {clips} clips cpu {cpu:.1f} min wall {wall:.2f} min", flush=True)


def _practise(pupil: Pupil, optimiser: torch.optim.Optimizer, lesson: Lesson, with_writing: bool) -> Tensor:
    heard = pupil.hear(lesson.mel)
    aligning = _alignment_loss(pupil.align(heard), lesson)
    framing = _framing_loss(pupil.frame(heard), lesson)
    writing = straying = aligning.new_zeros(())
    if with_writing:
        lengths = lesson.lengths.to(heard.device)
        chances, straying = pupil.straying(lesson.told, heard, lengths, (lesson.next_signs != IGNORED).sum(1) + 1)
        writing = _writing_loss(chances, lesson)
    optimiser.zero_grad(set_to_none=True)
    (WRITING * writing + ALIGNING * aligning + FRAMING * framing + straying).backward()
    torch.nn.utils.clip_grad_norm_(pupil.parameters(), 1.0)
    optimiser.step()
    return torch.stack([writing, aligning, framing]).detach()


def _writing_loss(chances: Tensor, lesson: Lesson) -> Tensor:
    return functional.cross_entropy(chances.flatten(0, 1), lesson.next_signs.flatten(), ignore_index=IGNORED, label_smoothing=0.02)


def _framing_loss(chances: Tensor, lesson: Lesson) -> Tensor:
    """0 for a batch whose engine did not tell the moments."""
    summed = functional.cross_entropy(chances.flatten(0, 1), lesson.heard.flatten(), ignore_index=IGNORED, reduction="sum")
    return summed / (lesson.heard != IGNORED).sum().clamp(min=1)


def _alignment_loss(chances: Tensor, lesson: Lesson) -> Tensor:
    sounds = lesson.phonemes.to(chances.device)
    return functional.ctc_loss(chances.transpose(0, 1), sounds, lesson.lengths, lesson.phoneme_counts, blank=BLANK, zero_infinity=True)


def _batches(library: Library, plan: Plan, dice: np.random.Generator, others: Others) -> Iterator[Sequence[int]]:
    """For ever; waits for the first clips. Clips of like length together: padding is wasted work."""
    left: list[int] = []
    while True:
        wanted = ALIKE * plan.most_clips
        if len(left) < wanted:
            while not library.look():
                others.waiting()
                time.sleep(WAITS_S)
            round_of = np.repeat(np.arange(len(library.clips)), [COSTLY_DRAWN if clip.costly else 1 for clip in library.clips])
            left = [*left, *dice.permutation(round_of).tolist()]
        now, left = left[:wanted], left[wanted:]
        batches = list(_grouped(now, library, plan))
        for place in dice.permutation(len(batches)):
            yield batches[place]
        if library.look() and len(library.clips) < wanted:
            left = []  # few clips so far: begin again as soon as there are more


def _grouped(chosen: Sequence[int], library: Library, plan: Plan) -> Iterator[list[int]]:
    batch: list[int] = []
    for number in sorted(chosen, key=lambda one: library.clips[one].frames):
        longest_s = library.clips[number].frames / 100
        if batch and (len(batch) >= plan.most_clips or (len(batch) + 1) * longest_s > plan.batch_s):
            yield batch
            batch = []
        batch.append(number)
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
    progress.was_saved()


def _resumed(file: Path, pupil: Pupil, optimiser: torch.optim.Optimizer) -> tuple[int, float]:
    """A file with a pupil alone begins anew, from what that pupil knows."""
    if not file.exists():
        return 0, 0.0
    held: dict[str, Any] = torch.load(file, weights_only=True, map_location=next(pupil.parameters()).device)
    pupil.load_state_dict(held["pupil"], strict=False)
    if "optimiser" in held:
        optimiser.load_state_dict(held["optimiser"])
    return int(held.get("step", 0)), float(held.get("minutes", 0.0))
