"""What is kept beside seats: who may act for whom, who came, what was learnt, asked and felt; without it only bookings would be known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from accessibility import Person

from .columns import moment, new_id, pointer

PERSON = f"{Person.__tablename__}.id"


def of_person() -> Column[str]:
    """A person's own row: it goes when the person is erased."""
    return Column(String, ForeignKey(PERSON, ondelete="CASCADE"), nullable=False, index=True)


class ProxyGrant(SQLModel, table=True):
    """Who may act for a learner: `role` is "self" for the learner's own chats, else "family". `scopes` are book, cancel and see."""

    __tablename__ = "lesson_grant"
    __table_args__ = (UniqueConstraint("person_id", "learner_id", name="uq_lesson_grant"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(sa_column=of_person())
    learner_id: str = Field(sa_column=pointer("lesson_learner.id"))
    role: str
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    consented_at: datetime = Field(sa_column=moment())
    valid_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class ProxyCode(SQLModel, table=True):
    """Six digits that the learner tells a family member: the consent. It works once and for a short time; it grants `scopes`."""

    __tablename__ = "lesson_grant_code"

    code: str = Field(primary_key=True)
    learner_id: str = Field(sa_column=pointer("lesson_learner.id"))
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    expires_at: datetime = Field(sa_column=moment())


class CheckInCode(SQLModel, table=True):
    """Four digits that stand on the board of a class, as QR and to be said aloud."""

    __tablename__ = "lesson_check_in_code"

    session_id: str = Field(sa_column=Column(String, ForeignKey("lesson_session.id"), primary_key=True, nullable=False))
    code: str


class Attendance(SQLModel, table=True):
    """How somebody arrived: `method` is qr, code, list, voice or remote."""

    __tablename__ = "lesson_attendance"

    application_id: str = Field(sa_column=Column(String, ForeignKey("lesson_application.id"), primary_key=True, nullable=False))
    method: str
    arrived_at: datetime = Field(sa_column=moment())
    left_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class Feedback(SQLModel, table=True):
    """Three taps after a class: 満足度 from 5 (満足) to 1 (不満), the pace, and whether they would come again."""

    __tablename__ = "lesson_feedback"

    application_id: str = Field(sa_column=Column(String, ForeignKey("lesson_application.id"), primary_key=True, nullable=False))
    satisfaction: int
    pace: str = ""
    again: str = ""
    channel: str = ""
    given_at: datetime = Field(sa_column=moment())


class SkillEvidence(SQLModel, table=True):
    """Somebody showed from the start how it is done (teach_back) or still could do it later (review)."""

    __tablename__ = "lesson_skill_evidence"
    __table_args__ = (Index("ix_lesson_skill_learner", "learner_id", "skill"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    learner_id: str = Field(sa_column=pointer("lesson_learner.id", index=False))
    skill: str
    kind: str
    result: str
    observed_by: str = ""
    observed_at: datetime = Field(sa_column=moment())


class TutoringTicket(SQLModel, table=True):
    """A wish for help by one person. `open_key` is filled while it stands: one each. `queued_at` is the place in the queue; it is kept.

    `ended_by` is "itself" for help that nobody ended, else "".
    """

    __tablename__ = "lesson_tutoring"
    __table_args__ = (Index("ix_lesson_tutoring_queue", "state", "queued_at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str
    learner_id: str = Field(sa_column=pointer("lesson_learner.id"))
    open_key: str | None = Field(default=None, unique=True)
    topic: str = ""
    in_language: str = "ja"
    device_os: str = ""
    mode: str = "desk"
    state: str = "open"
    queued_at: datetime = Field(sa_column=moment())
    began_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    changed_at: datetime = Field(sa_column=moment())
    tutor_id: str | None = Field(default=None, sa_column=pointer("lesson_tutor.id", nullable=True))
    room: str = ""
    carried: int = 0
    ended_by: str = ""


class Tutor(SQLModel, table=True):
    """Somebody who helps today, with the languages and phone systems they know."""

    __tablename__ = "lesson_tutor"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    in_languages: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    device_os: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    since: datetime = Field(sa_column=moment())
    until: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class TutoringLine(SQLModel, table=True):
    """One thing said between a learner in a chat and the helper: `who` is learner or tutor. Gone with the end of the help.

    `told_at` is when it went on its way to the learner; None for one that waits until they look at our page.
    """

    __tablename__ = "lesson_tutoring_line"

    number: int | None = Field(default=None, primary_key=True)
    ticket_id: str = Field(sa_column=pointer("lesson_tutoring.id"))
    learner_id: str = Field(sa_column=pointer("lesson_learner.id"))
    who: str
    text: str
    said_at: datetime = Field(sa_column=moment())
    told_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class PracticeRun(SQLModel, table=True):
    """One practice or scam drill in somebody's chat: where they are, how often they tried, how it ended."""

    __tablename__ = "lesson_practice"
    __table_args__ = (Index("ix_lesson_practice_running", "person_id", "state"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(sa_column=Column(String, ForeignKey(PERSON, ondelete="CASCADE"), nullable=False))
    scenario: str
    kind: str
    step: int = 0
    tries: int = 0
    state: str = "running"
    outcome: str = ""
    started_at: datetime = Field(sa_column=moment())
    changed_at: datetime = Field(sa_column=moment())


class DrillConsent(SQLModel, table=True):
    """Somebody agreed in writing to be tested with a harmless imitation; `withdrawn_at` ends it."""

    __tablename__ = "lesson_drill_consent"

    person_id: str = Field(sa_column=Column(String, ForeignKey(PERSON, ondelete="CASCADE"), primary_key=True, nullable=False))
    consented_at: datetime = Field(sa_column=moment())
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


LEARNING_TABLES = (
    ProxyGrant,
    ProxyCode,
    CheckInCode,
    Attendance,
    Feedback,
    SkillEvidence,
    Tutor,
    TutoringTicket,
    TutoringLine,
    PracticeRun,
    DrillConsent,
)
