"""Sound in without waiting, captions out when they are ready; without it a stuck engine would hold up whoever hands it sound.

One thread pushes the sound of all rooms in turn. What waits too long is dropped: captions a minute late help nobody.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Final

import numpy as np

from .captions import Caption, Captioner, CaptionStream
from .hearing.ears import RATE, Sound
from .hearing.errors import HearingError

log = logging.getLogger(__name__)

PIECE_S: Final = 0.25
MOST_BEHIND_S: Final = 6.0
GAP_S: Final = 1.0  # sound that was not there: words on both sides are not one line
REST_S: Final = 120.0  # without sound for so long the engine gives its memory back
LONGEST_PAUSE_S: Final = 60.0
END_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class TimedCaption:
    """One state of one line on the clock of the sound's giver. `text` only ever grows until `done`."""

    start: float
    end: float
    text: str
    done: bool


Told = Callable[[TimedCaption], None]


class CaptionDesk:
    """Captions of several rooms over one engine. `told` is called in the desk's own thread. Safe to share between threads."""

    def __init__(self, captioner: Captioner, most_behind_s: float = MOST_BEHIND_S, rest_s: float = REST_S) -> None:
        self._captioner, self._rest_s = captioner, rest_s
        self._most = int(most_behind_s * RATE)
        self._feeds: deque[CaptionFeed] = deque()
        self._news = Condition()
        self._thread: Thread | None = None
        self._failures, self._not_before = 0, 0.0
        self._stopped = False

    @property
    def pid(self) -> int | None:
        """The engine's process, None while none runs."""
        return self._captioner.pid

    def open(self, told: Told, language: str = "ja") -> CaptionFeed:
        feed = CaptionFeed(self, told, language, self._most)
        with self._news:
            self._feeds.append(feed)
        return feed

    def close(self, feed: CaptionFeed) -> None:
        with self._news, suppress(ValueError):
            self._feeds.remove(feed)

    def stop(self) -> None:
        """End thread and engine, also one that is stuck."""
        with self._news:
            self._stopped = True
            self._news.notify()
        self._captioner.stop()
        if self._thread is not None:
            self._thread.join(END_S)

    def wake(self) -> None:
        """There is sound. By CaptionFeed.give: never waits for the engine."""
        with self._news:
            if self._thread is None and not self._stopped:
                self._thread = Thread(target=self._work, name="captions", daemon=True)
                self._thread.start()
            self._news.notify()

    def _work(self) -> None:
        while not self._stopped:
            feed = self._next()
            if feed is None:
                self._captioner.stop()
            elif monotonic() < self._not_before:
                feed.skip()
            else:
                self._write(feed)
        self._captioner.stop()

    def _write(self, feed: CaptionFeed) -> None:
        try:
            feed.write(self._captioner)
            self._failures = 0
        except HearingError as away:
            feed.lose()
            self._pause(away)

    def _next(self) -> CaptionFeed | None:
        """The feed whose turn it is, also to end its line when its sound has stopped; None after a long silence of all."""
        with self._news:
            until = monotonic() + self._rest_s
            while not self._stopped and monotonic() < until:
                if (feed := self._first(lambda one: one.ready)) is not None:
                    return feed
                unfinished = self._first(lambda one: one.unfinished)
                if not self._news.wait(GAP_S if unfinished else self._rest_s) and unfinished is not None:
                    return unfinished
            return None

    def _first(self, wanted: Callable[[CaptionFeed], bool]) -> CaptionFeed | None:
        """Whoever was served goes to the end of the row."""
        found = next((feed for feed in self._feeds if wanted(feed)), None)
        if found is not None:
            self._feeds.remove(found)
            self._feeds.append(found)
        return found

    def _pause(self, away: HearingError) -> None:
        """The engine died or cannot be started: the next try comes later each time, and the sound until then is let go."""
        self._failures += 1
        self._not_before = monotonic() + min(2.0 ** (self._failures - 1) - 1, LONGEST_PAUSE_S)
        if not self._stopped:
            log.warning("Captions were interrupted.", extra={"kind": type(away).__name__, "failures": self._failures})


class CaptionFeed:
    """One room's sound. Made by CaptionDesk.open; `give` and `close` may be called from an event loop, the rest is the desk's."""

    def __init__(self, desk: CaptionDesk, told: Told, language: str, most: int) -> None:
        self._desk, self._told, self._language, self._most = desk, told, language, most
        self._waiting: deque[tuple[float, Sound]] = deque()
        self._lock = Lock()
        self._size = self._fed = 0
        self._stream: CaptionStream | None = None
        self._zero = self._end = 0.0
        self._gap = False
        self._shown: TimedCaption | None = None
        self.dropped_s = 0.0

    def give(self, at: float, piece: Sound) -> None:
        """`piece` (16 kHz mono) ended at the moment `at`, in seconds on a clock that does not jump back. Too much pushes out the oldest."""
        with self._lock:
            self._waiting.append((at, piece))
            self._size += piece.size
            while self._size > self._most and len(self._waiting) > 1:
                self._drop(self._waiting.popleft()[1].size)
        if self.ready:
            self._desk.wake()

    def close(self) -> None:
        self._desk.close(self)

    @property
    def ready(self) -> bool:
        return self._size >= PIECE_S * RATE

    @property
    def unfinished(self) -> bool:
        return self._stream is not None

    def write(self, captioner: Captioner) -> None:
        """Push what is next and tell what came of it; with nothing next, end the line. Raises HearingError."""
        at, piece, follows = self._taken()
        if self._stream is not None and not (follows and piece.size):
            stream, self._stream = self._stream, None
            self._tell(stream.finish())
        if not piece.size:
            return
        if self._stream is None:
            self._stream, self._fed = captioner.open(self._language), 0
        self._fed += piece.size
        self._zero, self._end = at - self._fed / RATE, at
        self._tell(self._stream.push(piece))

    def skip(self) -> None:
        """The engine rests: this sound is let go."""
        self.dropped_s += self._taken()[1].size / RATE

    def lose(self) -> None:
        """The engine went away, and what it had heard with it. What people have read becomes a line."""
        self._stream = None
        if self._shown is not None:
            self._show(replace(self._shown, done=True))

    def _taken(self) -> tuple[float, Sound, bool]:
        """When the next piece ended, the piece (empty where none waits), and whether it follows the one before."""
        with self._lock:
            gap, self._gap = self._gap, False
            taken, size, at = [np.zeros(0, np.float32)], 0, self._end
            while self._waiting and size < PIECE_S * RATE:
                at, piece = self._waiting.popleft()
                taken.append(piece)
                size += piece.size
            self._size -= size
        return at, np.concatenate(taken), not gap and at - size / RATE - self._end < GAP_S

    def _drop(self, size: int) -> None:
        self._size -= size
        self.dropped_s += size / RATE
        self._gap = True

    def _tell(self, captions: Sequence[Caption]) -> None:
        for one in captions:
            text = one.text if one.done else one.settled
            if one.done or text not in ("", self._shown.text if self._shown else ""):
                self._show(TimedCaption(self._zero + one.start_s, self._zero + one.end_s, text, one.done))

    def _show(self, caption: TimedCaption) -> None:
        self._shown = None if caption.done else caption
        self._told(caption)
