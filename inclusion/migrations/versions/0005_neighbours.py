"""Webhooks waiting to be handed on to another tool of the town."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_webhook",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
    )
    op.create_index("ix_waiting_webhook_due_at", "waiting_webhook", ["due_at"])


def downgrade() -> None:
    op.drop_table("waiting_webhook")
