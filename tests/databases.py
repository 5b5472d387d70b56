"""Databases for tests: a fresh SQLite file or a database on a private PostgreSQL server, each brought to head by our own migrations."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from inclusion.database import Database, open_database
from inclusion.migrations import upgrade

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated file; each test works on a copy."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, without a database name; stopped and removed at the end."""
    with private_postgres() as server:
        if server is None:
            pytest.skip("No PostgreSQL server is installed (on Debian: apt-get install postgresql), so only SQLite is tested.")
        yield server


@contextmanager
def private_postgres() -> Iterator[str | None]:
    """The same outside the suite; None where no server is installed."""
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_roomy_place()))
    user = "postgres" if os.geteuid() == 0 else None  # initdb refuses root
    if user:
        shutil.chown(folder, user)
    try:
        _start(binaries, folder, user)
        yield f"postgresql://postgres@/{{name}}?host={folder}"
    finally:
        _run([binaries / "pg_ctl", "stop", "-D", folder / "data", "-m", "immediate"], folder, user, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_postgres(server: str) -> Iterator[str]:
    """The address of an empty database on such a server, dropped at the end."""
    name = f"d{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name}")
    yield server.format(name=name).replace("postgresql://", "postgresql+psycopg://")
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """A migrated database that every test's own database is copied from."""
    _execute(postgres_server, "CREATE DATABASE migrated")
    upgrade(postgres_server.format(name="migrated"))
    return postgres_server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database of the test's own, on each of the two kinds."""
    if request.param == "sqlite":
        copy = tmp_path / "town.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), copy)
        yield f"sqlite:///{copy}"
        return
    server, name = request.getfixturevalue("migrated_postgres"), f"t{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE migrated")
    yield server.format(name=name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"t{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name}")
    yield server.format(name=name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _roomy_place() -> str:
    """Memory where there is enough of it, so that a busy disk does not slow the tests; a short path, as sockets need one."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3 else "/tmp"


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    return Path(found).parent if found else next(iter(BINARIES), None)


def _start(binaries: Path, folder: Path, user: str | None) -> None:
    data = folder / "data"
    _run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C", "--no-sync"], folder, user)
    # A test server may forget everything when the power fails: no fsync. It listens on a socket in its own folder only.
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off -c max_connections=150"
    _run([binaries / "pg_ctl", "start", "-w", "-D", data, "-o", options, "-l", folder / "log"], folder, user)


def _run(command: list[str | Path], folder: Path, user: str | None, check: bool = True) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C"}
    done = subprocess.run(command, cwd=folder, user=user, env=environment, capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
