"""Who helps at classes, when, and what was agreed; without it a helper's promise would live in one clerk's head."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from .columns import moment, new_id, pointer


def _list() -> Column[Any]:
    return Column(JSON, nullable=False)


class Volunteer(SQLModel, table=True):
    """A person who helps. `skills` are course codes; `travel_minutes` is how far from `base_venue` they go.

    `person_id` leads to their chats. `key_digest` opens their own page: only the address they hold tells the key.
    """

    __tablename__ = "lesson_volunteer"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey("person.id", ondelete="SET NULL"), nullable=True, index=True)
    )
    name: str
    phone: str = ""
    state: str = "applied"
    roles: list[str] = Field(default_factory=lambda: ["helper"], sa_column=_list())
    skills: list[str] = Field(default_factory=list, sa_column=_list())
    languages: list[str] = Field(default_factory=lambda: ["ja"], sa_column=_list())
    phone_systems: list[str] = Field(default_factory=list, sa_column=_list())
    check_expires: date | None = None
    max_minutes_week: int = 240
    max_per_day: int = 2
    base_venue: str = ""
    travel_minutes: int = 60
    key_digest: str = Field(default="", index=True)
    feed_digest: str = Field(default="", index=True)
    last_asked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    joined_at: datetime = Field(sa_column=moment())
    sample: bool = False


class Availability(SQLModel, table=True):
    """When somebody can come: an RFC 5545 rule with hours, between two days. `kind` is available, preferred or blocked (an exception)."""

    __tablename__ = "lesson_availability"

    id: str = Field(default_factory=new_id, primary_key=True)
    volunteer_id: str = Field(sa_column=pointer("lesson_volunteer.id"))
    kind: str = "available"
    event_schedule: str
    first_day: date
    last_day: date | None = None
    starts: str = "00:00"
    ends: str = "24:00"


class Assignment(SQLModel, table=True):
    """One helper at one class. `active_key` is filled while it stands, so that nobody stands there twice. `reasons` says why, as codes."""

    __tablename__ = "lesson_assignment"
    __table_args__ = (Index("ix_lesson_assignment_state", "state", "session_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    session_id: str = Field(sa_column=pointer("lesson_session.id"))
    volunteer_id: str = Field(sa_column=pointer("lesson_volunteer.id"))
    role: str = "helper"
    state: str = "proposed"
    source: str = "solver"
    pinned: bool = False
    active_key: str | None = Field(default=None, unique=True)
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=_list())
    run_id: str = Field(default="", index=True)
    changed_at: datetime = Field(sa_column=moment())


class RosterRun(SQLModel, table=True):
    """One computed roster: for which days, how good it is, and where nobody could be found. `inputs_hash` says from what."""

    __tablename__ = "lesson_roster_run"

    id: str = Field(default_factory=new_id, primary_key=True)
    first_day: date
    last_day: date
    state: str = "draft"
    inputs_hash: str
    objective: dict[str, Any] = Field(default_factory=dict, sa_column=_list())
    gaps: list[dict[str, Any]] = Field(default_factory=list, sa_column=_list())
    made_at: datetime = Field(sa_column=moment())
    published_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class CoverRequest(SQLModel, table=True):
    """A helper cannot come and somebody else is looked for. `wave` counts the rounds of asking."""

    __tablename__ = "lesson_cover_request"
    __table_args__ = (Index("ix_lesson_cover_open", "state", "wave_ends_at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    assignment_id: str = Field(sa_column=pointer("lesson_assignment.id"))
    session_id: str = Field(sa_column=pointer("lesson_session.id"))
    state: str = "open"
    wave: int = 0
    wave_ends_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    filled_by: str = ""
    opened_at: datetime = Field(sa_column=moment())


class CoverAsk(SQLModel, table=True):
    """One person asked to step in. `rank` is the order of fit, `reasons` why this person."""

    __tablename__ = "lesson_cover_ask"
    __table_args__ = (UniqueConstraint("request_id", "volunteer_id", name="uq_lesson_cover_ask"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    request_id: str = Field(sa_column=pointer("lesson_cover_request.id"))
    volunteer_id: str = Field(sa_column=pointer("lesson_volunteer.id"))
    wave: int
    rank: int
    state: str = "asked"
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=_list())
    asked_at: datetime = Field(sa_column=moment())
    answered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class VolunteerNotice(SQLModel, table=True):
    """A fact a helper (or, with no `volunteer_id`, the staff) must hear of, written in the transaction that made it true."""

    __tablename__ = "lesson_volunteer_notice"
    __table_args__ = (Index("ix_lesson_volunteer_notice_open", "told_at", "made_at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    volunteer_id: str | None = Field(default=None, sa_column=pointer("lesson_volunteer.id", nullable=True))
    session_id: str = Field(sa_column=pointer("lesson_session.id"))
    until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    made_at: datetime = Field(sa_column=moment())
    told_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    told_by: str = ""
