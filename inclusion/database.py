"""The one way to the database: without it every table would open, lock and time its transactions in its own manner.

StorageError
├── BadAddress      DATABASE_URL is not an address we can open
├── LeaseLost       somebody else has taken over the row we were working on
└── (inbox, staff_accounts and audit add their own kinds)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Column, DateTime, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

BUSY_S = 10  # how long a writer waits for another writer before it gives up, on both databases
POSTGRESQL = "postgresql+psycopg"
SCHEMES = {"sqlite": "sqlite", "postgres": POSTGRESQL, "postgresql": POSTGRESQL, POSTGRESQL: POSTGRESQL}


class StorageError(Exception):
    """Base of every error about what we keep."""


class BadAddress(StorageError):
    """Carries what is wrong, never the address itself: it may hold a password."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"DATABASE_URL {problem}. Write sqlite:///folder/file.db or postgresql://user:password@host/name.")
        self.problem = problem


class LeaseLost(StorageError):
    """Raised inside a transaction, so that everything done under the lost lease is rolled back."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This {what} is no longer ours: the lease ran out and another worker took it. Nothing was changed.")
        self.what = what


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `writing` commits when its block ends well and rolls back otherwise; `reading` cannot change anything."""

    engine: Engine

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self._readers(), expire_on_commit=False) as session, session.begin():
            yield session

    def ping(self) -> None:
        """Raise what the driver raises when the database does not answer."""
        with self._readers().connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()

    def _readers(self) -> Engine:
        return self.engine.execution_options(postgresql_readonly=True, reads=True)


def open_database(url: str) -> Database:
    """Open `sqlite:///…`, `postgresql://…` or `postgres://…`. Raises BadAddress with one clear sentence.

    Parameters are hidden in the errors of both engines: they hold what residents said, and errors are logged.
    """
    address = _address(url)
    return Database(_open_sqlite(address) if address.drivername == "sqlite" else _open_postgresql(address))


def moment(*, nullable: bool = False, index: bool = False) -> Column[datetime]:
    """A column for an aware time. Each call makes a new column, as SQLAlchemy asks."""
    return Column(DateTime(timezone=True), nullable=nullable, index=index)


def insert_unless_there(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that break no unique rule and leave out the others; returns how many were new."""
    if not rows:
        return 0
    connection = session.connection()
    # Counted by what comes back: psycopg tells no row count for many rows at once.
    statement = _insert_or_nothing(table, connection.dialect).returning(*table.primary_key.columns)
    return len(connection.execute(statement, rows).all())


def inserted_number(session: Session, table: Table, row: Mapping[str, Any]) -> int | None:
    """Insert one row unless it is there; returns the number the database gave it, None when it was there."""
    connection = session.connection()
    statement = _insert_or_nothing(table, connection.dialect).returning(*table.primary_key.columns)
    number: int | None = connection.execute(statement, row).scalar_one_or_none()
    return number


def _insert_or_nothing(table: Table, dialect: Dialect) -> Any:
    if dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def _address(url: str) -> URL:
    try:
        address = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise BadAddress("is not an address") from None
    if address.drivername not in SCHEMES:
        raise BadAddress(f"names the database '{address.drivername}', which this platform cannot use")
    address = address.set(drivername=SCHEMES[address.drivername])
    if address.drivername == "sqlite" and address.database in (None, "", ":memory:"):
        raise BadAddress("names no file, and a database in memory forgets everything at the next start")
    if address.drivername == POSTGRESQL and not address.database:
        raise BadAddress("names no database after the host")
    return address


def _open_sqlite(address: URL) -> Engine:
    _make_folder(Path(str(address.database)).parent)
    engine = create_engine(
        address, connect_args={"timeout": BUSY_S}, pool_size=8, max_overflow=40, pool_timeout=BUSY_S, hide_parameters=True
    )
    # Aware in, aware out for every table of every package: SQLite itself knows no time zones and would forget ours.
    engine.dialect.colspecs = {**engine.dialect.colspecs, DateTime: _AwareDateTime}
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadAddress(f"points into the folder {folder}, which cannot be made ({problem.strerror})") from None


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """WAL: readers and the one writer do not wait for each other.

    synchronous=FULL: a channel that got our 200 never sends the event again, so a commit must survive a power cut; with NORMAL the
    last commits of a WAL may be lost. The inbox commits in groups, so the price is a few disk syncs a second, not one an event.
    """
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """BEGIN IMMEDIATE takes the write lock before anything is read, so that check-then-write cannot be overtaken."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _open_postgresql(address: URL) -> Engine:
    options = f"-c timezone=UTC -c lock_timeout={BUSY_S}s -c idle_in_transaction_session_timeout=60s"
    given = {} if "options" in address.query else {"options": options}
    return create_engine(
        address, connect_args=given, pool_size=8, max_overflow=12, pool_timeout=BUSY_S, pool_pre_ping=True, hide_parameters=True
    )


class _AwareDateTime(sqlite.DATETIME):
    """Stores UTC, gives back aware times, and refuses a time without a zone."""

    def bind_processor(self, dialect: Dialect) -> Any:
        store = cast(Callable[[datetime], str], super().bind_processor(dialect))

        def in_utc(value: datetime | None) -> str | None:
            if value is None:
                return None
            if value.tzinfo is None:
                raise ValueError("A time without a zone cannot be kept: pass an aware datetime.")
            return store(value.astimezone(UTC).replace(tzinfo=None))

        return in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        load = cast(Callable[[str], datetime], super().result_processor(dialect, coltype))

        def aware(value: str | None) -> datetime | None:
            return None if value is None else load(value).replace(tzinfo=UTC)

        return aware


__all__ = [
    "BadAddress",
    "Database",
    "LeaseLost",
    "StorageError",
    "insert_unless_there",
    "inserted_number",
    "moment",
    "open_database",
]
