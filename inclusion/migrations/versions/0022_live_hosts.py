"""Hosts' links that can be taken back one by one, and how often a live event was changed, which calendars must be told."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_host",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False, unique=True),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("made_at", "expires_at")),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_live_host_room", "live_host", ["room"])
    with op.batch_alter_table("live_event") as event:
        event.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("live_event") as event:
        event.alter_column("sequence", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("live_event") as event:
        event.drop_column("sequence")
    op.drop_table("live_host")
