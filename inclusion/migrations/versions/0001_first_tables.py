"""The first tables: people and their chats, what came in, what goes out, staff, and the audit nobody can rewrite."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("person", "account", "incoming_event", "conversation", "outbox_message", "staff", "staff_session", "audit_entry")


def upgrade() -> None:
    _people()
    _incoming_events()
    _conversations()
    _outbox()
    _staff()
    _audit()
    _make_append_only("audit_entry")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change")


def _people() -> None:
    op.create_table(
        "person",
        _key("id", sa.String()),
        _moment("created_at"),
        _always("stored_preferences", sa.JSON()),
    )
    op.create_table(
        "account",
        _key("id", sa.String()),
        _always("channel", sa.String()),
        _always("chat_id", sa.String()),
        sa.Column("person_id", sa.String(), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        _moment("created_at"),
        _moment("blocked_at", nullable=True),
        sa.UniqueConstraint("channel", "chat_id", name="uq_account"),
    )
    op.create_index("ix_account_person_id", "account", ["person_id"])


def _incoming_events() -> None:
    op.create_table(
        "incoming_event",
        _key("number", sa.Integer()),
        _always("channel", sa.String()),
        _always("event_id", sa.String()),
        _always("chat", sa.String()),
        sa.Column("raw", sa.JSON()),
        _moment("received_at"),
        _always("state", sa.String()),
        _always("tries", sa.Integer()),
        _moment("due_at"),
        _moment("leased_until", nullable=True),
        _moment("answered_at", nullable=True),
        sa.UniqueConstraint("channel", "event_id", name="uq_incoming_event"),
    )
    op.create_index("ix_incoming_event_chat", "incoming_event", ["chat"])
    op.create_index("ix_incoming_event_received_at", "incoming_event", ["received_at"])
    op.create_index("ix_incoming_event_due", "incoming_event", ["state", "due_at"])


def _conversations() -> None:
    op.create_table(
        "conversation",
        _key("id", sa.String()),
        _always("channel", sa.String()),
        sa.Column("account_id", sa.String(), sa.ForeignKey("account.id", ondelete="CASCADE"), unique=True),
        sa.Column("person_id", sa.String(), sa.ForeignKey("person.id", ondelete="CASCADE")),
        _always("talk", sa.JSON()),
        sa.Column("last_answer", sa.JSON()),
        _moment("updated_at"),
        _moment("expires_at"),
    )
    op.create_index("ix_conversation_person_id", "conversation", ["person_id"])
    op.create_index("ix_conversation_expires_at", "conversation", ["expires_at"])


def _outbox() -> None:
    op.create_table(
        "outbox_message",
        _key("number", sa.Integer()),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        _always("channel", sa.String()),
        sa.Column("account_id", sa.String(), sa.ForeignKey("account.id", ondelete="CASCADE")),
        sa.Column("chat_id", sa.String()),
        _always("target", sa.String()),
        sa.Column("payload", sa.JSON()),
        sa.Column("dedup_key", sa.String(), unique=True),
        sa.Column("reply_token", sa.String()),
        _moment("reply_until", nullable=True),
        _always("reply_tried", sa.Boolean()),
        _always("silent", sa.Boolean()),
        _moment("put_at"),
        _moment("due_at"),
        _moment("first_tried_at", nullable=True),
        _moment("leased_until", nullable=True),
        _always("leased_by", sa.String()),
        _always("tries", sa.Integer()),
        _always("state", sa.String()),
        _moment("sent_at", nullable=True),
        _always("request_id", sa.String()),
        _always("last_error", sa.String()),
    )
    op.create_index("ix_outbox_message_account_id", "outbox_message", ["account_id"])
    op.create_index("ix_outbox_message_due", "outbox_message", ["state", "due_at"])
    op.create_index("ix_outbox_message_target", "outbox_message", ["target", "state"])


def _staff() -> None:
    op.create_table(
        "staff",
        _key("id", sa.Integer()),
        sa.Column("login", sa.String(), nullable=False, unique=True),
        _always("name", sa.String()),
        _always("password_hash", sa.String()),
        _always("roles", sa.JSON()),
        _always("active", sa.Boolean()),
        _always("failed_tries", sa.Integer()),
        _moment("locked_until", nullable=True),
        _moment("created_at"),
        _moment("password_changed_at"),
    )
    op.create_table(
        "staff_session",
        _key("digest", sa.String()),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
        _moment("created_at"),
        _moment("last_seen_at"),
        _moment("expires_at"),
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id"])
    op.create_index("ix_staff_session_expires_at", "staff_session", ["expires_at"])


def _audit() -> None:
    op.create_table(
        "audit_entry",
        _key("number", sa.Integer()),
        _moment("at"),
        sa.Column("staff_id", sa.Integer()),
        _always("action", sa.String()),
        _always("subject_kind", sa.String()),
        _always("subject_id", sa.String()),
        _always("details", sa.JSON()),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])


def _make_append_only(table: str) -> None:
    """The database itself refuses to change or delete an entry, whichever program asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'Entries of % are never changed.', TG_TABLE_NAME; END $$"
        )
        op.execute(f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()")
        return
    for deed in ("UPDATE", "DELETE"):
        refusal = f"SELECT RAISE(ABORT, 'Entries of {table} are never changed.');"
        op.execute(f"CREATE TRIGGER {table}_{deed.lower()} BEFORE {deed} ON {table} BEGIN {refusal} END")


def _key(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, nullable=False)


def _always(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
