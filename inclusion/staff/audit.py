"""Who changed what, and when: without it nobody could answer for what happens behind the staff door."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from inclusion.database import StorageError, moment

CODE = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")

Detail = str | int | bool | None


class PersonalWords(StorageError):
    def __init__(self, name: str) -> None:
        super().__init__(f"The audit detail '{name}' is not a code or a number. Write an id instead of words: entries are kept for years.")
        self.name = name


class AuditEntry(SQLModel, table=True):
    """Never changed and never deleted (the database refuses). No foreign key: an entry outlives what it tells of."""

    __tablename__ = "audit_entry"

    number: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=moment(index=True))
    staff_id: int | None
    action: str
    subject_kind: str
    subject_id: str
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def record(
    session: Session,
    *,
    at: datetime,
    staff_id: int | None,
    action: str,
    subject_kind: str,
    subject_id: str,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Write an entry in the transaction of the change it tells of. `staff_id` is None for a command at the server's own terminal.

    Raises PersonalWords for a detail that could be a sentence, a name or an address.
    """
    kept = dict(details or {})
    for name, value in kept.items():
        if isinstance(value, str) and not CODE.fullmatch(value):
            raise PersonalWords(name)
    session.add(AuditEntry(at=at, staff_id=staff_id, action=action, subject_kind=subject_kind, subject_id=subject_id, details=kept))


def last_entries(session: Session, limit: int = 20) -> Sequence[AuditEntry]:
    return session.exec(select(AuditEntry).order_by(col(AuditEntry.number).desc()).limit(limit)).all()
