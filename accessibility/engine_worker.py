"""The engine's side of the pipe; without it every engine would answer jobs, and fail at them, in its own way."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from .engine_process import ENOUGH, Frame, JobRefused, PipeClosed, read_frame, write_frame

Work = Callable[[dict[str, Any], bytes], Iterator[Frame]]


def answer_jobs(factory: str) -> None:
    """Make the engine with the settings of the first frame, say that it is ready, then answer jobs until the pipe closes."""
    jobs, answers = _pipes()
    try:
        settings, _ = read_frame(jobs)
        work = _made(factory, settings, answers)
        if work is None:
            return
        coming = _Coming(jobs)
        while (frame := coming.next()) is not None:
            if ENOUGH not in frame[0]:  # it came after the job's end
                _answer(work, frame, answers, coming)
    except (PipeClosed, BrokenPipeError):
        return


class _Coming:
    """What comes over the pipe, read ahead: so that it is noticed in the middle of a job when nobody listens any more."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._frames: SimpleQueue[Frame | None] = SimpleQueue()
        Thread(target=self._read, daemon=True).start()

    def next(self) -> Frame | None:
        """The next frame; None when the other side has ended."""
        return self._frames.get()

    def waiting(self) -> bool:
        """Whether there is one. In the middle of a job that can only be ENOUGH, or the end."""
        return not self._frames.empty()

    def _read(self) -> None:
        try:
            while True:
                self._frames.put(read_frame(self._pipe))
        except (OSError, ValueError):
            self._frames.put(None)


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Frames keep our standard output to themselves: engines print there ("Audio saved to ..."), which goes nowhere instead."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # open as long as the process
    return jobs, answers


def _made(factory: str, settings: dict[str, Any], answers: IO[bytes]) -> Work | None:
    module, _, name = factory.partition(":")
    try:
        work: Work = getattr(importlib.import_module(module), name)(settings)
    except JobRefused as refused:
        write_frame(answers, {"refused": refused.code, "facts": dict(refused.facts)})
        return None
    except Exception as error:
        write_frame(answers, {"broken": type(error).__name__})
        return None
    write_frame(answers, {"end": True})
    return work


def _answer(work: Work, job: Frame, answers: IO[bytes], coming: _Coming) -> None:
    """One job. The words of an unexpected error stay here: they may repeat what a person said."""
    try:
        for told, sound in work(*job):
            write_frame(answers, told, sound)
            if coming.waiting():
                break
        write_frame(answers, {"end": True})
    except JobRefused as refused:
        write_frame(answers, {"refused": refused.code, "facts": dict(refused.facts)})
    except (PipeClosed, BrokenPipeError):
        raise
    except Exception as error:
        write_frame(answers, {"broken": type(error).__name__})
