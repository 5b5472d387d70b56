"""What a password must be and how it is kept: without it every door would have its own rules and leak by its timing."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Passwords:
    """Argon2id with the parameters of `hasher`. Text is NFKC, so that a full-width letter typed by an input method is the same letter."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)

    def hashed(self, password: str) -> str:
        return self.hasher.hash(settled(password))

    def match(self, stored: str | None, typed: str) -> bool:
        """Whether `typed` is the password. Without a stored hash the same work is done in vain, so that the time tells nothing."""
        try:
            return self.hasher.verify(stored or self._decoy(), settled(typed)[:LONGEST]) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, stored: str) -> bool:
        return self.hasher.check_needs_rehash(stored)

    def _decoy(self) -> str:
        """A well-formed hash with today's parameters that no password fits: as slow to check as a real one."""
        work = f"m={self.hasher.memory_cost},t={self.hasher.time_cost},p={self.hasher.parallelism}"
        salt, digest = _base64(b"\0" * self.hasher.salt_len), _base64(b"\0" * self.hasher.hash_len)
        return f"$argon2id$v=19${work}${salt}${digest}"


def fault(password: str, login: str) -> str | None:
    """Why this password cannot be used: "short", "long" or "login"; None when it can. No rules about digits or signs: length protects."""
    plain = settled(password)
    if len(plain) < SHORTEST:
        return "short"
    if len(plain) > LONGEST:
        return "long"
    if settled(login).casefold() in plain.casefold():
        return "login"
    return None


def settled(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")
