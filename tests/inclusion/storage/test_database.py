"""Opening a database, and what its two kinds of transaction promise."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlmodel import select

from accessibility import Person
from inclusion.database import BadAddress, Database, open_database


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "is not an address"),
        ("mysql://root:geheim@db/town", "names the database 'mysql'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql://town:geheim@db", "names no database"),
    ],
)
def test_a_wrong_address_gets_one_clear_sentence_without_the_password(url: str, problem: str) -> None:
    with pytest.raises(BadAddress) as refused:
        open_database(url)
    assert problem in str(refused.value)
    assert "postgresql://user:password@host/name" in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadAddress, match="cannot be made"):
        open_database(f"sqlite:///{tmp_path}/file/town.db")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_postgresql_is_understood(scheme: str) -> None:
    database = open_database(f"{scheme}://town@db/town")
    assert database.engine.url.drivername == "postgresql+psycopg"
    database.close()


def test_the_database_answers_a_ping_and_one_that_is_away_does_not(database: Database) -> None:
    database.ping()
    away = open_database("postgresql://nobody@127.0.0.1:1/town")
    with pytest.raises(OperationalError):
        away.ping()
    away.close()


def test_what_is_written_is_there_and_what_failed_is_not(database: Database, now: datetime) -> None:
    with database.writing() as session:
        session.add(Person(id="kept", created_at=now))
    with pytest.raises(RuntimeError), database.writing() as session:
        session.add(Person(id="lost", created_at=now))
        session.flush()
        raise RuntimeError
    assert _people(database) == ["kept"]


def test_reading_cannot_write_and_writing_works_afterwards(database: Database, now: datetime) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        session.add(Person(created_at=now))
    with database.writing() as session:
        session.add(Person(id="kept", created_at=now))
    assert _people(database) == ["kept"]


def test_a_time_of_any_zone_comes_back_as_the_same_moment_and_aware(database: Database) -> None:
    japan = timezone(timedelta(hours=9))
    moment = datetime(2026, 1, 1, 0, 30, tzinfo=japan)
    with database.writing() as session:
        session.add(Person(id="p", created_at=moment))
    with database.reading() as session:
        kept = session.get_one(Person, "p").created_at
    assert kept == moment
    assert kept.tzinfo is not None


def test_sqlite_refuses_a_time_without_a_zone(migrated_sqlite: Path, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.writing() as session:
        session.connection().execute(text("CREATE TABLE person (id TEXT, created_at TEXT, stored_preferences TEXT)"))
    with pytest.raises(StatementError, match="without a zone"), database.writing() as session:
        session.add(Person(created_at=datetime(2026, 1, 1)))  # noqa: DTZ001
    database.close()


def test_an_error_never_repeats_what_was_being_stored(database: Database, now: datetime) -> None:
    with database.writing() as session:
        session.add(Person(id="twice", created_at=now))
    with pytest.raises(DBAPIError) as refused, database.writing() as session:
        session.add(Person(id="twice", created_at=now, stored_preferences={"said": "ひみつ"}))
    assert "ひみつ" not in str(refused.value)
    assert "\\u3072" not in str(refused.value)


def test_sqlite_is_durable_and_keeps_foreign_keys(migrated_sqlite: Path) -> None:
    database = open_database(f"sqlite:///{migrated_sqlite}")
    with database.reading() as session:
        pragmas = {name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
    database.close()
    assert pragmas == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def _count_then_add(database: Database, now: datetime, ready: threading.Barrier, writing: bool) -> None:
    """Two threads each look how many there are, pause, and add one when there is none."""
    ready.wait()
    with database.writing() as session:
        if not writing:  # the control: give back the lock that `writing` took, as SQLite's default driver would
            session.connection().exec_driver_sql("COMMIT")
            session.connection().exec_driver_sql("BEGIN")
        there = len(session.exec(select(Person)).all())
        time.sleep(0.05)
        if not writing:
            session.connection().exec_driver_sql("COMMIT")
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        if there == 0:
            session.add(Person(created_at=now))


def _race(database: Database, now: datetime, writing: bool) -> int:
    ready = threading.Barrier(4)
    threads = [threading.Thread(target=_count_then_add, args=(database, now, ready, writing)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(_people(database))


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Database:
    (tmp_path / "race.db").write_bytes(migrated_sqlite.read_bytes())
    return open_database(f"sqlite:///{tmp_path / 'race.db'}")


def test_sqlite_lets_nobody_overtake_between_looking_and_writing(sqlite: Database, now: datetime) -> None:
    assert _race(sqlite, now, writing=True) == 1
    sqlite.close()


def test_control_without_begin_immediate_somebody_overtakes(sqlite: Database, now: datetime) -> None:
    assert _race(sqlite, now, writing=False) > 1
    sqlite.close()


def _people(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Person.id)))
