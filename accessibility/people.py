"""The person we serve and how that person wants to be spoken to; without this file every channel would ask again."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, Self

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Field, SQLModel

LetterSize = Literal["standard", "large", "largest"]
LANGUAGES = ("ja", "en", "zh-Hans", "ko")


@dataclass(frozen=True, slots=True)
class Preferences:
    """Set once, held on every channel. `speed` is a factor on normal speech (0.5 to 1.5); `loud` makes the voice carry further.

    `phone` is the kind of telephone somebody told us they have, for help with it.
    """

    language: str = "ja"
    easy: bool = False
    furigana: bool = False
    letter_size: LetterSize = "large"
    voice: bool = True
    speed: float = 0.9
    loud: bool = False
    phone: Literal["", "iphone", "android"] = ""

    def with_changes(self, **changes: Any) -> Self:
        """The same preferences with some fields changed."""
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Read stored preferences; unknown keys of older or newer versions are left out."""
        known = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in stored.items() if key in known})


class Person(SQLModel, table=True):
    """Someone the town serves. No name lives here: names are asked for only where a class or a call-back needs one."""

    __tablename__ = "person"

    id: str = Field(default_factory=lambda: uuid.uuid4().hex, primary_key=True)
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    stored_preferences: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))

    @property
    def preferences(self) -> Preferences:
        return Preferences.from_dict(self.stored_preferences)
