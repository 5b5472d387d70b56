"""Fixtures for the whole suite: one private PostgreSQL server a session, whoever asks first."""

from tests.databases import database, database_url, empty_url, migrated_postgres, migrated_sqlite, postgres_server

__all__ = ["database", "database_url", "empty_url", "migrated_postgres", "migrated_sqlite", "postgres_server"]
