"""The queue for a full class: whose turn it is, and the seat held for them; without it freed seats would go to whoever calls first.

Giving a seat back and offering it to the next person happen in one transaction, under the class's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, func, select

from .deadlines import LAST_CALL, offer_deadline
from .errors import AlreadyApplied, IllegalMove, NoOffer, OfferExpired, SessionCalledOff
from .rows import first, put
from .seats import APPLICATION, give_back_seat, lock_application, lock_session, take_seat
from .states import move
from .tables import Application, Booking, Notice, ScheduledSession, WaitlistEntry

NOTED: Final = "lesson notices"
_ID: Final[BindParameter[Any]] = bindparam("id")
_POSITION, _PLACE = col(ScheduledSession.last_position), col(WaitlistEntry.position)
_WAITING = select(WaitlistEntry.id).where(WaitlistEntry.session_id == _ID, WaitlistEntry.state == "waiting")
_THE_CLASS = update(ScheduledSession).where(col(ScheduledSession.id) == bindparam("class_id"))
LONGER: Final = _THE_CLASS.values(last_position=_POSITION + 1).returning(_POSITION)
NEXT: Final = _WAITING.order_by(_PLACE).limit(1)
AHEAD: Final = _WAITING.with_only_columns(func.count()).where(bindparam("position") >= _PLACE)
ENTRY: Final = select(WaitlistEntry).where(WaitlistEntry.application_id == _ID).execution_options(populate_existing=True)
ENTRY_BY_ID: Final = select(WaitlistEntry).where(WaitlistEntry.id == _ID).execution_options(populate_existing=True)
BOOKINGS: Final = select(Booking).where(Booking.application_id == _ID).execution_options(populate_existing=True)
HELD: Final = select(Booking).where(Booking.id == _ID).execution_options(populate_existing=True)
_PAST = col(Booking.hold_expires_at) < bindparam("now")
STANDS: Final = select(Application.receipt_number).where(Application.active_key == bindparam("key"))
DUE: Final = select(Booking.id).where(Booking.session_id == _ID, Booking.state == "held", _PAST)


@dataclass(frozen=True, slots=True)
class Offer:
    """A seat held for somebody until a moment."""

    application_id: str
    receipt_number: str
    until: datetime


def join_queue(session: Session, place: ScheduledSession, application_id: str) -> int:
    """The last place in the queue; returns its position. Call it under the class's lock."""
    longer = first(session, LONGER, class_id=place.id)
    position: int = longer[0] if longer is not None else place.last_position + 1
    set_committed_value(place, "last_position", position)
    put(session, WaitlistEntry, application_id=application_id, session_id=place.id, position=position)
    return position


def somebody_waits(session: Session, place: ScheduledSession) -> bool:
    """Where nobody ever queued, nobody need be looked for."""
    return place.last_position > 0 and first(session, NEXT, id=place.id) is not None


def position_of(session: Session, application: Application) -> int | None:
    """1 for the next in line; None for somebody who does not wait."""
    entry = entry_of(session, application)
    return ahead(session, entry.session_id, entry.position) if entry is not None and entry.state == "waiting" else None


def ahead(session: Session, session_id: str, position: int) -> int:
    """How many wait up to this position, this one included."""
    counted = first(session, AHEAD, id=session_id, position=position)
    return counted[0] if counted is not None else 0


def entry_of(session: Session, application: Application) -> WaitlistEntry | None:
    return session.scalars(ENTRY, {"id": application.id}).one_or_none()


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
    session.add_all([held, application])
    note(session, "confirmed", application.session_id, application.id, now)
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
    session.flush()
    for (held_id,) in session.connection().execute(DUE, {"id": place.id, "now": now}).all():
        held = session.scalars(HELD, {"id": held_id}).one()
        end_hold(session, place, session.scalars(APPLICATION, {"id": held.application_id}).one(), held, "expired", now)
    return offer_free_seats(session, place, now)


def expire_due_offers(session: Session, now: datetime) -> Sequence[Offer]:
    """For every class with a passed deadline, in the order of their ids so that two sweeps cannot block each other."""
    due = select(Booking.session_id).where(Booking.state == "held", col(Booking.hold_expires_at) < now).distinct()
    found: list[Offer] = []
    for session_id in sorted(session.exec(due).all()):
        found += expire_offers(session, lock_session(session, session_id), now)
    return found


def end_queues(session: Session, now: datetime) -> int:
    """Where it is too late to offer a seat, the waiting is over: each is told so while the class has not begun. Returns how many."""
    late = select(WaitlistEntry.session_id).join(ScheduledSession, col(ScheduledSession.id) == col(WaitlistEntry.session_id))
    late = late.where(WaitlistEntry.state == "waiting", col(ScheduledSession.start_date) < now + LAST_CALL).distinct()
    return sum(_end_queue(session, session_id, now) for session_id in sorted(session.exec(late).all()))


def put_back_in_queue(session: Session, application_id: str, now: datetime) -> WaitlistEntry:
    """Staff could not reach somebody before the deadline: back to the old place, once.

    Raises IllegalMove the second time, AlreadyApplied for who has applied anew, SessionCalledOff.
    """
    application, place = lock_application(session, application_id)
    entry = entry_of(session, application)
    if entry is None or entry.returned:
        raise IllegalMove("place in the queue", entry.state if entry else "absent", "waiting")
    if place.state == "cancelled":
        raise SessionCalledOff
    check_new(session, place.id, application.learner_id)
    move("place in the queue", entry, "waiting")
    move("application", application, "waitlisted")
    entry.returned = True
    application.active_key = active_key(application.session_id, application.learner_id)
    session.add_all([entry, application])
    session.flush()
    offer_free_seats(session, place, now)
    return entry


def held_booking(session: Session, application: Application) -> Booking | None:
    return next((one for one in bookings_of(session, application) if one.state == "held"), None)


def bookings_of(session: Session, application: Application) -> Sequence[Booking]:
    """Every seat this application ever had."""
    return session.scalars(BOOKINGS, {"id": application.id}).all()


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
        note(session, "offer_expired", place.id, application.id, now)
    give_back_seat(session, place)


def note(session: Session, kind: str, session_id: str, application_id: str, now: datetime, until: datetime | None = None) -> None:
    """Write down a fact that somebody must hear of."""
    row = put(session, Notice, kind=kind, session_id=session_id, application_id=application_id, made_at=now, until=until)
    session.info.setdefault(NOTED, []).append(row["id"])


def noted(session: Session) -> Sequence[str]:
    """The ids of the notices written in this session since it was last asked."""
    found: Sequence[str] = session.info.pop(NOTED, ())
    return found


def check_new(session: Session, session_id: str, learner_id: str) -> None:
    """Raises AlreadyApplied when this person already stands for this class."""
    standing = first(session, STANDS, key=active_key(session_id, learner_id))
    if standing is not None:
        raise AlreadyApplied(standing[0])


def active_key(session_id: str, learner_id: str) -> str:
    return f"{session_id}/{learner_id}"


def _end_queue(session: Session, session_id: str, now: datetime) -> int:
    place = lock_session(session, session_id)
    waiting = select(WaitlistEntry, Application).where(WaitlistEntry.application_id == Application.id, WaitlistEntry.state == "waiting")
    found = session.exec(waiting.where(WaitlistEntry.session_id == session_id).execution_options(populate_existing=True)).all()
    for entry, application in found:
        move("place in the queue", entry, "removed")
        move("application", application, "lost")
        application.active_key, application.reason = None, "no_seat"
        session.add_all([entry, application])
        if now < place.start_date:
            note(session, "lost", session_id, application.id, now)
    session.flush()
    return len(found)


def _offer(
    session: Session, place: ScheduledSession, entry: WaitlistEntry, application: Application, until: datetime, now: datetime
) -> Offer:
    move("place in the queue", entry, "offered")
    session.add(entry)
    put(session, Booking, application_id=application.id, session_id=place.id, state="held", hold_expires_at=until, changed_at=now)
    note(session, "offered", place.id, application.id, now, until)
    return Offer(application.id, application.receipt_number, until)


def _accepted_before(session: Session, application: Application) -> Booking | None:
    """The same press again, redelivered or doubled."""
    entry = entry_of(session, application)
    if application.state != "confirmed" or entry is None or entry.state != "accepted":
        return None
    return next((one for one in bookings_of(session, application) if one.state == "confirmed"), None)


def _next(session: Session, place: ScheduledSession) -> WaitlistEntry | None:
    found = first(session, NEXT, id=place.id) if place.last_position > 0 else None
    return session.scalars(ENTRY_BY_ID, {"id": found[0]}).one() if found is not None else None


def _application(session: Session, entry: WaitlistEntry) -> Application:
    return session.get_one(Application, entry.application_id)
