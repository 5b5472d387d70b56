"""Gives answers a voice on every channel; without it each door would order, wait for and address recordings in its own way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import replace
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any, Final

from accessibility import Aloud
from accessibility.speaking import Container, Manner, Recording, SpeakingError, SpeechShelf, VoiceAway
from inclusion.turn import Turn

log = logging.getLogger(__name__)

WAITS_FOR_SOUND: Final = ("line",)  # its messages name the length of a recording, so it must be there first
PLAYS_LATER: Final = ("telegram",)  # the text goes out at once, and the recording behind it
LONGEST_SPOKEN: Final = 600
WAIT_S: Final = 1.5


class Voices:
    """Orders recordings for answers. A voice is a courtesy: an answer never waits long for it, and goes out without it."""

    def __init__(self, shelf: SpeechShelf, public_url: str, wait_s: float = WAIT_S, clock: Callable[[], float] = monotonic) -> None:
        self._shelf, self._public_url, self._wait_s, self._clock = shelf, public_url, wait_s, clock
        self._one_at_a_time = ThreadPoolExecutor(1, thread_name_prefix="speech")
        self._rested_at, self._lock = 0.0, Lock()

    def order(self, spoken: str, language: str, speed: float, loud: bool = False) -> str:
        """The id under which a page can fetch this text as sound; "" when there is nothing to say or no room to keep it."""
        if not spoken or len(spoken) > LONGEST_SPOKEN:
            return ""
        try:
            return self._shelf.order(spoken, Manner(language, speed, loud))
        except VoiceAway as away:
            log.warning("%s", away)
            return ""

    def fetch(self, speech_id: str, container: Container) -> Recording | None:
        """The recording for an id that `order` gave. Raises SpeakingError."""
        return self._shelf.fetch(speech_id, container)

    def stream(self, speech_id: str) -> Recording | Iterator[bytes] | None:
        """The OGG recording, or its pieces as they are spoken. The engine never waits for a slow listener: pieces are collected beside."""
        found = self._shelf.stream(speech_id)
        return found if found is None or isinstance(found, Recording) else collected(found)

    def aloud(self, channel: str, turn: Turn) -> Turn:
        """The same turn with its recording, for a channel that plays one and a person who wants one."""
        wishes = turn.memory.preferences
        waits = channel in WAITS_FOR_SOUND and self._public_url.startswith("https://")
        if not wishes.voice or not (waits or channel in PLAYS_LATER):
            return turn
        speech_id = self.order(turn.rendered.spoken, turn.rendered.language, wishes.speed, wishes.loud)
        recording = self._in_time(speech_id) if speech_id and waits else None
        if not speech_id or (waits and recording is None):
            return turn
        address = f"{self._public_url}/api/v1/speech/{speech_id}.m4a"
        spoken = Aloud(address, recording.duration_ms if recording else 0, speech_id)
        return replace(turn, rendered=replace(turn.rendered, aloud=spoken))

    def note(self, speech_id: str) -> tuple[bytes, int] | None:
        """The sound and the length of a voice note for Telegram; None when there is none to be had."""
        try:
            found = self._shelf.fetch(speech_id, "ogg")
        except SpeakingError as missing:
            log.info("An answer went out without its recording.", extra={"kind": type(missing).__name__})
            return None
        return None if found is None else (found.content, found.duration_ms)

    def correct(self, readings: Mapping[str, str]) -> None:
        """Staff decided how these words (written -> hiragana) are read: everything ordered from now on is spoken so."""
        self._shelf.correct(readings)

    def forget(self, speech_id: str) -> None:
        """What was spoken for an answer that was taken back goes."""
        self._shelf.forget(speech_id)

    def close(self) -> None:
        self._one_at_a_time.shutdown(wait=False, cancel_futures=True)
        self._shelf.stop()

    def _in_time(self, speech_id: str) -> Recording | None:
        """What is ready at once is always taken. New sound is waited for shortly, and after a wait the next answers do not wait as long
        again: in a rush everybody gets the text, and the recording is there for who asks next."""
        coming: Future[Recording | None] = self._one_at_a_time.submit(self._shelf.fetch, speech_id, "m4a")
        began = self._clock()
        with self._lock:
            patience = self._wait_s if began >= self._rested_at else 0.05
        try:
            return coming.result(patience)
        except (SpeakingError, TookTooLong) as missing:
            log.info("An answer went out without its recording.", extra={"kind": type(missing).__name__})
            return None
        finally:
            with self._lock:
                self._rested_at = max(self._rested_at, 2 * self._clock() - began)


def collected(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, taken as fast as they come by a thread of their own. The first one is waited for here: raises SpeakingError."""
    ready: SimpleQueue[bytes | BaseException | None] = SimpleQueue()

    def take() -> None:
        try:
            for piece in pieces:
                ready.put(piece)
            ready.put(None)
        except BaseException as error:  # handed to whoever listens
            ready.put(error)

    Thread(target=take, name="speech stream", daemon=True).start()
    first = ready.get()
    if isinstance(first, BaseException):
        raise first
    return _rest(first, ready)


def _rest(first: bytes | None, ready: SimpleQueue[bytes | BaseException | None]) -> Iterator[bytes]:
    piece: bytes | BaseException | None = first
    while isinstance(piece, bytes):
        yield piece
        piece = ready.get()
    if piece is not None:  # the voice broke off: what was said stays said
        log.warning("An answer broke off while it was spoken.", extra={"kind": type(piece).__name__})


def with_recording(messages: tuple[dict[str, Any], ...], aloud: Aloud | None, most: int = 5) -> tuple[dict[str, Any], ...]:
    """LINE messages followed by the recording, if there is one and it may be added.

    LINE shows quick replies only under the last message, so they move to it.
    """
    if aloud is None or not messages or len(messages) >= most:
        return messages
    *before, last = messages
    sound: dict[str, Any] = {"type": "audio", "originalContentUrl": aloud.address, "duration": max(aloud.duration_ms, 1)}
    moved: Mapping[str, Any] = {name: last[name] for name in ("quickReply", "sender") if name in last}
    return (*before, {name: value for name, value in last.items() if name != "quickReply"}, {**sound, **moved})
