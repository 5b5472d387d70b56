"""What Alembic runs to migrate: one transaction, one migrator at a time, on the database it was handed."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlmodel import AutoString

from inclusion.database import Database
from inclusion.migrations import all_tables

ONE_MIGRATOR = 4_702_711  # any number, the same in every process: PostgreSQL's lock while we migrate (SQLite locks by BEGIN IMMEDIATE)


def migrate() -> None:
    """Either all steps are taken or none: a half-migrated database would start neither the old version nor the new one."""
    database: Database = context.config.attributes["database"]
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_MIGRATOR})
        _run(connection)


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_plain_string,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _plain_string(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Migrations speak SQLAlchemy only, so that an old one never depends on a newer SQLModel."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


if __name__ != "inclusion.migrations.env":  # Alembic runs this file under a name of its own
    migrate()
