"""What the staff tests share: a quick real hasher, a password, and what was written down."""

from __future__ import annotations

from collections.abc import Callable

from argon2 import PasswordHasher
from sqlmodel import select

from inclusion.database import Database
from inclusion.staff.accounts import Staff
from inclusion.staff.audit import AuditEntry

PASSWORD = "correct horse 電池"

Add = Callable[..., Staff]
Enter = Callable[..., str]


class CountingHasher(PasswordHasher):
    """Real argon2 with the smallest work, which remembers every check it made."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=64, parallelism=1)
        self.checked: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.checked.append(str(hash))
        return super().verify(hash, password)


def deeds(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(AuditEntry.action).order_by(AuditEntry.number)))
