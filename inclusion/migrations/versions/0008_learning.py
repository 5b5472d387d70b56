"""What is kept beside seats: who acts for whom, arrivals, feedback, skills, tutoring, practice, and keys to one's own record."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    "own_key",
    "lesson_grant",
    "lesson_grant_code",
    "lesson_check_in_code",
    "lesson_attendance",
    "lesson_feedback",
    "lesson_skill_evidence",
    "lesson_tutor",
    "lesson_tutoring",
    "lesson_practice",
    "lesson_drill_consent",
)


def upgrade() -> None:
    _people()
    _days()
    _tutoring()
    _practice()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _people() -> None:
    op.create_table("own_key", _key("digest"), _person(), _moment("expires_at"))
    op.create_index("ix_own_key_expires_at", "own_key", ["expires_at"])
    op.create_table(
        "lesson_grant",
        _key("id"),
        _person(),
        _to("learner_id", "lesson_learner.id"),
        _text("role"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _moment("consented_at"),
        _moment("valid_until", nullable=True),
        _moment("revoked_at", nullable=True),
        sa.UniqueConstraint("person_id", "learner_id", name="uq_lesson_grant"),
    )
    op.create_index("ix_lesson_grant_person_id", "lesson_grant", ["person_id"])
    op.create_index("ix_lesson_grant_learner_id", "lesson_grant", ["learner_id"])
    op.create_table("lesson_grant_code", _key("code"), _to("learner_id", "lesson_learner.id"), _moment("expires_at"))
    op.create_index("ix_lesson_grant_code_learner_id", "lesson_grant_code", ["learner_id"])


def _days() -> None:
    op.create_table("lesson_check_in_code", _key_to("session_id", "lesson_session.id"), _text("code"))
    op.create_table(
        "lesson_attendance",
        _key_to("application_id", "lesson_application.id"),
        _text("method"),
        _moment("arrived_at"),
        _moment("left_at", nullable=True),
    )
    op.create_table(
        "lesson_feedback",
        _key_to("application_id", "lesson_application.id"),
        _number("satisfaction"),
        _text("pace"),
        _text("again"),
        _text("channel"),
        _moment("given_at"),
    )
    op.create_table(
        "lesson_skill_evidence",
        _key("id"),
        _to("learner_id", "lesson_learner.id"),
        *(_text(name) for name in ("skill", "kind", "result", "observed_by")),
        _moment("observed_at"),
    )
    op.create_index("ix_lesson_skill_learner", "lesson_skill_evidence", ["learner_id", "skill"])


def _tutoring() -> None:
    op.create_table(
        "lesson_tutor",
        _key("id"),
        _text("name"),
        sa.Column("in_languages", sa.JSON(), nullable=False),
        sa.Column("device_os", sa.JSON(), nullable=False),
        _moment("since"),
        _moment("until", nullable=True),
    )
    op.create_table(
        "lesson_tutoring",
        _key("id"),
        _text("number"),
        _to("learner_id", "lesson_learner.id"),
        sa.Column("open_key", sa.String(), nullable=True, unique=True),
        *(_text(name) for name in ("topic", "in_language", "device_os", "mode", "state")),
        _moment("queued_at"),
        _moment("began_at", nullable=True),
        _moment("changed_at"),
        _to("tutor_id", "lesson_tutor.id", nullable=True),
        _text("room"),
        _number("carried"),
    )
    op.create_index("ix_lesson_tutoring_learner_id", "lesson_tutoring", ["learner_id"])
    op.create_index("ix_lesson_tutoring_tutor_id", "lesson_tutoring", ["tutor_id"])
    op.create_index("ix_lesson_tutoring_queue", "lesson_tutoring", ["state", "queued_at"])


def _practice() -> None:
    op.create_table(
        "lesson_practice",
        _key("id"),
        _person(),
        _text("scenario"),
        _text("kind"),
        _number("step"),
        _number("tries"),
        _text("state"),
        _text("outcome"),
        _moment("started_at"),
        _moment("changed_at"),
    )
    op.create_index("ix_lesson_practice_running", "lesson_practice", ["person_id", "state"])
    op.create_table(
        "lesson_drill_consent",
        sa.Column("person_id", sa.String(), sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, nullable=False),
        _moment("consented_at"),
        _moment("withdrawn_at", nullable=True),
    )


def _key(name: str) -> Any:
    return sa.Column(name, sa.String(), primary_key=True, nullable=False)


def _key_to(name: str, target: str) -> Any:
    return sa.Column(name, sa.String(), sa.ForeignKey(target), primary_key=True, nullable=False)


def _to(name: str, target: str, nullable: bool = False) -> Any:
    return sa.Column(name, sa.String(), sa.ForeignKey(target), nullable=nullable)


def _person() -> Any:
    return sa.Column("person_id", sa.String(), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False)


def _text(name: str) -> Any:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str) -> Any:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, nullable: bool = False) -> Any:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
