"""The engine's side of the pipe; without it every engine would answer jobs, and fail at them, in its own way."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

from .engine_process import Frame, JobRefused, PipeClosed, read_frame, write_frame

Work = Callable[[dict[str, Any], bytes], Iterator[Frame]]


def answer_jobs(factory: str) -> None:
    """Make the engine with the settings of the first frame, say that it is ready, then answer jobs until the pipe closes."""
    jobs, answers = _pipes()
    try:
        settings, _ = read_frame(jobs)
        work = _made(factory, settings, answers)
        while work is not None:
            header, body = read_frame(jobs)
            _answer(work, header, body, answers)
    except (PipeClosed, BrokenPipeError):
        return


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


def _answer(work: Work, header: dict[str, Any], body: bytes, answers: IO[bytes]) -> None:
    """One job. The words of an unexpected error stay here: they may repeat what a person said."""
    try:
        for told, sound in work(header, body):
            write_frame(answers, told, sound)
        write_frame(answers, {"end": True})
    except JobRefused as refused:
        write_frame(answers, {"refused": refused.code, "facts": dict(refused.facts)})
    except (PipeClosed, BrokenPipeError):
        raise
    except Exception as error:
        write_frame(answers, {"broken": type(error).__name__})
