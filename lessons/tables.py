"""What a class programme keeps, in the words of schema.org, OpenActive and iCalendar; without it nothing would outlive a phone call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from .columns import moment, new_id, new_receipt, pointer


class Course(SQLModel, table=True):
    """A topic that is taught. `source` and `material_version` say where the topic comes from.

    `conditions` may hold age_from, age_to (years) and residency (a list of lives, works, studies); `eligibility.py` asks for them.
    """

    __tablename__ = "lesson_course"

    code: str = Field(primary_key=True)
    name: str
    name_kana: str = ""
    description: str = ""
    level: str = ""
    skills_taught: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    prerequisites: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    duration_minutes: int = 60
    material_ref: str = ""
    material_version: str = ""
    in_language: str = "ja"
    source: str = ""
    conditions: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class Venue(SQLModel, table=True):
    """`is_accessible` lists what is there: step_free, toilet, hearing_loop, lift, parking, wifi."""

    __tablename__ = "lesson_venue"

    id: str = Field(primary_key=True)
    name: str
    address: str = ""
    floor: str = ""
    nearest_station: str = ""
    is_accessible: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    lat: float | None = None
    lon: float | None = None
    wheelchair_route: str | None = None
    photo_route: str | None = None


class ScheduledSession(SQLModel, table=True):
    """One class on one day. At most `maximum_attendee_capacity` (room and devices) people come, and never more than the helpers can mind.

    `seats_taken` counts confirmed and held seats. `revision` grows with every change (and is how the row is locked), `sequence` only
    when what is printed in a calendar changes. `sample` classes are for trying out and say so everywhere. `remote_address` is where a
    class of attendance mode Online or Mixed is joined from home; only who has a seat is shown it. `conditions` (age_from, age_to,
    residency, prerequisites) stand in place of the topic's; None takes those. `own_phones`: nothing is lent, so `devices` limits nothing.
    """

    __tablename__ = "lesson_session"
    __table_args__ = (
        CheckConstraint("seats_taken >= 0 AND seats_taken <= maximum_attendee_capacity", name="ck_lesson_session_seats"),
        Index("ix_lesson_session_start", "state", "start_date"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    course_code: str = Field(sa_column=pointer("lesson_course.code"))
    venue_id: str = Field(sa_column=pointer("lesson_venue.id"))
    super_event: str = ""
    name: str
    room: str = ""
    start_date: datetime = Field(sa_column=moment())
    end_date: datetime = Field(sa_column=moment())
    tz: str = "Asia/Tokyo"
    event_attendance_mode: str = "Offline"
    state: str = "published"
    allocation: str = "first_come"
    room_capacity: int
    devices: int
    maximum_attendee_capacity: int
    helper_ratio: int = 0
    confirmed_helpers: int = 0
    seats_taken: int = 0
    first_timer_seats: int = 0
    last_position: int = 0
    registration_opens: datetime = Field(sa_column=moment())
    registration_closes: datetime = Field(sa_column=moment())
    cancel_deadline: datetime = Field(sa_column=moment())
    fee_yen: int = 0
    what_to_bring: str = ""
    target_audience: str = ""
    contact: str = ""
    sequence: int = 0
    revision: int = 0
    changed_at: datetime = Field(sa_column=moment())
    sample: bool = False
    proposed_by: str | None = None
    in_language: str | None = None
    remote_address: str = ""
    own_phones: bool = False
    conditions: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))

    @property
    def seats_offered(self) -> int:
        """min(room, devices, helper ratio x confirmed helpers); a ratio of 0 means that no helpers are needed."""
        minded = self.helper_ratio * self.confirmed_helpers if self.helper_ratio else self.maximum_attendee_capacity
        return min(self.maximum_attendee_capacity, minded)

    @property
    def seats_free(self) -> int:
        return max(0, self.seats_offered - self.seats_taken)

    @property
    def at_risk(self) -> bool:
        """More people are coming than the helpers can mind: nobody loses a seat, but a helper must be found."""
        return self.seats_taken > self.seats_offered


class Learner(SQLModel, table=True):
    """Who comes. The only table of this package that holds a name or a number; `erase_learner` empties it.

    `residency` is lives, works, studies, elsewhere or "" (not said); `access_needs` names what a venue must have (step_free hearing_loop).
    """

    __tablename__ = "lesson_learner"
    __table_args__ = (UniqueConstraint("phone", "name_key", name="uq_lesson_learner"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    name_key: str
    phone: str
    account_id: str = ""
    in_language: str = "ja"
    access_needs: str = ""
    birth_year: int | None = None
    residency: str = ""
    consented_at: datetime = Field(sa_column=moment())


class Application(SQLModel, table=True):
    """A wish to come, from whichever channel. `active_key` is filled while it stands, so that nobody stands twice for one class."""

    __tablename__ = "lesson_application"

    id: str = Field(default_factory=new_id, primary_key=True)
    session_id: str = Field(sa_column=pointer("lesson_session.id"))
    learner_id: str = Field(sa_column=pointer("lesson_learner.id"))
    channel: str
    submitted_by: str = ""
    receipt_number: str = Field(default_factory=new_receipt, unique=True)
    idempotency_key: str | None = Field(default=None, unique=True)
    active_key: str | None = Field(default=None, unique=True)
    state: str = "submitted"
    reason: str = ""
    submitted_at: datetime = Field(sa_column=moment())


class Booking(SQLModel, table=True):
    """A seat: held until a moment, or confirmed."""

    __tablename__ = "lesson_booking"
    __table_args__ = (Index("ix_lesson_booking_hold", "state", "hold_expires_at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    application_id: str = Field(sa_column=pointer("lesson_application.id"))
    session_id: str = Field(sa_column=pointer("lesson_session.id"))
    state: str
    hold_expires_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    cancelled_reason: str = ""
    changed_at: datetime = Field(sa_column=moment())


class WaitlistEntry(SQLModel, table=True):
    """A place in the queue. `position` never changes, so nobody is overtaken."""

    __tablename__ = "lesson_waiting"
    __table_args__ = (UniqueConstraint("session_id", "position", name="uq_lesson_waiting"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    application_id: str = Field(sa_column=pointer("lesson_application.id"))
    session_id: str = Field(sa_column=pointer("lesson_session.id"))
    position: int
    state: str = "waiting"
    returned: bool = False


class Notice(SQLModel, table=True):
    """A fact somebody must hear of, written in the transaction that made it true. Sending it is another's task."""

    __tablename__ = "lesson_notice"
    __table_args__ = (Index("ix_lesson_notice_open", "told_at", "made_at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    session_id: str = Field(sa_column=pointer("lesson_session.id"))
    application_id: str = Field(sa_column=pointer("lesson_application.id"))
    until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    made_at: datetime = Field(sa_column=moment())
    told_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    told_by: str = ""


class Draw(SQLModel, table=True):
    """One lottery. `seed` stays secret until it is drawn; `record` is the whole of what anybody may check."""

    __tablename__ = "lesson_draw"

    id: str = Field(default_factory=new_id, primary_key=True)
    session_id: str = Field(foreign_key="lesson_session.id", unique=True)
    rule_version: str
    seed: str
    seed_commitment: str
    public_source: str
    public_value: str = ""
    list_hash: str = ""
    state: str = "announced"
    announced_at: datetime = Field(sa_column=moment())
    sealed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    drawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    record: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class DrawEntry(SQLModel, table=True):
    """One entrant, as counted in the draw. `rank` is 0 until it is drawn."""

    __tablename__ = "lesson_draw_entry"

    id: str = Field(default_factory=new_id, primary_key=True)
    draw_id: str = Field(sa_column=pointer("lesson_draw.id"))
    application_id: str = Field(sa_column=pointer("lesson_application.id"))
    weight: int
    tier: str
    rank: int = 0
