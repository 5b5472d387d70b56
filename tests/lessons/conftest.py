"""A programme with one class, on a plain SQLite file and on PostgreSQL: the library is tested without the platform around it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from lessons import Contact, Outcome, Wish, apply
from tests.databases import _execute, postgres_server

from .programme import open_engine, plan_class

__all__ = ["postgres_server"]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # ten in the morning in Tokyo


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server: str) -> str:
    """The server, with a database of ours that every test's own is copied from."""
    _execute(postgres_server, "CREATE DATABASE classes")
    engine = open_engine(postgres_server.format(name="classes").replace("postgresql://", "postgresql+psycopg://"))
    engine.dispose()
    return postgres_server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'classes.db'}")
        yield engine
        engine.dispose()
        return
    server, name = request.getfixturevalue("postgres_with_tables"), f"l{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE classes")
    engine = open_engine(server.format(name=name).replace("postgresql://", "postgresql+psycopg://"), make=False)
    yield engine
    engine.dispose()
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """One transaction for a whole story; stories about several transactions open their own."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@pytest.fixture
def plan(session: Session, now: datetime) -> Callable[..., str]:
    def plan(**changes: Any) -> str:
        return plan_class(session, now, **changes)

    return plan


@pytest.fixture
def join(session: Session, now: datetime) -> Callable[..., Outcome]:
    """`join(class, "花子")` applies; each name has a number of its own."""

    def join(session_id: str, name: str = "花子", at: datetime = now, **changes: Any) -> Outcome:
        contact = Contact(name, f"03{abs(hash(name)) % 10**8:08d}", consent=True)
        return apply(session, Wish(session_id, contact, **changes), at)

    return join


@pytest.fixture
def later(now: datetime) -> Callable[..., datetime]:
    return lambda **by: now + timedelta(**by)
