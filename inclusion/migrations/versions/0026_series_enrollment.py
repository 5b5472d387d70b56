"""Nothing ever asked how a series is signed up for: each of its classes takes its own applications."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lesson_series") as table:
        table.drop_column("enrollment_mode")


def downgrade() -> None:
    with op.batch_alter_table("lesson_series") as table:
        table.add_column(sa.Column("enrollment_mode", sa.String(), nullable=False, server_default="single"))
