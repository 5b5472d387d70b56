"""The queue for a full class: whose turn it is, and the seat held for them; without it freed seats would go to whoever calls first.

Giving a seat back and offering it to the next person happen in one transaction, under the class's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from .deadlines import offer_deadline
from .errors import IllegalMove, NoOffer, OfferExpired
from .seats import give_back_seat, lock_application, lock_session, take_seat
from .states import move
from .tables import Application, Booking, Notice, ScheduledSession, WaitlistEntry


@dataclass(frozen=True, slots=True)
class Offer:
    """A seat held for somebody until a moment."""

    application_id: str
    receipt_number: str
    until: datetime


def join_queue(session: Session, place: ScheduledSession, application: Application, kind: str = "waitlisted") -> WaitlistEntry:
    """The last place in the queue. Call it under the class's lock."""
    place.last_position += 1
    entry = WaitlistEntry(application_id=application.id, session_id=place.id, position=place.last_position)
    move("application", application, kind)
    session.add_all([place, application, entry])
    return entry


def somebody_waits(session: Session, place: ScheduledSession) -> bool:
    return _next(session, place) is not None


def position_of(session: Session, application: Application) -> int | None:
    """1 for the next in line; None for somebody who does not wait."""
    entry = entry_of(session, application)
    if entry is None or entry.state != "waiting":
        return None
    ahead = select(func.count()).select_from(WaitlistEntry).where(WaitlistEntry.session_id == entry.session_id)
    return session.exec(ahead.where(WaitlistEntry.state == "waiting", col(WaitlistEntry.position) <= entry.position)).one()


def entry_of(session: Session, application: Application) -> WaitlistEntry | None:
    return session.exec(select(WaitlistEntry).where(WaitlistEntry.application_id == application.id)).one_or_none()


def offer_free_seats(session: Session, place: ScheduledSession, now: datetime) -> Sequence[Offer]:
    """Hold every free seat for the next in line, one after the other. Call it under the class's lock."""
    offers = []
    while (entry := _next(session, place)) is not None:
        application = _application(session, entry)
        until = offer_deadline(application.channel, place.start_date, place.tz, now)
        if until is None or place.state == "cancelled" or not take_seat(session, place):
            break
        offers.append(_offer(session, place, entry, application, until, now))
    return offers


def accept_offer(session: Session, application_id: str, now: datetime) -> Booking:
    """Take the held seat; a second press changes nothing. Raises NoOffer, or OfferExpired when the deadline has passed.

    It then stays held until `expire_offers`, which every other command on this class runs first.
    """
    application, _place = lock_application(session, application_id)
    held = held_booking(session, application)
    if held is None or held.hold_expires_at is None:
        if taken := _accepted_before(session, application):
            return taken
        raise NoOffer
    if held.hold_expires_at < now:
        raise OfferExpired(held.hold_expires_at)
    move("booking", held, "confirmed")
    move("application", application, "confirmed")
    held.hold_expires_at, held.changed_at = None, now
    if entry := entry_of(session, application):
        move("place in the queue", entry, "accepted")
        session.add(entry)
    session.add_all([held, application, notice("confirmed", application, now)])
    session.flush()
    return held


def decline_offer(session: Session, application_id: str, now: datetime) -> Sequence[Offer]:
    """Let the held seat go; the next person gets it at once. Raises NoOffer."""
    application, place = lock_application(session, application_id)
    held = held_booking(session, application)
    if held is None:
        raise NoOffer
    end_hold(session, place, application, held, "declined", now)
    return offer_free_seats(session, place, now)


def expire_offers(session: Session, place: ScheduledSession, now: datetime) -> Sequence[Offer]:
    """End the holds whose deadline has passed and offer their seats on. Call it under the class's lock."""
    due = select(Booking).where(Booking.session_id == place.id, Booking.state == "held", col(Booking.hold_expires_at) < now)
    for held in session.exec(due).all():
        application = session.get(Application, held.application_id, populate_existing=True)
        if application is not None:
            end_hold(session, place, application, held, "expired", now)
    return offer_free_seats(session, place, now)


def expire_due_offers(session: Session, now: datetime) -> Sequence[Offer]:
    """For every class with a passed deadline, in the order of their ids so that two sweeps cannot block each other."""
    due = select(Booking.session_id).where(Booking.state == "held", col(Booking.hold_expires_at) < now).distinct()
    found: list[Offer] = []
    for session_id in sorted(session.exec(due).all()):
        found += expire_offers(session, lock_session(session, session_id), now)
    return found


def put_back_in_queue(session: Session, application_id: str, now: datetime) -> WaitlistEntry:
    """Staff could not reach somebody before the deadline: back to the old place, once. Raises IllegalMove the second time."""
    application, place = lock_application(session, application_id)
    entry = entry_of(session, application)
    if entry is None or entry.returned:
        raise IllegalMove("place in the queue", entry.state if entry else "absent", "waiting")
    move("place in the queue", entry, "waiting")
    move("application", application, "waitlisted")
    entry.returned = True
    application.active_key = active_key(application.session_id, application.learner_id)
    session.add_all([entry, application])
    session.flush()
    offer_free_seats(session, place, now)
    return entry


def held_booking(session: Session, application: Application) -> Booking | None:
    held = select(Booking).where(Booking.application_id == application.id, Booking.state == "held")
    return session.exec(held.execution_options(populate_existing=True)).one_or_none()


def end_hold(session: Session, place: ScheduledSession, application: Application, held: Booking, how: str, now: datetime) -> None:
    """A held seat is free again, and its application ends: declined by the person, or expired."""
    move("booking", held, how)
    held.changed_at = now
    if entry := entry_of(session, application):
        move("place in the queue", entry, how)
        session.add(entry)
    move("application", application, "withdrawn")
    application.reason, application.active_key = f"offer_{how}", None
    session.add_all([held, application])
    if how == "expired":
        session.add(notice("offer_expired", application, now))
    give_back_seat(session, place)


def notice(kind: str, application: Application, now: datetime, until: datetime | None = None) -> Notice:
    return Notice(kind=kind, session_id=application.session_id, application_id=application.id, made_at=now, until=until)


def active_key(session_id: str, learner_id: str) -> str:
    return f"{session_id}/{learner_id}"


def _offer(
    session: Session, place: ScheduledSession, entry: WaitlistEntry, application: Application, until: datetime, now: datetime
) -> Offer:
    move("place in the queue", entry, "offered")
    held = Booking(application_id=application.id, session_id=place.id, state="held", hold_expires_at=until, changed_at=now)
    session.add_all([entry, held, notice("offered", application, now, until)])
    session.flush()
    return Offer(application.id, application.receipt_number, until)


def _accepted_before(session: Session, application: Application) -> Booking | None:
    """The same press again, redelivered or doubled."""
    entry = entry_of(session, application)
    if application.state != "confirmed" or entry is None or entry.state != "accepted":
        return None
    return session.exec(select(Booking).where(Booking.application_id == application.id, Booking.state == "confirmed")).first()


def _next(session: Session, place: ScheduledSession) -> WaitlistEntry | None:
    if place.last_position == 0:  # nobody ever queued here
        return None
    waiting = select(WaitlistEntry).where(WaitlistEntry.session_id == place.id, WaitlistEntry.state == "waiting")
    first = waiting.order_by(col(WaitlistEntry.position)).limit(1)
    return session.exec(first.execution_options(populate_existing=True)).one_or_none()


def _application(session: Session, entry: WaitlistEntry) -> Application:
    return session.get_one(Application, entry.application_id)
