"""Fixtures for the whole suite: one private PostgreSQL server a session, whoever asks first."""

import os

import pytest

from tests.databases import database, database_url, empty_url, migrated_postgres, migrated_sqlite, postgres_server

__all__ = ["database", "database_url", "empty_url", "migrated_postgres", "migrated_sqlite", "postgres_server"]

os.environ.setdefault("ENGINES_AT_START", "false")  # hundreds of servers start in here, and few of them speak
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # nor need each of them compile the same thousand files


SLOWEST_FIRST = ("tests/pages/", "tests/streaming/", "tests/journeys/", "tests/accessibility/", "tests/inclusion/web/")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's stories stay on one worker: the server or the model they share was opened on both.

    What takes longest begins first, whatever it numbers: a last story of a minute left the other workers without anything to do.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
    items.sort(
        key=lambda item: next((turn for turn, folder in enumerate(SLOWEST_FIRST) if item.nodeid.startswith(folder)), len(SLOWEST_FIRST))
    )
