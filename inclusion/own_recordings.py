"""Recordings of people who agreed that theirs may be kept; without their word a recording is gone when its words are known.

One folder for each who agreed, named by a digest of a key that only their browser holds: nobody can tell from a folder whose it is.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

KEPT_FOR: Final = timedelta(days=30)
MOST_KEPT: Final = 50  # of one person
MOST_BYTES: Final = 500_000_000  # of all together
NAME: Final = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}")
TIME: Final = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """`name` finds it again, with the key of whoever said it."""

    name: str
    at: datetime


class OwnRecordings:
    """Recordings under one folder. A `key` that never agreed, or took its word back, keeps nothing and finds nothing."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._clock, self._most_bytes = folder, clock, most_bytes

    def agree(self) -> str:
        """A new key under which recordings are kept from now on. Raises OSError when the disk is full."""
        key = secrets.token_urlsafe(24)
        self._of(key).mkdir(parents=True, mode=0o700)
        return key

    def agreed(self, key: str) -> bool:
        return bool(key) and self._of(key).is_dir()

    def keep(self, key: str, recording: bytes) -> None:
        """Whole or not at all, and only with consent. A full disk keeps nothing: the answer matters more."""
        if not recording or not self.agreed(key):
            return
        self.tidy()
        if sum(file.stat().st_size for file in self._folder.glob("*/*")) + len(recording) > self._most_bytes:
            log.warning("A recording was not kept: there is no more room for recordings.")
            return
        file = self._of(key) / f"{self._clock().astimezone(UTC).strftime(TIME)}-{secrets.token_hex(4)}"
        part = file.with_suffix(".part")
        try:
            part.write_bytes(recording)
            part.replace(file)
        except OSError as full:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            log.warning("A recording was not kept.", extra={"kind": type(full).__name__})
            return
        for old in self.kept(key)[MOST_KEPT:]:
            (self._of(key) / old.name).unlink(missing_ok=True)

    def kept(self, key: str) -> list[KeptRecording]:
        """The newest first."""
        if not self.agreed(key):
            return []
        names = sorted((file.name for file in self._of(key).iterdir() if NAME.fullmatch(file.name)), reverse=True)
        return [KeptRecording(name, _said_at(name)) for name in names]

    def content(self, key: str, name: str) -> bytes | None:
        """What was said; None where this key has no such recording."""
        if not NAME.fullmatch(name) or not self.agreed(key):
            return None
        try:
            return (self._of(key) / name).read_bytes()
        except FileNotFoundError:
            return None

    def erase(self, key: str) -> None:
        """All of them, and the consent with them."""
        if self.agreed(key):
            shutil.rmtree(self._of(key))

    def tidy(self) -> None:
        """What is older than a month goes, whoever agreed to it."""
        oldest = self._clock() - KEPT_FOR
        for file in self._folder.glob("*/*"):
            if not NAME.fullmatch(file.name) or _said_at(file.name) < oldest:
                file.unlink(missing_ok=True)

    def _of(self, key: str) -> Path:
        return self._folder / hashlib.sha256(key.encode()).hexdigest()[:32]


def _said_at(name: str) -> datetime:
    return datetime.strptime(name[:15], TIME).replace(tzinfo=UTC)
