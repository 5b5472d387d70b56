"""Live events: the plan, tickets, who was sent out, who wants to be reminded, films."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_event",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("room", sa.String(), nullable=False, unique=True),
        sa.Column("names", sa.JSON(), nullable=False),
        *(_moment(name) for name in ("start_at", "end_at")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("place", "mode")),
        sa.Column("by_ticket", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        _moment("made_at"),
    )
    op.create_index("ix_live_event_start_at", "live_event", ["start_at"])
    _people()
    _films()


def downgrade() -> None:
    for table in ("live_film", "live_reminder", "live_removal", "live_ticket", "live_event"):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "live_ticket",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        _event(),
        sa.Column("seat", sa.String(), nullable=False, unique=True),
        *(_moment(name) for name in ("made_at", "expires_at")),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_live_ticket_event", "live_ticket", ["event"])
    op.create_table(
        "live_removal",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("room", "seat")),
        _moment("removed_at"),
        sa.UniqueConstraint("room", "seat", name="uq_live_removal"),
    )
    op.create_index("ix_live_removal_removed_at", "live_removal", ["removed_at"])
    op.create_table(
        "live_reminder",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        _event(),
        sa.Column("account_id", sa.String(), sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        *(_moment(name) for name in ("asked_at", "start_said")),
        sa.Column("told", sa.String(), nullable=False),
        sa.UniqueConstraint("event", "account_id", name="uq_live_reminder"),
    )
    for name in ("event", "account_id"):
        op.create_index(f"ix_live_reminder_{name}", "live_reminder", [name])


def _films() -> None:
    op.create_table(
        "live_film",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("by_ticket", sa.Boolean(), nullable=False),
        *(_moment(name) for name in ("agreed_at", "began_at")),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _moment("delete_at"),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("chapters", "captions")),
    )
    for name in ("room", "delete_at"):
        op.create_index(f"ix_live_film_{name}", "live_film", [name])


def _event() -> sa.Column[int]:
    return sa.Column("event", sa.Integer(), sa.ForeignKey("live_event.number", ondelete="CASCADE"), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
