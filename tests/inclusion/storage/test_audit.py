"""The audit tells who did what, holds no personal words, and cannot be rewritten."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inclusion.database import Database
from inclusion.staff.audit import AuditEntry, PersonalWords, last_entries, record


def write(database: Database, now: datetime, action: str = "class.cancel", **details: object) -> None:
    with database.writing() as session:
        record(session, at=now, staff_id=1, action=action, subject_kind="class", subject_id="12", details=details)  # type: ignore[arg-type]


def test_the_last_entries_come_newest_first(database: Database, now: datetime) -> None:
    write(database, now, "class.open", seats=10)
    write(database, now, "class.cancel", reason="typhoon")
    with database.reading() as session:
        entries = last_entries(session, 5)
    assert [(entry.action, entry.details) for entry in entries] == [("class.cancel", {"reason": "typhoon"}), ("class.open", {"seats": 10})]


@pytest.mark.parametrize("words", ["山田花子", "she called twice", "hanako@example.jp", "x" * 65])
def test_names_and_sentences_are_refused(database: Database, now: datetime, words: str) -> None:
    with pytest.raises(PersonalWords, match="an id instead of words"):
        write(database, now, note=words)


@pytest.mark.parametrize("deed", ["UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_delete_an_entry(database: Database, now: datetime, deed: str) -> None:
    write(database, now)
    with pytest.raises(DBAPIError, match="never changed"), database.writing() as session:
        session.connection().execute(text(deed))
    with database.reading() as session:
        assert [entry.action for entry in last_entries(session)] == ["class.cancel"]


def test_an_entry_and_its_change_stand_or_fall_together(database: Database, now: datetime) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        record(session, at=now, staff_id=1, action="class.cancel", subject_kind="class", subject_id="12")
        session.flush()
        raise RuntimeError
    with database.reading() as session:
        assert session.get(AuditEntry, 1) is None
