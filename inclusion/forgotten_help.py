"""Ends help by one person that nobody ended; without it a forgotten ticket would keep its helper from everybody else for ever.

Whoever talks in a live room is never cut off: the room's event is over only when its hour is and nobody is in it, or when it was closed.
At a desk or in a chat nobody sees that two people still talk, so such help ends hours after the office has closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from inclusion.classes.notices import account_for, person_of_learner
from inclusion.live.events import OPEN_STATES
from inclusion.live.tables import LiveEvent
from inclusion.quiet_hours import OfficeHours
from inclusion.skills import class_day
from inclusion.telling import Telling
from lessons.learning_tables import TutoringTicket
from lessons.tutoring import end_forgotten, end_forgotten_duty, match

AFTER_CLOSING: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ForgottenHelp:
    """`telling` writes to the learners, in the caller's transaction."""

    telling: Telling

    def end(self, session: Session, now: datetime) -> int:
        """Returns how many requests were ended. Who becomes free gets the next person at once."""
        ended = end_forgotten(session, now, lambda ticket: self._is_over(session, ticket, now))
        gone = end_forgotten_duty(session, now, lambda tutor: self._has_closed(tutor.since, now))
        for ticket in ended:
            self._tell(session, ticket, now)
        if ended or gone:
            session.flush()
            match(session, now)
        return len(ended)

    def _is_over(self, session: Session, ticket: TutoringTicket, now: datetime) -> bool:
        if not ticket.room:
            return self._has_closed(ticket.began_at or ticket.changed_at, now)
        standing = select(LiveEvent.number).where(LiveEvent.room == ticket.room, col(LiveEvent.state).in_(OPEN_STATES))
        return session.exec(standing).first() is None

    def _has_closed(self, began: datetime, now: datetime) -> bool:
        """Whether the office closed since then, and some time ago. An evening desk ends with the next day."""
        town = self.telling.town
        hours = OfficeHours.of(town.contacts[town.help_contact], town.timezone)
        closing = datetime.combine(began.astimezone(town.timezone).date(), hours.closes, town.timezone)
        return now >= (closing if began < closing else closing + timedelta(days=1)) + AFTER_CLOSING

    def _tell(self, session: Session, ticket: TutoringTicket, now: datetime) -> None:
        person = person_of_learner(session, ticket.learner_id)
        account = account_for(session, person, "") if person else None
        if account is not None:
            self.telling.notice(session, account, class_day.help_over, f"tutoring/{ticket.id}/over", now)
