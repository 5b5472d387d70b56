"""Any database can be brought to the newest form, and the newest form is exactly our tables."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from inclusion.database import Database, open_database
from inclusion.migrations import current, differences, head, upgrade


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    yield database
    database.close()


def test_an_empty_database_is_brought_to_head(empty_url: str) -> None:
    with opened(empty_url) as database:
        assert current(database) is None
        upgrade(empty_url)
        assert current(database) == head() != ""


def test_upgrading_again_changes_nothing(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    with opened(empty_url) as database:
        assert current(database) == head()


def test_the_migrations_make_exactly_our_tables(database: Database) -> None:
    assert differences(database) == []


def test_control_a_forgotten_column_or_index_is_noticed(database: Database) -> None:
    with database.writing() as session:
        session.connection().execute(text("DROP INDEX ix_outbox_message_due"))
        session.connection().execute(text("ALTER TABLE staff DROP COLUMN name"))
    assert {difference[0] for difference in differences(database)} == {"add_index", "add_column"}


def test_a_migration_that_fails_half_way_leaves_nothing_behind(empty_url: str) -> None:
    with opened(empty_url) as database:
        with database.writing() as session:
            session.connection().execute(text("CREATE TABLE staff_session (in_the_way INTEGER)"))
        with pytest.raises(DBAPIError):
            upgrade(empty_url)
        assert inspect(database.engine).get_table_names() in (["staff_session"], ["alembic_version", "staff_session"])


def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    program = "import sys; from inclusion.migrations import upgrade; upgrade(sys.argv[1])"
    running = [subprocess.Popen([sys.executable, "-c", program, empty_url], stderr=subprocess.PIPE) for _ in range(3)]
    errors = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], errors


def test_the_first_migration_can_be_taken_back(empty_url: str) -> None:
    program = (
        "import sys; from alembic import command; from inclusion.database import open_database; from inclusion.migrations import "
        "_config, upgrade; upgrade(sys.argv[1]); command.downgrade(_config(open_database(sys.argv[1])), 'base')"
    )
    subprocess.run([sys.executable, "-c", program, empty_url], check=True)
    with opened(empty_url) as database:
        assert inspect(database.engine).get_table_names() == ["alembic_version"]
