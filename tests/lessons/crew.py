"""Makes volunteers to try things with; without it each story would begin with a form."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from lessons import Availability, Volunteer, team


def helper(
    session: Session, now: datetime, name: str, skills: tuple[str, ...] = ("call",), always: bool = True, **changes: Any
) -> Volunteer:
    """An approved helper, free on every day unless `always` is False."""
    volunteer, _ = team.register(session, team.Profile(name, "", skills, **changes), now)
    team.change_state(session, volunteer.id, "approved")
    if always:
        day = date(2026, 1, 1)
        session.add(Availability(volunteer_id=volunteer.id, event_schedule="FREQ=DAILY", first_day=day, starts="08:00", ends="20:00"))
        session.flush()
    return volunteer


def promised(session: Session, room: str, volunteer: Volunteer, now: datetime) -> str:
    """This helper has been asked for the class and said yes; returns the assignment's id."""
    made = team.assign(session, room, volunteer.id, now)
    team.ask(session, made, now)
    return team.accept(session, made.id, now).id
