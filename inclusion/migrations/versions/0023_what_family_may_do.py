"""What a family's six digits grant, and which help ended by itself because nobody ended it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Codes that are out now live half an hour and granted everything: they end, and a new one is asked for."""
    op.execute("DELETE FROM lesson_grant_code")
    with op.batch_alter_table("lesson_grant_code") as code:
        code.add_column(sa.Column("scopes", sa.JSON(), nullable=False))
    with op.batch_alter_table("lesson_tutoring") as ticket:
        ticket.add_column(sa.Column("ended_by", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("lesson_tutoring") as ticket:
        ticket.alter_column("ended_by", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("lesson_tutoring") as ticket:
        ticket.drop_column("ended_by")
    with op.batch_alter_table("lesson_grant_code") as code:
        code.drop_column("scopes")
