"""Every storage test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from inclusion.database import Database
from inclusion.staff.accounts import Staff, create_staff
from inclusion.staff.audit import record
from inclusion.staff.passwords import Passwords
from inclusion.staff.sessions import sign_in

from .staff_door import PASSWORD, CountingHasher


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(CountingHasher())


@pytest.fixture
def add(database: Database, passwords: Passwords, now: datetime) -> Callable[..., Staff]:
    def add(login: str = "hanako", *roles: str) -> Staff:
        return create_staff(database, login, "花子", PASSWORD, roles or ("admin",), now, witness=record, passwords=passwords)

    return add


@pytest.fixture
def enter(database: Database, passwords: Passwords, now: datetime) -> Callable[..., str]:
    def enter(password: str = PASSWORD, login: str = "hanako", at: datetime = now) -> str:
        return sign_in(database, login, password, at, witness=record, passwords=passwords).token

    return enter
