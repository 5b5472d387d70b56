"""What learner and helper write to each other while help goes on in a chat."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lesson_tutoring_line",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("ticket_id", sa.String(), sa.ForeignKey("lesson_tutoring.id"), nullable=False),
        sa.Column("learner_id", sa.String(), sa.ForeignKey("lesson_learner.id"), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_lesson_tutoring_line_ticket_id", "lesson_tutoring_line", ["ticket_id"])
    op.create_index("ix_lesson_tutoring_line_learner_id", "lesson_tutoring_line", ["learner_id"])


def downgrade() -> None:
    op.drop_table("lesson_tutoring_line")
