"""What learner and helper write to each other while help goes on in a chat; without it the helper would have to know whose chat it is.

Words are kept while the help stands, also when it is carried over, and are gone with its end (`tutoring.py` deletes them).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from sqlmodel import Session, col, select

from .errors import NothingToSay, TicketUnknown
from .learning_tables import TutoringLine, TutoringTicket
from .tutoring import open_ticket_of

LONGEST: Final = 1_000
Who = Literal["learner", "tutor"]


def talk_of(session: Session, learner_id: str) -> TutoringTicket | None:
    """The help this learner is having in the chat right now."""
    ticket = open_ticket_of(session, learner_id)
    return ticket if ticket is not None and is_talk(ticket) else None


def is_talk(ticket: TutoringTicket) -> bool:
    return ticket.state == "in_help" and ticket.mode == "chat"


def talks_now(session: Session) -> Sequence[TutoringTicket]:
    held = select(TutoringTicket).where(TutoringTicket.state == "in_help", TutoringTicket.mode == "chat")
    return session.exec(held.order_by(col(TutoringTicket.changed_at))).all()


def write(session: Session, ticket_id: str, who: Who, text: str, now: datetime) -> TutoringLine:
    """Raises TicketUnknown where no such help goes on in a chat, NothingToSay for empty words."""
    ticket = session.get(TutoringTicket, ticket_id, populate_existing=True)
    if ticket is None or not is_talk(ticket):
        raise TicketUnknown
    words = text.strip()[:LONGEST]
    if not words:
        raise NothingToSay
    line = TutoringLine(ticket_id=ticket.id, learner_id=ticket.learner_id, who=who, text=words, said_at=now)
    session.add(line)
    session.flush()
    return line


def lines_of(session: Session, ticket_id: str) -> Sequence[TutoringLine]:
    return session.exec(select(TutoringLine).where(TutoringLine.ticket_id == ticket_id).order_by(col(TutoringLine.number))).all()


def untold(session: Session, ticket_id: str, now: datetime) -> Sequence[TutoringLine]:
    """The helper's words that the learner has not been given; now they have."""
    waiting = [one for one in lines_of(session, ticket_id) if one.who == "tutor" and one.told_at is None]
    for line in waiting:
        line.told_at = now
        session.add(line)
    return waiting


__all__ = ["is_talk", "lines_of", "talk_of", "talks_now", "untold", "write"]
