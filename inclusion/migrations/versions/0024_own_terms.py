"""What a class asks for by itself, and classes to which people bring their own telephones."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lesson_session") as place:
        place.add_column(sa.Column("own_phones", sa.Boolean(), nullable=False, server_default=sa.false()))
        place.add_column(sa.Column("conditions", sa.JSON()))
    with op.batch_alter_table("lesson_session") as place:
        place.alter_column("own_phones", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("lesson_session") as place:
        place.drop_column("conditions")
        place.drop_column("own_phones")
