"""Volunteers, when they can come, rosters and cover; rooms, loan telephones, closed days and series."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    "lesson_volunteer",
    "lesson_availability",
    "lesson_assignment",
    "lesson_roster_run",
    "lesson_cover_request",
    "lesson_cover_ask",
    "lesson_volunteer_notice",
    "lesson_room",
    "lesson_loan_device",
    "lesson_closure",
    "lesson_series",
)


def upgrade() -> None:
    _people()
    _cover()
    _places()
    for name, kind in (("lat", sa.Float()), ("lon", sa.Float())):
        op.add_column("lesson_venue", sa.Column(name, kind))
    for name in ("wheelchair_route", "photo_route"):
        op.add_column("lesson_venue", sa.Column(name, sa.String()))
    op.add_column("lesson_course", sa.Column("conditions", sa.JSON()))
    for name in ("proposed_by", "in_language"):
        op.add_column("lesson_session", sa.Column(name, sa.String()))


def downgrade() -> None:
    for name in ("in_language", "proposed_by"):
        op.drop_column("lesson_session", name)
    op.drop_column("lesson_course", "conditions")
    for name in ("photo_route", "wheelchair_route", "lon", "lat"):
        op.drop_column("lesson_venue", name)
    for table in reversed(TABLES):
        op.drop_table(table)


def _people() -> None:
    words = [_always(name, sa.String()) for name in ("name", "phone", "state")]
    lists = [_always(name, sa.JSON()) for name in ("roles", "skills", "languages", "phone_systems")]
    limits = [_always(name, sa.Integer()) for name in ("max_minutes_week", "max_per_day", "travel_minutes")]
    keys = [_always(name, sa.String()) for name in ("base_venue", "key_digest", "feed_digest")]
    op.create_table(
        "lesson_volunteer",
        _key(),
        sa.Column("person_id", sa.String(), sa.ForeignKey("person.id", ondelete="SET NULL")),
        *words,
        *lists,
        sa.Column("check_expires", sa.Date()),
        *limits,
        *keys,
        _moment("last_asked_at", nullable=True),
        _moment("joined_at"),
        _always("sample", sa.Boolean()),
    )
    _index("lesson_volunteer", "person_id", "key_digest", "feed_digest")
    op.create_table(
        "lesson_availability",
        _key(),
        _to("volunteer_id", "lesson_volunteer.id"),
        _always("kind", sa.String()),
        _always("event_schedule", sa.String()),
        _always("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        _always("starts", sa.String()),
        _always("ends", sa.String()),
    )
    _index("lesson_availability", "volunteer_id")
    op.create_table(
        "lesson_assignment",
        _key(),
        _to("session_id", "lesson_session.id"),
        _to("volunteer_id", "lesson_volunteer.id"),
        *(_always(name, sa.String()) for name in ("role", "state", "source")),
        _always("pinned", sa.Boolean()),
        sa.Column("active_key", sa.String(), unique=True),
        _always("reasons", sa.JSON()),
        _always("run_id", sa.String()),
        _moment("changed_at"),
    )
    _index("lesson_assignment", "session_id", "volunteer_id", "run_id")
    op.create_index("ix_lesson_assignment_state", "lesson_assignment", ["state", "session_id"])
    op.create_table(
        "lesson_roster_run",
        _key(),
        _always("first_day", sa.Date()),
        _always("last_day", sa.Date()),
        _always("state", sa.String()),
        _always("inputs_hash", sa.String()),
        _always("objective", sa.JSON()),
        _always("gaps", sa.JSON()),
        _moment("made_at"),
        _moment("published_at", nullable=True),
    )


def _cover() -> None:
    op.create_table(
        "lesson_cover_request",
        _key(),
        _to("assignment_id", "lesson_assignment.id"),
        _to("session_id", "lesson_session.id"),
        _always("state", sa.String()),
        _always("wave", sa.Integer()),
        _moment("wave_ends_at", nullable=True),
        _always("filled_by", sa.String()),
        _moment("opened_at"),
    )
    _index("lesson_cover_request", "assignment_id", "session_id")
    op.create_index("ix_lesson_cover_open", "lesson_cover_request", ["state", "wave_ends_at"])
    op.create_table(
        "lesson_cover_ask",
        _key(),
        _to("request_id", "lesson_cover_request.id"),
        _to("volunteer_id", "lesson_volunteer.id"),
        _always("wave", sa.Integer()),
        _always("rank", sa.Integer()),
        _always("state", sa.String()),
        _always("reasons", sa.JSON()),
        _moment("asked_at"),
        _moment("answered_at", nullable=True),
        sa.UniqueConstraint("request_id", "volunteer_id", name="uq_lesson_cover_ask"),
    )
    _index("lesson_cover_ask", "request_id", "volunteer_id")
    op.create_table(
        "lesson_volunteer_notice",
        _key(),
        _always("kind", sa.String()),
        sa.Column("volunteer_id", sa.String(), sa.ForeignKey("lesson_volunteer.id")),
        _to("session_id", "lesson_session.id"),
        _moment("until", nullable=True),
        _moment("made_at"),
        _moment("told_at", nullable=True),
        _always("told_by", sa.String()),
    )
    _index("lesson_volunteer_notice", "volunteer_id", "session_id")
    op.create_index("ix_lesson_volunteer_notice_open", "lesson_volunteer_notice", ["told_at", "made_at"])


def _places() -> None:
    op.create_table(
        "lesson_room",
        _key(),
        _to("venue_id", "lesson_venue.id"),
        _always("name", sa.String()),
        _always("capacity", sa.Integer()),
        _always("is_accessible", sa.JSON()),
        sa.UniqueConstraint("venue_id", "name", name="uq_lesson_room"),
    )
    _index("lesson_room", "venue_id")
    op.create_table(
        "lesson_loan_device",
        _key(),
        *(_always(name, sa.String()) for name in ("name", "phone_system")),
        _always("quantity", sa.Integer()),
        _always("venue_id", sa.String()),
    )
    op.create_table(
        "lesson_closure",
        _key(),
        _always("venue_id", sa.String()),
        _always("first_day", sa.Date()),
        _always("last_day", sa.Date()),
        _always("reason", sa.String()),
    )
    _index("lesson_closure", "venue_id")
    op.create_table(
        "lesson_series",
        _key(),
        _to("course_code", "lesson_course.code"),
        *(_always(name, sa.String()) for name in ("name", "event_schedule", "enrollment_mode")),
        _always("details", sa.JSON()),
    )
    _index("lesson_series", "course_code")


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _key() -> sa.Column[Any]:
    return sa.Column("id", sa.String(), primary_key=True, nullable=False)


def _to(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), sa.ForeignKey(target), nullable=False)


def _always(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
