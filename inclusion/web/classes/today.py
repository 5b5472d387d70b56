"""Today's classes on the staff's first page; without it a class would be out of sight while people arrive at its door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from lessons import held_between, lots_to_draw, notices_to_tell

from .words import LessonWords


def classes_today(session: Session, words: LessonWords, now: datetime) -> dict[str, Any]:
    """What the page shows of the town's own day: its classes, whatever their state, whom to call and which lots to draw."""
    midnight = now.astimezone(words.pages.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    cards = [words.kept(one, now) for one in held_between(session, midnight, midnight + timedelta(days=1))]
    lots = [words.kept(one, now) for one in lots_to_draw(session, now)]
    return {"words": words, "cards": cards, "lots": lots, "to_tell": notices_to_tell(session, now)}
