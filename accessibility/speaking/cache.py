"""Keeps what was spoken once; without it the same fee would be synthesised for every resident who asks.

A recording's id is made from the server's secret and everything that decides its sound, so nobody can guess the address of another
person's answer, every worker process finds the same file, and equal answers share one. An id works only after we ordered it, for a day.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Final

from .containers import ogg_duration_ms
from .errors import VoiceAway
from .speaker import VERSION
from .voice import Container, Manner, Recording, Voice

ID: Final = re.compile(r"[0-9a-f]{40}")
KEPT_FOR_S: Final = 24 * 3600.0
MOST_BYTES: Final = 200_000_000
LOOK_EVERY: Final = 200  # orders between two looks at the size


class SpeechShelf:
    """Orders and recordings under one folder. Files appear whole or not at all; the oldest go when there are too many bytes."""

    def __init__(self, folder: Path, voice: Voice, secret: str, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time) -> None:
        self._folder, self._voice, self._secret = folder, voice, secret.encode()
        self._most_bytes, self._clock, self._orders, self._version = most_bytes, clock, 0, VERSION
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def order(self, text: str, manner: Manner) -> str:
        """The id under which this text can be heard from now on, for a day. Nothing is synthesised yet."""
        calm = manner.calm()
        told = json.dumps([self._version, text, calm.language, calm.speed, calm.loud], ensure_ascii=False).encode()
        speech_id = hmac.new(self._secret, told, hashlib.sha256).hexdigest()[:40]
        file = self._order_file(speech_id)
        if not self._is_fresh(file, KEPT_FOR_S / 2):
            self._write(file, told)
        self._orders += 1
        if self._orders % LOOK_EVERY == 0:
            self.tidy()
        return speech_id

    def fetch(self, speech_id: str, container: Container) -> Recording | None:
        """The recording, synthesised now if it is not there yet; None for an id that we never gave, or too long ago."""
        if not self._is_ordered(speech_id):
            return None
        kept = self._kept(speech_id, container)
        if kept is not None:
            return kept
        recording = self._voice.say(*self._ordered(speech_id), container)
        self._keep(speech_id, recording)
        return recording

    def stream(self, speech_id: str) -> Recording | Iterator[bytes] | None:
        """The OGG recording if it is kept, else its pieces while it is spoken; it is kept when the last one is taken."""
        if not self._is_ordered(speech_id):
            return None
        return self._kept(speech_id, "ogg") or self._spoken(speech_id)

    def correct(self, readings: Mapping[str, str]) -> None:
        """Staff decided readings: what was spoken before is not played for the same words any more."""
        self._voice.correct(readings)
        told = json.dumps(sorted(readings.items()), ensure_ascii=False).encode()
        self._version = f"{VERSION} {hashlib.sha256(told).hexdigest()[:16]}" if readings else VERSION

    def forget(self, speech_id: str) -> None:
        """The order and its recordings go; what is being spoken for it now is not kept."""
        if ID.fullmatch(speech_id) is None:
            return
        for file in (self._order_file(speech_id), *self._folder.glob(f"{speech_id}.*")):
            file.unlink(missing_ok=True)

    def stop(self) -> None:
        """Let the engine go; what is kept stays."""
        self._voice.stop()

    def tidy(self) -> None:
        """Orders older than a day go, then the oldest files until all fit into the size allowed."""
        now = self._clock()
        files = sorted((stat.st_mtime, stat.st_size, file) for file in self._folder.iterdir() if (stat := _stat(file)) is not None)
        total = sum(size for _, size, _ in files)
        for made, size, file in files:
            if now - made > KEPT_FOR_S or total > self._most_bytes:
                file.unlink(missing_ok=True)
                total -= size

    def _spoken(self, speech_id: str) -> Iterator[bytes]:
        pieces: list[bytes] = []
        for piece in self._voice.stream(*self._ordered(speech_id)):
            pieces.append(piece)
            yield piece
        content = b"".join(pieces)
        self._keep(speech_id, Recording(content, ogg_duration_ms(content), "ogg"))

    def _keep(self, speech_id: str, recording: Recording) -> None:
        if not self._is_ordered(speech_id):  # taken back while it was spoken
            return
        with suppress(VoiceAway):  # a full disk must not take the sound away from who listens now
            self._write(self._sound_file(speech_id, recording.container), recording.duration_ms.to_bytes(4) + recording.content)

    def _is_ordered(self, speech_id: str) -> bool:
        return ID.fullmatch(speech_id) is not None and self._is_fresh(self._order_file(speech_id), KEPT_FOR_S)

    def _ordered(self, speech_id: str) -> tuple[str, Manner]:
        _, text, language, speed, loud = json.loads(self._order_file(speech_id).read_bytes())
        return text, Manner(language, speed, loud)

    def _kept(self, speech_id: str, container: Container) -> Recording | None:
        try:
            found = self._sound_file(speech_id, container).read_bytes()
        except FileNotFoundError:
            return None
        return Recording(found[4:], int.from_bytes(found[:4]), container)

    def _is_fresh(self, file: Path, seconds: float) -> bool:
        stat = _stat(file)
        return stat is not None and self._clock() - stat.st_mtime < seconds

    def _write(self, file: Path, content: bytes) -> None:
        """Whole or not at all: another process may be reading. Raises VoiceAway when the disk is full."""
        part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
        try:
            part.write_bytes(content)
            os.utime(part, (self._clock(), self._clock()))
            part.replace(file)
        except OSError as full:
            part.unlink(missing_ok=True)
            raise VoiceAway("There is no room left to keep recordings. Free some of the disk under INCLUSION_VAR.") from full

    def _order_file(self, speech_id: str) -> Path:
        return self._folder / f"{speech_id}.order"

    def _sound_file(self, speech_id: str, container: Container) -> Path:
        return self._folder / f"{speech_id}.{container}"


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None
