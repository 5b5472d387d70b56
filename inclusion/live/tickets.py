"""Links that let one person into one event without signing in; without them capacity would be a wish and a lost link stay good for ever."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from inclusion.live.events import LiveRefused, NoPlacesLeft, event_of, open_event
from inclusion.live.tables import LiveEvent, LiveRemoval, LiveTicket

AFTER_END: Final = timedelta(hours=1)
MOST_AT_ONCE: Final = 200
SEAL_SIGNS: Final = 22
_REMEMBERED: Final = timedelta(days=2)  # longer than any seat's cookie


class TicketGone(LiveRefused):
    """Forged, run out, revoked, or of an event that was cancelled: the same for all, so that nothing can be learnt by trying."""

    message_id = "live.ticket.gone"


@dataclass(frozen=True, slots=True)
class TicketKeys:
    """What stands in a link. Nothing secret is stored: staff can show a lost link again, a copied database opens no door."""

    secret: str

    def key(self, number: int) -> str:
        return f"{number}-{self._seal(number)}"

    def number(self, key: str) -> int:
        """Raises TicketGone for a key that was not made here."""
        told, _, seal = key.partition("-")
        if not (told.isascii() and told.isdigit() and len(told) < 12 and seal.isascii()):
            raise TicketGone
        if not hmac.compare_digest(seal, self._seal(int(told))):
            raise TicketGone
        return int(told)

    def _seal(self, number: int) -> str:
        digest = hmac.digest(self.secret.encode(), f"live link {number}".encode(), hashlib.sha256)
        return digest.hex()[:SEAL_SIGNS]


def make_tickets(session: Session, event_number: int, count: int, now: datetime) -> Sequence[LiveTicket]:
    """As many links as there are places for, good until an hour after the event. Raises NoPlacesLeft or EventOver; then none is made."""
    event = open_event(session, event_number)
    left = places_left(session, event, now)
    if not 1 <= count <= MOST_AT_ONCE or (left is not None and count > left):
        raise NoPlacesLeft(MOST_AT_ONCE if left is None else left)
    expires = event.end_at + AFTER_END
    made = [LiveTicket(event=event_number, seat=secrets.token_urlsafe(9), made_at=now, expires_at=expires) for _ in range(count)]
    session.add_all(made)
    session.flush()
    return made


def places_left(session: Session, event: LiveEvent, now: datetime) -> int | None:
    """None where nothing limits them. A revoked link gives its place back."""
    if not event.capacity:
        return None
    return max(event.capacity - sum(one.revoked_at is None for one in tickets_of(session, event.number or 0)), 0)


def tickets_of(session: Session, event_number: int) -> Sequence[LiveTicket]:
    return session.exec(select(LiveTicket).where(LiveTicket.event == event_number).order_by(col(LiveTicket.number))).all()


def revoke_ticket(session: Session, event_number: int, number: int, now: datetime) -> LiveTicket:
    """From now on this link opens nothing. Raises TicketGone for one of another event."""
    ticket = session.get(LiveTicket, number)
    if ticket is None or ticket.event != event_number:
        raise TicketGone
    ticket.revoked_at = ticket.revoked_at or now
    session.add(ticket)
    return ticket


def admitted(session: Session, room: str, number: int, now: datetime) -> LiveTicket:
    """The ticket behind a link, for this room. Raises TicketGone. An event that was moved takes its tickets along."""
    ticket = session.get(LiveTicket, number)
    if ticket is None or ticket.revoked_at is not None:
        raise TicketGone
    event = event_of(session, ticket.event)
    if event.room != room or event.state == "cancelled" or now >= max(ticket.expires_at, event.end_at + AFTER_END):
        raise TicketGone
    return ticket


def revoked_tickets(session: Session, now: datetime) -> Sequence[LiveTicket]:
    """Those that would still open a door if they had not been taken back."""
    return session.exec(select(LiveTicket).where(col(LiveTicket.revoked_at).is_not(None), col(LiveTicket.expires_at) > now)).all()


def remember_removed(session: Session, room: str, seat: str, now: datetime) -> None:
    known = session.exec(select(LiveRemoval.number).where(LiveRemoval.room == room, LiveRemoval.seat == seat)).first()
    if known is None:
        session.add(LiveRemoval(room=room, seat=seat, removed_at=now))


def removed_from(session: Session, now: datetime) -> Sequence[tuple[str, str]]:
    """(room, seat) of everybody who was sent out lately; older ones are forgotten, their seats have run out."""
    for old in session.exec(select(LiveRemoval).where(col(LiveRemoval.removed_at) <= now - _REMEMBERED)).all():
        session.delete(old)
    return [(one.room, one.seat) for one in session.exec(select(LiveRemoval)).all()]
