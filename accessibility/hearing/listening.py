"""Hearing while somebody still speaks: hands-free talk and captions push sound in and are told what happens, piece by piece."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from accessibility.engine_process import EngineError, EngineProcess, JobRefused

from .ears import Heard, Hypothesis, Sound
from .errors import EarsAway
from .streams import TURN

LATE_S = 20.0


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody speaks: stop talking yourself."""


@dataclass(frozen=True, slots=True)
class HeardSoFar:
    """May change; for showing only."""

    text: str


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The end-point was decided; what was heard follows. `at_s` is when the last word ended, on the turn's own clock."""

    at_s: float


@dataclass(frozen=True, slots=True)
class TurnHeard:
    heard: Heard


@dataclass(frozen=True, slots=True)
class TurnUnheard:
    """`code` is that of a HearingError: no_speech, too_quiet, not_heard."""

    code: str


Event = SpeechBegan | HeardSoFar | SpeechEnded | TurnHeard | TurnUnheard


class ListeningStream:
    """Turns of one speaker. Push pieces of 20 to 500 ms as they come; after TurnHeard or TurnUnheard the next turn begins by itself."""

    def __init__(self, engine: EngineProcess, language: str, hints: tuple[str, ...] = (), kind: str = TURN, late_s: float = LATE_S) -> None:
        self._engine, self._name, self._late_s = engine, secrets.token_hex(8), late_s
        self._job = {"stream": self._name, "kind": kind, "language": language, "hints": list(hints)}

    def push(self, piece: Sound) -> tuple[Event, ...]:
        """What happened with this piece (16 kHz, mono). Raises EarsAway; the stream then begins anew with the next piece."""
        return _events(self.told("push", piece))

    def finish(self) -> tuple[Event, ...]:
        """The speaker pressed the button: the turn ends here."""
        return _events(self.told("finish"))

    def interrupt(self) -> None:
        """Forget what was said so far."""
        self.told("drop")

    def expect(self, hints: tuple[str, ...]) -> None:
        """Words that may be said from now on, the likeliest first."""
        self._job["hints"] = list(hints)

    def told(self, op: str, piece: Sound | None = None) -> list[Mapping[str, Any]]:
        """The engine's own words for what happened."""
        body = b"" if piece is None else (np.clip(piece, -1, 1) * 32767).astype("<i2").tobytes()
        try:
            return [header for header, _ in self._engine.ask({**self._job, "op": op}, body, self._late_s)]
        except (EngineError, JobRefused) as away:
            raise EarsAway(str(away)) from away


def _events(told: list[Mapping[str, Any]]) -> tuple[Event, ...]:
    return tuple(event for one in told if (event := _event(one)) is not None)


def _event(told: Mapping[str, Any]) -> Event | None:
    match told["event"]:
        case "began":
            return SpeechBegan()
        case "partial":
            return HeardSoFar(told["text"]) if told["text"] else None
        case "ended":
            return SpeechEnded(told["at_s"])
        case "heard":
            return TurnHeard(heard_from(told))
        case "unheard":
            return TurnUnheard(told["code"])
        case _:
            return TurnUnheard("no_speech")


def heard_from(told: Mapping[str, Any]) -> Heard:
    return Heard(tuple(Hypothesis(**one) for one in told["hypotheses"]), told["language"], told["speech_s"], told["drowned"])
