"""Smartphone classes: courses, dated classes, learners, applications, seats, queues, draws."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "lesson_course",
    "lesson_venue",
    "lesson_session",
    "lesson_learner",
    "lesson_application",
    "lesson_booking",
    "lesson_waiting",
    "lesson_notice",
    "lesson_draw",
    "lesson_draw_entry",
)


def upgrade() -> None:
    op.create_table(
        "lesson_course",
        _key("code"),
        _always("name", sa.String()),
        _always("name_kana", sa.String()),
        _always("description", sa.String()),
        _always("level", sa.String()),
        _always("skills_taught", sa.JSON()),
        _always("prerequisites", sa.JSON()),
        _always("duration_minutes", sa.Integer()),
        _always("material_ref", sa.String()),
        _always("material_version", sa.String()),
        _always("in_language", sa.String()),
        _always("source", sa.String()),
    )
    op.create_table(
        "lesson_venue",
        _key("id"),
        _always("name", sa.String()),
        _always("address", sa.String()),
        _always("floor", sa.String()),
        _always("nearest_station", sa.String()),
        _always("is_accessible", sa.JSON()),
    )
    op.create_table(
        "lesson_session",
        _key("id"),
        sa.Column("course_code", sa.String(), sa.ForeignKey("lesson_course.code"), nullable=False),
        sa.Column("venue_id", sa.String(), sa.ForeignKey("lesson_venue.id"), nullable=False),
        _always("super_event", sa.String()),
        _always("name", sa.String()),
        _always("room", sa.String()),
        _moment("start_date"),
        _moment("end_date"),
        _always("tz", sa.String()),
        _always("event_attendance_mode", sa.String()),
        _always("state", sa.String()),
        _always("allocation", sa.String()),
        _always("room_capacity", sa.Integer()),
        _always("devices", sa.Integer()),
        _always("maximum_attendee_capacity", sa.Integer()),
        _always("helper_ratio", sa.Integer()),
        _always("confirmed_helpers", sa.Integer()),
        _always("seats_taken", sa.Integer()),
        _always("first_timer_seats", sa.Integer()),
        _always("last_position", sa.Integer()),
        _moment("registration_opens"),
        _moment("registration_closes"),
        _moment("cancel_deadline"),
        _always("fee_yen", sa.Integer()),
        _always("what_to_bring", sa.String()),
        _always("target_audience", sa.String()),
        _always("contact", sa.String()),
        _always("sequence", sa.Integer()),
        _always("revision", sa.Integer()),
        _moment("changed_at"),
        _always("sample", sa.Boolean()),
        sa.CheckConstraint("seats_taken >= 0 AND seats_taken <= maximum_attendee_capacity", name="ck_lesson_session_seats"),
    )
    op.create_index("ix_lesson_session_course_code", "lesson_session", ["course_code"])
    op.create_index("ix_lesson_session_start", "lesson_session", ["state", "start_date"])
    op.create_index("ix_lesson_session_venue_id", "lesson_session", ["venue_id"])
    op.create_table(
        "lesson_learner",
        _key("id"),
        _always("name", sa.String()),
        _always("name_key", sa.String()),
        _always("phone", sa.String()),
        _always("account_id", sa.String()),
        _always("in_language", sa.String()),
        _always("access_needs", sa.String()),
        _moment("consented_at"),
        sa.UniqueConstraint("phone", "name_key", name="uq_lesson_learner"),
    )
    op.create_table(
        "lesson_application",
        _key("id"),
        sa.Column("session_id", sa.String(), sa.ForeignKey("lesson_session.id"), nullable=False),
        sa.Column("learner_id", sa.String(), sa.ForeignKey("lesson_learner.id"), nullable=False),
        _always("channel", sa.String()),
        _always("submitted_by", sa.String()),
        sa.Column("receipt_number", sa.String(), nullable=False, unique=True),
        sa.Column("idempotency_key", sa.String(), unique=True),
        sa.Column("active_key", sa.String(), unique=True),
        _always("state", sa.String()),
        _always("reason", sa.String()),
        _moment("submitted_at"),
    )
    op.create_index("ix_lesson_application_learner_id", "lesson_application", ["learner_id"])
    op.create_index("ix_lesson_application_session_id", "lesson_application", ["session_id"])
    op.create_table(
        "lesson_booking",
        _key("id"),
        sa.Column("application_id", sa.String(), sa.ForeignKey("lesson_application.id"), nullable=False),
        sa.Column("session_id", sa.String(), sa.ForeignKey("lesson_session.id"), nullable=False),
        _always("state", sa.String()),
        _moment("hold_expires_at", nullable=True),
        _always("cancelled_reason", sa.String()),
        _moment("changed_at"),
    )
    op.create_index("ix_lesson_booking_application_id", "lesson_booking", ["application_id"])
    op.create_index("ix_lesson_booking_hold", "lesson_booking", ["state", "hold_expires_at"])
    op.create_index("ix_lesson_booking_session_id", "lesson_booking", ["session_id"])
    op.create_table(
        "lesson_waiting",
        _key("id"),
        sa.Column("application_id", sa.String(), sa.ForeignKey("lesson_application.id"), nullable=False),
        sa.Column("session_id", sa.String(), sa.ForeignKey("lesson_session.id"), nullable=False),
        _always("position", sa.Integer()),
        _always("state", sa.String()),
        _always("returned", sa.Boolean()),
        sa.UniqueConstraint("session_id", "position", name="uq_lesson_waiting"),
    )
    op.create_index("ix_lesson_waiting_application_id", "lesson_waiting", ["application_id"])
    op.create_index("ix_lesson_waiting_session_id", "lesson_waiting", ["session_id"])
    op.create_table(
        "lesson_notice",
        _key("id"),
        _always("kind", sa.String()),
        sa.Column("session_id", sa.String(), sa.ForeignKey("lesson_session.id"), nullable=False),
        sa.Column("application_id", sa.String(), sa.ForeignKey("lesson_application.id"), nullable=False),
        _moment("until", nullable=True),
        _moment("made_at"),
        _moment("told_at", nullable=True),
        _always("told_by", sa.String()),
    )
    op.create_index("ix_lesson_notice_application_id", "lesson_notice", ["application_id"])
    op.create_index("ix_lesson_notice_open", "lesson_notice", ["told_at", "made_at"])
    op.create_index("ix_lesson_notice_session_id", "lesson_notice", ["session_id"])
    op.create_table(
        "lesson_draw",
        _key("id"),
        sa.Column("session_id", sa.String(), sa.ForeignKey("lesson_session.id"), nullable=False, unique=True),
        _always("rule_version", sa.String()),
        _always("seed", sa.String()),
        _always("seed_commitment", sa.String()),
        _always("public_source", sa.String()),
        _always("public_value", sa.String()),
        _always("list_hash", sa.String()),
        _always("state", sa.String()),
        _moment("announced_at"),
        _moment("sealed_at", nullable=True),
        _moment("drawn_at", nullable=True),
        _always("record", sa.JSON()),
    )
    op.create_table(
        "lesson_draw_entry",
        _key("id"),
        sa.Column("draw_id", sa.String(), sa.ForeignKey("lesson_draw.id"), nullable=False),
        sa.Column("application_id", sa.String(), sa.ForeignKey("lesson_application.id"), nullable=False),
        _always("weight", sa.Integer()),
        _always("tier", sa.String()),
        _always("rank", sa.Integer()),
    )
    op.create_index("ix_lesson_draw_entry_application_id", "lesson_draw_entry", ["application_id"])
    op.create_index("ix_lesson_draw_entry_draw_id", "lesson_draw_entry", ["draw_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), primary_key=True, nullable=False)


def _always(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
