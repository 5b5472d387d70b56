"""The person we serve, kept with how that person wants to be spoken to; without this file nobody would be known again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Field, SQLModel

from .preferences import Preferences


class Person(SQLModel, table=True):
    """Someone the town serves. No name lives here: names are asked for only where a class or a call-back needs one."""

    __tablename__ = "person"

    id: str = Field(default_factory=lambda: uuid.uuid4().hex, primary_key=True)
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    stored_preferences: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))

    @property
    def preferences(self) -> Preferences:
        return Preferences.from_dict(self.stored_preferences)
