"""Questions we could not answer, who wants to hear when we can, and what staff taught since."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unanswered_question",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("text", "sound", "why", "language")),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("addition", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("asker", "origin")),
    )
    for name in ("asked_at", "state", "asker", "origin"):
        op.create_index(f"ix_unanswered_question_{name}", "unanswered_question", [name])
    op.create_table(
        "wants_to_know",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("question", sa.Integer(), sa.ForeignKey("unanswered_question.number", ondelete="CASCADE"), nullable=False),
        sa.Column("account_id", sa.String(), sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.UniqueConstraint("question", "account_id", name="uq_wants_to_know"),
    )
    op.create_index("ix_wants_to_know_question", "wants_to_know", ["question"])
    op.create_index("ix_wants_to_know_account_id", "wants_to_know", ["account_id"])
    _additions()


def downgrade() -> None:
    for table in ("town_addition", "wants_to_know", "unanswered_question"):
        op.drop_table(table)


def _additions() -> None:
    op.create_table(
        "town_addition",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("kind", "word", "reading", "language", "target", "title", "body", "source")
        ),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("outcome", "changes")),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("made_at", "changed_at")),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_town_addition_changed_at", "town_addition", ["changed_at"])
