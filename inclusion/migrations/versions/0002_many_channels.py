"""One person on many channels, help by a person, unsent messages and rich menus."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("help_ticket", "help_line", "link_code", "wrong_code", "joined_account", "unsent_message", "rich_menu")


def upgrade() -> None:
    _help()
    _links()
    op.create_table("unsent_message", _key("digest", sa.String()), _moment("at"))
    op.create_index("ix_unsent_message_at", "unsent_message", ["at"])
    op.create_table("rich_menu", _key("tongue", sa.String()), _always("menu_id", sa.String()), _moment("made_at"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _help() -> None:
    op.create_table(
        "help_ticket",
        _key("number", sa.Integer()),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        _always("channel", sa.String()),
        sa.Column("account_id", sa.String(), sa.ForeignKey("account.id", ondelete="CASCADE")),
        _always("state", sa.String()),
        _moment("opened_at"),
        _moment("last_at"),
        _moment("closed_at", nullable=True),
        sa.Column("staff_id", sa.Integer()),
        _moment("call_back_at", nullable=True),
        _always("phone", sa.String()),
    )
    op.create_index("ix_help_ticket_account_id", "help_ticket", ["account_id"])
    op.create_index("ix_help_ticket_state", "help_ticket", ["state"])
    op.create_index("ix_help_ticket_last_at", "help_ticket", ["last_at"])
    op.create_table(
        "help_line",
        _key("number", sa.Integer()),
        sa.Column("ticket", sa.Integer(), sa.ForeignKey("help_ticket.number", ondelete="CASCADE"), nullable=False),
        _always("who", sa.String()),
        _always("text", sa.String()),
        _moment("at"),
        _always("message_id", sa.String()),
        _always("quote_token", sa.String()),
    )
    op.create_index("ix_help_line_ticket", "help_line", ["ticket"])


def _links() -> None:
    op.create_table(
        "link_code",
        _key("code", sa.String()),
        sa.Column("person_id", sa.String(), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        _moment("expires_at"),
    )
    op.create_index("ix_link_code_expires_at", "link_code", ["expires_at"])
    op.create_table("wrong_code", _key("number", sa.Integer()), _always("who", sa.String()), _moment("at"))
    op.create_index("ix_wrong_code_who", "wrong_code", ["who"])
    op.create_index("ix_wrong_code_at", "wrong_code", ["at"])
    account = sa.ForeignKey("account.id", ondelete="CASCADE")
    op.create_table("joined_account", sa.Column("account_id", sa.String(), account, primary_key=True, nullable=False), _moment("joined_at"))


def _key(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, nullable=False)


def _always(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
