"""Secret addresses of calendars, who a class is meant for, and classes that can be joined from home."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lesson_feed",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "subject")),
        sa.Column("digest", sa.String(), primary_key=True, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_lesson_feed_subject", "lesson_feed", ["kind", "subject"])
    with op.batch_alter_table("lesson_learner") as learner:
        learner.add_column(sa.Column("birth_year", sa.Integer(), nullable=True))
        learner.add_column(sa.Column("residency", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("lesson_learner") as learner:
        learner.alter_column("residency", server_default=None)
    with op.batch_alter_table("lesson_session") as place:
        place.add_column(sa.Column("remote_address", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("lesson_session") as place:
        place.alter_column("remote_address", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("lesson_session") as place:
        place.drop_column("remote_address")
    with op.batch_alter_table("lesson_learner") as learner:
        learner.drop_column("residency")
        learner.drop_column("birth_year")
    op.drop_table("lesson_feed")
