"""Brings a database to the newest form: without it every new version would need a clean start and residents' bookings would be lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from sqlmodel import SQLModel

from accessibility import Person
from bots.accounts import Account
from inclusion.conversations import Conversation
from inclusion.database import Database, open_database
from inclusion.forgetting import UnsentMessage
from inclusion.handover import HelpLine, HelpTicket
from inclusion.inbox import EventRow
from inclusion.learning.learned import TownAddition
from inclusion.learning.unanswered import UnansweredQuestion, WantsToKnow
from inclusion.linking import JoinedAccount, LinkCode, WrongCode
from inclusion.live.tables import LIVE_TABLES
from inclusion.neighbours import WaitingWebhook
from inclusion.outbox import OutboxRow
from inclusion.own_keys import OwnKey
from inclusion.rich_menus import RichMenu
from inclusion.staff.accounts import StaffRow
from inclusion.staff.audit import AuditEntry
from inclusion.staff.sessions import StaffSessionRow
from lessons import TABLES as LESSON_TABLES

# One line a noun; importing a table is what makes it known.
TABLES = (
    Person,
    Account,
    EventRow,
    Conversation,
    OutboxRow,
    StaffRow,
    StaffSessionRow,
    AuditEntry,
    HelpTicket,
    HelpLine,
    LinkCode,
    WrongCode,
    JoinedAccount,
    UnsentMessage,
    RichMenu,
    WaitingWebhook,
    OwnKey,
    UnansweredQuestion,
    WantsToKnow,
    TownAddition,
    *LIVE_TABLES,
    *LESSON_TABLES,
)


def upgrade(database_url: str) -> None:
    """Run every migration the database has not seen. Safe to call at each start, by several processes at once."""
    database = open_database(database_url)
    try:
        command.upgrade(_config(database), "head")
    finally:
        database.close()


def head() -> str:
    """The newest revision in this version of the platform."""
    newest = ScriptDirectory.from_config(_config(None)).get_current_head()
    return newest or ""


def current(database: Database) -> str | None:
    """The revision the database is at; None for an empty one."""
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def differences(database: Database) -> list[Any]:
    """What autogenerate would change: an empty list when the migrations make exactly our tables."""
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, all_tables()))


def revise(database_url: str, message: str) -> None:
    """For developers: write the next migration from what changed in the tables; read it before committing it."""
    database = open_database(database_url)
    try:
        number = f"{int(head() or 0) + 1:04d}"
        command.revision(_config(database), message, autogenerate=True, rev_id=number)
    finally:
        database.close()


def all_tables() -> MetaData:
    """Every table of the platform."""
    return SQLModel.metadata


def _config(database: Database | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["database"] = database
    return config
