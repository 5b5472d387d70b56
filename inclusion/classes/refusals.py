"""A refusal of the class programme as a sentence; without it a resident would read the names of our columns: starts_at, event_schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lessons import LessonError

FIELD = "field"


def sentence(error: LessonError, say: Callable[..., str], moment: Callable[[datetime], str]) -> str:
    """`say(message_id, **fills)` speaks the reader's language, `moment` writes days and hours in it."""

    def word(name: str, value: object) -> object:
        if isinstance(value, datetime):
            return moment(value)
        return say(f"lesson.field.{value}") if name == FIELD else value

    return say(error.message_id, **{name: word(name, value) for name, value in error.values().items()})


__all__ = ["sentence"]
