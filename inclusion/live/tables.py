"""What is kept of live events: the plan, the tickets, who was sent out, who wants to be reminded, the films; without it a restart would
open a room to whoever had been sent out of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from inclusion.database import moment

EventState = Literal["scheduled", "live", "ended", "cancelled"]


def _of_event() -> Column[int]:
    return Column(Integer, ForeignKey("live_event.number", ondelete="CASCADE"), nullable=False, index=True)


class LiveEvent(SQLModel, table=True):
    """One event in one room. `names` maps a language to the name staff gave it; Japanese is always there.

    `capacity` is how many may watch (0: as many as the server carries). `mode` is `festival`, `class` or `pair` (streaming.Mode).
    """

    __tablename__ = "live_event"

    number: int | None = Field(default=None, primary_key=True)
    room: str = Field(unique=True)
    names: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    start_at: datetime = Field(sa_column=moment(index=True))
    end_at: datetime = Field(sa_column=moment())
    place: str = ""
    mode: str = "festival"
    by_ticket: bool = False
    capacity: int = 0
    state: str = "scheduled"
    sequence: int = 0  # grows with every change, for calendars
    made_at: datetime = Field(sa_column=moment())


class LiveTicket(SQLModel, table=True):
    """One link that lets one person in without signing in. `seat` names the person in the room; nobody's name is kept."""

    __tablename__ = "live_ticket"

    number: int | None = Field(default=None, primary_key=True)
    event: int = Field(sa_column=_of_event())
    seat: str = Field(unique=True)
    made_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class LiveHost(SQLModel, table=True):
    """One link with which a room is hosted. `seat` is the host's in the room; nobody's name is kept."""

    __tablename__ = "live_host"

    number: int | None = Field(default=None, primary_key=True)
    room: str = Field(index=True)
    seat: str = Field(unique=True)
    made_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class LiveRemoval(SQLModel, table=True):
    """Somebody whom the host sent out of a room. The seat is a random name that ends with its cookie."""

    __tablename__ = "live_removal"
    __table_args__ = (UniqueConstraint("room", "seat", name="uq_live_removal"),)

    number: int | None = Field(default=None, primary_key=True)
    room: str
    seat: str
    removed_at: datetime = Field(sa_column=moment(index=True))


class LiveReminder(SQLModel, table=True):
    """A chat that asked to be reminded of an event. `told` names the last thing it was told, so that nothing is told twice."""

    __tablename__ = "live_reminder"
    __table_args__ = (UniqueConstraint("event", "account_id", name="uq_live_reminder"),)

    number: int | None = Field(default=None, primary_key=True)
    event: int = Field(sa_column=_of_event())
    account_id: str = Field(sa_column=Column(String, ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True))
    asked_at: datetime = Field(sa_column=moment())
    start_said: datetime = Field(sa_column=moment())
    told: str = ""


class LiveFilm(SQLModel, table=True):
    """A recording. None is begun without the host's word (`agreed_at`) that everybody was told; `delete_at` is its last day.

    `chapters` and `captions` are lists of {"start", "end", "text"} in seconds from the film's beginning.
    """

    __tablename__ = "live_film"

    number: int | None = Field(default=None, primary_key=True)
    room: str = Field(index=True)
    names: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    file: str
    by_ticket: bool = False
    agreed_at: datetime = Field(sa_column=moment())
    began_at: datetime = Field(sa_column=moment())
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    delete_at: datetime = Field(sa_column=moment(index=True))
    chapters: list[dict[str, float | str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    captions: list[dict[str, float | str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


LIVE_TABLES = (LiveEvent, LiveTicket, LiveHost, LiveRemoval, LiveReminder, LiveFilm)
