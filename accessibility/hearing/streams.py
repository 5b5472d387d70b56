"""Sound that is still coming, in the hearing process; without it hands-free talk and captions would wait for a whole recording."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Final, Protocol

import numpy as np

from accessibility.engine_process import Frame

from .ears import RATE, Heard, Sound
from .endpointing import FRAME, SpeechStream
from .errors import HearingError
from .turn_taking import Moment, TurnTaker

TURN, CAPTIONS = "turn", "captions"
MOST_STREAMS: Final = 16
BEFORE_S: Final = 0.3  # the first sound of a word is soft: it is kept from before the voice was noticed
PARTIAL_EVERY_S: Final = 1.2
STILL: Final = (Moment.ENDED, Moment.TOO_LONG)

Recognise = Callable[[Sound], Heard]


class Stream(Protocol):
    def push(self, piece: Sound) -> Iterator[dict[str, Any]]: ...

    def finish(self) -> Iterator[dict[str, Any]]: ...


class Streams:
    """The open streams of one engine; the one not heard of for longest goes when there are too many."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Stream] = OrderedDict()

    def work(self, job: dict[str, Any], body: bytes, opened: Callable[[], Stream]) -> Iterator[Frame]:
        """`job`: op (push, finish, drop), stream. Pieces are 16-bit samples."""
        name, op = job["stream"], job["op"]
        if op == "drop":
            self._open.pop(name, None)
            return
        stream = self._open.pop(name, None) or opened()
        piece = (np.frombuffer(body, dtype="<i2") / 32768).astype(np.float32)
        yield from ((event, b"") for event in stream.push(piece))
        if op == "finish":
            yield from ((event, b"") for event in stream.finish())
            return
        self._open[name] = stream
        while len(self._open) > MOST_STREAMS:
            self._open.popitem(last=False)


class Turn:
    """One turn of hands-free talk: began, partial texts, paused, then ended with what was heard, or why not. Then the next."""

    def __init__(self, voices: SpeechStream, recognise: Recognise) -> None:
        self._voices, self._recognise = voices, recognise
        self._taker = TurnTaker()
        self._sound: Sound = np.zeros(0, dtype=np.float32)
        self._last_partial = 0

    def push(self, piece: Sound) -> Iterator[dict[str, Any]]:
        self._sound = np.concatenate([self._sound, piece])
        for chance in self._voices.probabilities(piece):
            moment = self._taker.feed(chance)
            if moment is not None:
                yield from self._at(moment)
        yield from self._partial()

    def finish(self) -> Iterator[dict[str, Any]]:
        """The button was pressed again: what there is, is the question."""
        yield from self._ended() if self._taker.began_s is not None else iter([{"event": Moment.NOBODY.value}])

    def _at(self, moment: Moment) -> Iterator[dict[str, Any]]:
        if moment in STILL:
            yield from self._ended()
            return
        if moment is Moment.PAUSED:
            text = self._text()
            self._taker.so_far(text)
            yield {"event": "partial", "text": text}
            return
        if moment is Moment.NOBODY:
            self._begin_anew()
        elif moment is Moment.BEGAN:
            self._last_partial = self._sound.size
        yield {"event": moment.value}

    def _partial(self) -> Iterator[dict[str, Any]]:
        if self._taker.began_s is not None and self._sound.size - self._last_partial >= PARTIAL_EVERY_S * RATE:
            yield {"event": "partial", "text": self._text()}

    def _text(self) -> str:
        self._last_partial = self._sound.size
        try:
            return self._recognise(self._spoken()).text
        except HearingError:
            return ""

    def _ended(self) -> Iterator[dict[str, Any]]:
        yield {"event": Moment.ENDED.value, "at_s": self._taker.last_voice_s}
        try:
            yield {"event": "heard", **asdict(self._recognise(self._spoken()))}
        except HearingError as refused:
            yield {"event": "unheard", "code": refused.code}
        self._begin_anew()

    def _spoken(self) -> Sound:
        begin = max((self._taker.began_s or 0.0) - BEFORE_S, 0.0)
        return self._sound[int(begin * RATE) :]

    def _begin_anew(self) -> None:
        """What is left of the last frame stays with the voices; the clock starts again."""
        self._taker, self._sound, self._last_partial = TurnTaker(), self._sound[:0], 0


class CaptionLines:
    """Lines of captions. A sign is settled when two hearings in a row agree on all signs up to it; a pause settles the line.

    What the ears are not sure of is left out.
    """

    LEAST_SURE: Final = 0.5
    EVERY_S: Final = 0.9
    PAUSE_FRAMES: Final = 20  # of 32 ms
    LONGEST_S: Final = 12.0

    def __init__(self, voices: SpeechStream, recognise: Recognise) -> None:
        self._voices, self._recognise = voices, recognise
        self._sound: Sound = np.zeros(0, dtype=np.float32)
        self._start_s = 0.0  # of the sound that is kept
        self._line, self._silent = 0, 0
        self._speaking, self._looked = False, 0
        self._last, self._settled = "", ""

    def push(self, piece: Sound) -> Iterator[dict[str, Any]]:
        self._sound = np.concatenate([self._sound, piece])
        for chance in self._voices.probabilities(piece):
            self._silent = 0 if chance >= 0.5 else self._silent + 1
            self._speaking = self._speaking or chance >= 0.5
        if not self._speaking:
            self._forget(BEFORE_S)
        elif self._silent >= self.PAUSE_FRAMES or self._sound.size >= self.LONGEST_S * RATE:
            yield from self.finish()
        elif self._sound.size - self._looked >= self.EVERY_S * RATE:
            yield self._look()

    def finish(self) -> Iterator[dict[str, Any]]:
        if self._speaking:
            heard = self._heard()
            # What was settled stays: people have read it.
            text = heard if heard.startswith(self._settled) else self._settled + heard[len(self._settled) :]
            if text:
                yield self._caption(text, "", True)
                self._line += 1
        self._speaking, self._looked, self._last, self._settled = False, 0, "", ""
        self._forget(self._silent * FRAME / RATE if self._silent < self.PAUSE_FRAMES else BEFORE_S)

    def _look(self) -> dict[str, Any]:
        self._looked = self._sound.size
        heard = self._heard()
        agreed = _common(self._last, heard)
        if len(agreed) > len(self._settled) and agreed.startswith(self._settled):
            self._settled = agreed
        self._last = heard
        return self._caption(self._settled, heard[len(self._settled) :], False)

    def _heard(self) -> str:
        try:
            heard = self._recognise(self._sound)
        except HearingError:
            return ""
        return heard.text if heard.confidence >= self.LEAST_SURE else ""

    def _caption(self, settled: str, pending: str, done: bool) -> dict[str, Any]:
        end_s = self._start_s + self._sound.size / RATE
        told = {"line": self._line, "settled": settled, "pending": pending, "done": done}
        return {"event": "caption", **told, "start_s": round(self._start_s, 2), "end_s": round(end_s, 2)}

    def _forget(self, kept_s: float) -> None:
        gone = max(self._sound.size - int(kept_s * RATE), 0)
        self._sound, self._start_s = self._sound[gone:], self._start_s + gone / RATE


def _common(one: str, other: str) -> str:
    size = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:size]
