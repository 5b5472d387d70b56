"""Every storage test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.databases import database, database_url, empty_url, migrated_postgres, migrated_sqlite, postgres_server

__all__ = ["database", "database_url", "empty_url", "migrated_postgres", "migrated_sqlite", "postgres_server"]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
