"""Who really came, noted kindly; without it seats of people who fell ill and of people who forgot would look the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from .errors import NoOffer
from .seats import lock_application, lock_session
from .states import move
from .tables import Application, Booking


def check_in(session: Session, application_id: str, now: datetime) -> Booking:
    """Somebody has arrived. Arriving twice changes nothing."""
    application, _place = lock_application(session, application_id)
    booking = _last_booking(session, application)
    if booking.state != "checked_in":
        move("booking", booking, "checked_in")
        booking.changed_at = now
        session.add(booking)
    return booking


def close_class(session: Session, application_ids: Sequence[str], now: datetime) -> None:
    """After the class: who was there attended, who has a seat but did not come is a no-show (which staff may excuse)."""
    for application_id in application_ids:
        application, _place = lock_application(session, application_id)
        booking = _last_booking(session, application)
        if booking.state in ("checked_in", "confirmed"):
            move("booking", booking, "attended" if booking.state == "checked_in" else "no_show")
            booking.changed_at = now
            session.add(booking)


def complete(session: Session, session_id: str) -> None:
    """The class is over. Closing it twice changes nothing. Raises IllegalMove for one that was never held or is still in its draw."""
    place = lock_session(session, session_id)
    if place.state != "completed":
        move("class", place, "completed")
        session.add(place)


def excuse(session: Session, application_id: str, reason: str, now: datetime) -> Booking:
    """Somebody could not come and said why; it no longer counts against them."""
    application, _place = lock_application(session, application_id)
    booking = _last_booking(session, application)
    move("booking", booking, "excused")
    booking.cancelled_reason, booking.changed_at = reason, now
    session.add(booking)
    return booking


def _last_booking(session: Session, application: Application) -> Booking:
    found = session.exec(select(Booking).where(Booking.application_id == application.id)).all()
    if not found:
        raise NoOffer
    return max(found, key=lambda booking: booking.changed_at)
