"""Rooms, loan telephones, closed days and series: without them two classes would meet in front of one door."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from .columns import new_id, pointer


class Room(SQLModel, table=True):
    """A room of a venue; a class names it by its name."""

    __tablename__ = "lesson_room"
    __table_args__ = (UniqueConstraint("venue_id", "name", name="uq_lesson_room"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    venue_id: str = Field(sa_column=pointer("lesson_venue.id"))
    name: str
    capacity: int
    is_accessible: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class LoanDevice(SQLModel, table=True):
    """Telephones that can be lent, so many of a kind. `venue_id` "" means that they travel to any venue."""

    __tablename__ = "lesson_loan_device"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    phone_system: str
    quantity: int
    venue_id: str = ""


class Closure(SQLModel, table=True):
    """Days on which a venue (or with "" every venue) is closed."""

    __tablename__ = "lesson_closure"

    id: str = Field(default_factory=new_id, primary_key=True)
    venue_id: str = Field(default="", index=True)
    first_day: date
    last_day: date
    reason: str = ""


class SessionSeries(SQLModel, table=True):
    """Classes that belong together. `event_schedule` is their RFC 5545 rule."""

    __tablename__ = "lesson_series"

    id: str = Field(default_factory=new_id, primary_key=True)
    course_code: str = Field(sa_column=pointer("lesson_course.code"))
    name: str
    event_schedule: str
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
