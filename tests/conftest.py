"""Fixtures for the whole suite: one private PostgreSQL server a session, whoever asks first."""

import os

from tests.databases import database, database_url, empty_url, migrated_postgres, migrated_sqlite, postgres_server

__all__ = ["database", "database_url", "empty_url", "migrated_postgres", "migrated_sqlite", "postgres_server"]

os.environ.setdefault("ENGINES_AT_START", "false")  # hundreds of servers start in here, and few of them speak
