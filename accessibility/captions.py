"""Live sound to timed text; without captions people who hear badly could watch a festival and not follow it.

    captioner = Captioner(open_hearing("small", folder))
    line = captioner.open("ja")
    for caption in line.push(piece): show(caption.text)      # pieces of 16 kHz mono sound, as they come
    line.finish(); captioner.stop()

The engine runs in a process of its own: one live stream of captions takes most of a core.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .engine_process import EngineProcess
from .hearing.ears import Sound
from .hearing.listening import ListeningStream
from .hearing.streams import CAPTIONS


@dataclass(frozen=True, slots=True)
class Caption:
    """One state of one line. `settled` will not change any more, `pending` may; `done` closes the line. Seconds since the stream began."""

    line: int
    settled: str
    pending: str
    start_s: float
    end_s: float
    done: bool

    @property
    def text(self) -> str:
        return self.settled + self.pending


class Captioner:
    """Captions over one engine process: give it one that nothing else uses. Opened with the first stream."""

    def __init__(self, engine: EngineProcess) -> None:
        self._engine = engine

    def open(self, language: str = "ja") -> CaptionStream:
        return CaptionStream(ListeningStream(self._engine, language, kind=CAPTIONS))

    def stop(self) -> None:
        self._engine.stop()


class CaptionStream:
    """The captions of one stream of sound. Not safe to share between threads."""

    def __init__(self, stream: ListeningStream) -> None:
        self._stream = stream

    def push(self, piece: Sound) -> tuple[Caption, ...]:
        """What is to be shown after this piece (any length, 16 kHz, mono). Raises EarsAway (late, broken): skip the piece and go on."""
        return _captions(self._stream.told("push", piece))

    def finish(self) -> tuple[Caption, ...]:
        """The last line, when the stream has ended."""
        return _captions(self._stream.told("finish"))


def _captions(told: list[Mapping[str, Any]]) -> tuple[Caption, ...]:
    return tuple(Caption(**{name: value for name, value in one.items() if name != "event"}) for one in told)
