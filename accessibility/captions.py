"""Live sound to timed text; without captions people who hear badly could watch a festival and not follow it.

    captioner = Captioner(open_hearing("small", folder, background=True))
    line = captioner.open("ja")
    for caption in line.push(piece): show(caption.settled)   # pieces of 16 kHz mono sound, as they come
    line.finish(); captioner.stop()

`push` waits for the engine; whoever must not wait gives sound to a caption_desk.CaptionDesk. The engine runs in a process of its own: one
live stream of captions takes most of a core.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .engine_process import EngineError, EngineProcess, JobRefused
from .hearing.ears import Sound
from .hearing.errors import EarsAway
from .hearing.listening import ListeningStream
from .hearing.streams import CAPTIONS

LATE_S: Final = 8.0  # an engine that hears nothing new for so long is stuck: it is ended and started anew


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

    def __init__(self, engine: EngineProcess, late_s: float = LATE_S) -> None:
        self._engine, self._late_s = engine, late_s

    @property
    def pid(self) -> int | None:
        """The engine's process, None while none runs."""
        return self._engine.pid

    def open(self, language: str = "ja") -> CaptionStream:
        """A new stream, once the engine runs: a first start may take long. Raises EarsAway."""
        try:
            self._engine.wake()
        except (EngineError, JobRefused) as away:
            raise EarsAway(str(away)) from away
        return CaptionStream(ListeningStream(self._engine, language, kind=CAPTIONS, late_s=self._late_s))

    def stop(self) -> None:
        """End the engine; a later stream starts a new one."""
        self._engine.stop()


class CaptionStream:
    """The captions of one stream of sound. Not safe to share between threads."""

    def __init__(self, stream: ListeningStream) -> None:
        self._stream = stream

    def push(self, piece: Sound) -> tuple[Caption, ...]:
        """What is to be shown after this piece (any length, 16 kHz, mono). Raises EarsAway: the stream is lost, open another."""
        return _captions(self._stream.told("push", piece))

    def finish(self) -> tuple[Caption, ...]:
        """The last line, when the stream has ended. Raises EarsAway."""
        return _captions(self._stream.told("finish"))


def _captions(told: list[Mapping[str, Any]]) -> tuple[Caption, ...]:
    return tuple(Caption(**{name: value for name, value in one.items() if name != "event"}) for one in told)
