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
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Final

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
        self._most_bytes, self._clock, self._orders = most_bytes, clock, 0
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def order(self, text: str, manner: Manner) -> str:
        """The id under which this text can be heard from now on, for a day. Nothing is synthesised yet."""
        calm = manner.calm()
        told = json.dumps([VERSION, text, calm.language, calm.speed, calm.loud], ensure_ascii=False).encode()
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
        order = self._order_file(speech_id) if ID.fullmatch(speech_id) else None
        if order is None or not self._is_fresh(order, KEPT_FOR_S):
            return None
        kept = self._kept(speech_id, container)
        if kept is not None:
            return kept
        _, text, language, speed, loud = json.loads(order.read_bytes())
        recording = self._voice.say(text, Manner(language, speed, loud), container)
        with suppress(VoiceAway):  # a full disk must not take the sound away from who listens now
            self._write(self._sound_file(speech_id, container), recording.duration_ms.to_bytes(4) + recording.content)
        return recording

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
