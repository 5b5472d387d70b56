"""A stranger's recording in one plain form that every browser plays; without it a host would be handed a file that anybody may have made.

Only the sound goes on: names, places and pictures that a telephone writes into its files do not. It is decoded in a process of its own, as
all recordings are, which ends when nothing came for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from threading import Timer
from typing import Any, Final

import numpy as np

from accessibility.engine_process import EngineError, EngineProcess, Frame, JobRefused
from accessibility.speaking import RATE as SPOKEN_RATE
from accessibility.speaking import Recording, recorded

from .decoding import Limits, decode
from .ears import RATE
from .errors import EarsAway, HearingError, NothingRecorded, RecordingTooLarge, refusal_of

FACTORY: Final = "accessibility.hearing.rewriting:open_rewriter"
TIMEOUT_S: Final = 15.0
REST_S: Final = 300.0


class Rewriter:
    """Safe to share between threads. Nothing is started before the first recording."""

    def __init__(self, limits: Limits, most_waiting: int = 4, rest_s: float = REST_S) -> None:
        self._limits, self._rest_s = limits, rest_s
        self._process = EngineProcess("rewriting engine", FACTORY, asdict(limits), most_waiting)
        self._rest: Timer | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def rewritten(self, recording: bytes) -> Recording:
        """As AAC. Raises HearingError: what is no recording, broken, too large or too long, or EarsAway when too many come at once."""
        if not recording:
            raise NothingRecorded()
        if len(recording) > self._limits.size:
            raise RecordingTooLarge(self._limits.size)
        try:
            told, content = list(self._process.ask({}, recording, TIMEOUT_S))[-1]
        except JobRefused as refused:
            raise refusal_of(refused.code, refused.facts) from refused
        except EngineError as away:
            raise EarsAway(str(away)) from away
        finally:
            self._rest_later()
        return Recording(content, told["duration_ms"], "m4a")

    def stop(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._process.stop()

    def _rest_later(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = Timer(self._rest_s, self._process.rest)
        self._rest.daemon = True
        self._rest.start()


def open_rewriter(settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """The factory that EngineProcess calls. `settings`: those of Limits."""
    limits = Limits(**settings)

    def work(_job: dict[str, Any], recording: bytes) -> Iterator[Frame]:
        try:
            sound = decode(recording, limits)
        except HearingError as refused:
            raise JobRefused(refused.code, {"most": limits.size if isinstance(refused, RecordingTooLarge) else limits.seconds}) from refused
        places = np.arange(round(sound.size * SPOKEN_RATE / RATE)) * (RATE / SPOKEN_RATE)
        even = np.interp(places, np.arange(sound.size), sound).astype(np.float32)
        written = recorded(even, "m4a")
        yield {"duration_ms": written.duration_ms}, written.content

    return work
