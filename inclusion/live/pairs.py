"""The live room in which one person helps another, open as long as the help; without it somebody would plan each room by hand."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from accessibility import LANGUAGES, Messages
from inclusion.live.events import HELP_ROOM, OPEN_STATES, EventPlan, plan_event
from inclusion.live.tables import LiveEvent, LiveTicket
from inclusion.live.tickets import TicketKeys, make_tickets, tickets_of
from lessons.learning_tables import TutoringTicket
from lessons.tutoring import BUSY

LASTS: Final = timedelta(hours=1)
LEARNER, HELPER = 0, 1
SEATS: Final = 2


@dataclass(frozen=True, slots=True)
class PairRooms:
    """Each room is a planned event for two: one link for the learner, one for the helper, both good until the help is over."""

    secret: str
    messages: Messages
    public_url: str

    def open(self, session: Session, now: datetime) -> str:
        """A new room's name, in the caller's transaction."""
        names = {language: self.messages.say("lesson.help.room.name", language) for language in LANGUAGES}
        room = f"{HELP_ROOM}{secrets.token_hex(8)}"
        event = plan_event(session, EventPlan(names, now, now + LASTS, mode="pair", room=room), now, for_help=True)
        make_tickets(session, event.number or 0, SEATS, now)
        return room

    def learners_link(self, session: Session, room: str) -> str:
        """One tap and the learner is there; "" for a room that is over."""
        return self._link(session, room, LEARNER)

    def helpers_link(self, session: Session, room: str) -> str:
        return self._link(session, room, HELPER)

    def _link(self, session: Session, room: str, seat: int) -> str:
        event = session.exec(select(LiveEvent).where(LiveEvent.room == room, col(LiveEvent.state).in_(OPEN_STATES))).first()
        tickets: list[LiveTicket] = list(tickets_of(session, event.number or 0)) if event else []
        if len(tickets) <= seat:
            return ""
        key = TicketKeys(self.secret).key(tickets[seat].number or 0)
        return f"{self.public_url.rstrip('/')}/live/{room}?key={key}"


def close_left_rooms(session: Session) -> int:
    """Rooms whose help has ended, whichever way, are over with it: nobody may come in by an old link. Returns how many."""
    found = select(LiveEvent).where(col(LiveEvent.state).in_(OPEN_STATES), col(LiveEvent.room).startswith(HELP_ROOM))
    standing = found.where(LiveEvent.mode == "pair")
    used = set(session.exec(select(TutoringTicket.room).where(col(TutoringTicket.state).in_(BUSY), TutoringTicket.room != "")).all())
    left = [event for event in session.exec(standing).all() if event.room not in used]
    for event in left:
        event.state = "ended"
        session.add(event)
    return len(left)
