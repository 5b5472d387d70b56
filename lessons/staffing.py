"""Changing a class that people already stand for: its room, helpers and existence; without it a smaller room would drop people silently."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from .assignments import free_helpers
from .errors import CapacityBelowTaken, DrawNotPossible, IllegalMove, ReasonMissing
from .lottery import void
from .seats import lock_session
from .states import SEAT_STATES, move
from .tables import Application, Booking, ScheduledSession, WaitlistEntry
from .waiting_list import Offer, expire_offers, note

OFF_REASONS: Final = ("weather", "helpers", "venue", "few", "other")  # why a class is called off, told in everybody's language
CALLED_OFF: Final = "called_off"
STANDING: Final = ("submitted", "invited", "in_draw", "waitlisted", "reserve", "confirmed", "won")


def change_places(
    session: Session,
    session_id: str,
    now: datetime,
    *,
    room_capacity: int | None = None,
    devices: int | None = None,
    confirmed_helpers: int | None = None,
) -> Sequence[Offer]:
    """Another room, more devices, a helper more or less. New seats go to the queue at once.

    Raises CapacityBelowTaken when the room or the devices would not do for those who hold a seat (or less than nothing is given), and
    DrawNotPossible when a sealed list already promises more seats. A helper who drops out takes
    nobody's seat: the class is then `at_risk` and no further seat is given.
    """
    place = lock_session(session, session_id)
    room = place.room_capacity if room_capacity is None else room_capacity
    loaned = room if place.own_phones else place.devices if devices is None else devices
    if place.state == "drawing" and min(room, loaned) < place.maximum_attendee_capacity:
        raise DrawNotPossible("sealed")
    if min(room, loaned) < place.seats_taken or (confirmed_helpers or 0) < 0:
        raise CapacityBelowTaken(place.seats_taken, min(room, loaned), _receipts_of_seated(session, place))
    place.room_capacity, place.devices, place.maximum_attendee_capacity = room, loaned, min(room, loaned)
    if confirmed_helpers is not None:
        place.confirmed_helpers = confirmed_helpers
    place.changed_at = now
    session.add(place)
    session.flush()
    return expire_offers(session, place, now)


def call_off_by_staff(session: Session, session_id: str, reason: str, now: datetime) -> Sequence[Application]:
    """Call a class off for one of OFF_REASONS. Raises ReasonMissing, and IllegalMove for a class that is over."""
    place = lock_session(session, session_id)
    if now > place.end_date:
        raise IllegalMove("class", "over", "cancelled")
    if reason not in OFF_REASONS:
        raise ReasonMissing
    return call_off(session, session_id, now, reason)


def call_off(session: Session, session_id: str, now: datetime, reason: str = "") -> Sequence[Application]:
    """Cancel a class; everybody who stands for it is to be told, a draw not held yet is void.

    The calendar entry stays, marked as cancelled.
    """
    place = lock_session(session, session_id)
    move("class", place, "cancelled")
    place.sequence += 1
    place.changed_at = now
    for booking in _seated(session, place):
        if booking.state in ("held", "confirmed"):
            move("booking", booking, "cancelled_by_staff")
            booking.cancelled_reason, booking.changed_at = CALLED_OFF, now
            place.seats_taken -= 1
            session.add(booking)
    queued = select(WaitlistEntry).where(WaitlistEntry.session_id == place.id, col(WaitlistEntry.state).in_(("waiting", "offered")))
    for entry in session.exec(queued).all():
        move("place in the queue", entry, "removed")
        session.add(entry)
    told = _withdrawn(session, place, reason, now)
    free_helpers(session, place, now)
    void(session, place, now)
    session.add(place)
    session.flush()
    return told


def off_reason(application: Application) -> str:
    """Which of OFF_REASONS ended this application; "" where none did."""
    given, _, reason = application.reason.partition(":")
    return reason if given == CALLED_OFF and reason in OFF_REASONS else ""


def _withdrawn(session: Session, place: ScheduledSession, reason: str, now: datetime) -> Sequence[Application]:
    standing = select(Application).where(Application.session_id == place.id, col(Application.state).in_(STANDING))
    applications = session.exec(standing.order_by(col(Application.submitted_at))).all()
    for application in applications:
        move("application", application, "withdrawn")
        application.reason, application.active_key = f"{CALLED_OFF}:{reason}" if reason else CALLED_OFF, None
        session.add(application)
        note(session, CALLED_OFF, place.id, application.id, now)
    return applications


def _seated(session: Session, place: ScheduledSession) -> Sequence[Booking]:
    return session.exec(select(Booking).where(Booking.session_id == place.id, col(Booking.state).in_(SEAT_STATES))).all()


def _receipts_of_seated(session: Session, place: ScheduledSession) -> tuple[str, ...]:
    seated = select(Application.receipt_number).join(Booking, col(Booking.application_id) == col(Application.id))
    return tuple(session.exec(seated.where(Booking.session_id == place.id, col(Booking.state).in_(SEAT_STATES))).all())
