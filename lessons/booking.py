"""Applying for a class and giving it up, the same commands for web, chat, voice and staff; without it every channel would have own rules.

Each command belongs in one transaction of the caller, locks its class first, and leaves seats, queue and notices agreeing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import Session, select

from .eligibility import check_eligible
from .errors import (
    CancelClosed,
    HoldOutside,
    IllegalMove,
    InvitationOnly,
    KeyReused,
    ReasonMissing,
    RegistrationClosed,
    RegistrationNotOpen,
    SessionCalledOff,
    SessionFull,
    SessionUnknown,
)
from .learners import NOBODY, Contact, check_contact, learner_for
from .rows import first, put
from .seats import give_back_seat, lock_application, lock_session, take_seat
from .states import UNSEEN, move, reached
from .tables import Application, Booking, Learner, ScheduledSession
from .waiting_list import (
    Offer,
    active_key,
    ahead,
    bookings_of,
    check_new,
    end_hold,
    entry_of,
    expire_offers,
    held_booking,
    join_queue,
    note,
    offer_free_seats,
    position_of,
    somebody_waits,
)

WITH_KEY: Final = select(Application.id).where(Application.idempotency_key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. `submitted_by` is "" for the person, else who acted for them ("staff 3").

    `learner_id` names a learner we know already (somebody who writes from a chat, or for whom family acts); then no contact is needed.
    `declared` is their own word that they are among those the class is meant for.
    """

    session_id: str
    contact: Contact = NOBODY
    channel: str = "web"
    submitted_by: str = ""
    idempotency_key: str | None = None
    learner_id: str = ""
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an application stands. `position` is its place in the queue, `until` the end of a held seat."""

    application_id: str
    receipt_number: str
    state: str
    position: int | None = None
    until: datetime | None = None


def apply(session: Session, wish: Wish, now: datetime) -> Outcome:
    """A seat, a place in the queue, or an entry in the draw. The same key again gives the same application again.

    Raises what `check_open` and `check_eligible` raise, and AlreadyApplied.
    """
    contact = _usable(wish)
    place = lock_session(session, wish.session_id)
    if earlier := _with_key(session, wish.idempotency_key):
        return _same_again(session, earlier, wish, contact)
    check_open(place, wish, now)
    expire_offers(session, place, now)
    learner = _learner(session, wish, contact, now)
    check_eligible(session, place, learner, wish.declared, now)
    check_new(session, place.id, learner.id)
    return _settled(session, place, wish, learner, now)


def cancel(session: Session, application_id: str, now: datetime, by: str = "", late: bool = False) -> Sequence[Offer]:
    """Give the application up, whatever it has come to; its seat is offered on in the same transaction.

    Cancelling twice changes nothing. `by` is "" for the person, else who acted. A person's own seat can be given up until the class's
    deadline, with `late` (whoever is erased) and by staff after it too. Raises CancelClosed, and IllegalMove after the class.
    """
    application, place = lock_application(session, application_id)
    if application.state == "withdrawn":
        return ()
    if held := held_booking(session, application):
        end_hold(session, place, application, held, "declined", now)
    else:
        if application.state in ("confirmed", "won") and now > place.cancel_deadline and not (by or late):
            raise CancelClosed(place.cancel_deadline)
        _give_up(session, place, application, by, now)
    session.flush()
    return expire_offers(session, place, now)


def invite(session: Session, wish: Wish, until: datetime, now: datetime) -> Outcome:
    """Staff hold a seat for somebody until a moment before the class begins. Raises SessionFull, HoldOutside."""
    place = lock_session(session, wish.session_id)
    check_standing(place, now)
    if not now < until <= place.start_date:
        raise HoldOutside(place.start_date)
    learner = _learner(session, wish, _usable(wish), now)
    check_new(session, place.id, learner.id)
    if not take_seat(session, place):
        raise SessionFull(place.seats_offered)
    made = _submitted(session, place, wish, learner, "invited", now)
    put(session, Booking, application_id=made.id, session_id=place.id, state="held", hold_expires_at=until, changed_at=now)
    note(session, "invited", place.id, made.id, now, until)
    return Outcome(made.id, made.receipt, "offered", until=until)


def seat_by_staff(session: Session, wish: Wish, reason: str, now: datetime) -> Outcome:
    """Staff seat somebody past the queue or past the helpers' limit, never past the room. The reason is kept.

    Raises SessionFull, ReasonMissing.
    """
    place = lock_session(session, wish.session_id)
    check_standing(place, now)
    if not reason.strip():
        raise ReasonMissing
    learner = _learner(session, wish, _usable(wish), now)
    check_new(session, place.id, learner.id)
    if not take_seat(session, place, ceiling=place.maximum_attendee_capacity):
        raise SessionFull(place.maximum_attendee_capacity)
    made = _submitted(session, place, wish, learner, "confirmed", now, reason)
    return _confirmed(session, place, made, now)


def check_standing(place: ScheduledSession, now: datetime) -> None:
    """Raises where not even staff may give a seat: called off, over, or drawn by lot just now (the sealed list names the seats)."""
    _check_seen(place)
    if place.state == "cancelled":
        raise SessionCalledOff
    if place.state in ("completed", "drawing") or now > place.end_date:
        raise RegistrationClosed(place.end_date if now > place.end_date else place.registration_closes)


def check_open(place: ScheduledSession, wish: Wish, now: datetime) -> None:
    """Raises what keeps an application from being taken now. Staff may still take one after the closing day, until the class starts."""
    _check_seen(place)
    if place.state == "cancelled":
        raise SessionCalledOff
    if place.allocation == "staff_invite":
        raise InvitationOnly
    if now < place.registration_opens:
        raise RegistrationNotOpen(place.registration_opens)
    late = place.start_date if wish.submitted_by and place.allocation == "first_come" else place.registration_closes
    if now > late or place.state in ("completed", "drawing"):
        raise RegistrationClosed(late)


def _check_seen(place: ScheduledSession) -> None:
    """A draft is nobody's class yet, whoever knows its number. Raises SessionUnknown."""
    if place.state in UNSEEN:
        raise SessionUnknown


def outcome_of(session: Session, application: Application) -> Outcome:
    held = held_booking(session, application)
    until = held.hold_expires_at if held else None
    state = "offered" if held else application.state
    return Outcome(application.id, application.receipt_number, state, position_of(session, application), until)


def _usable(wish: Wish) -> Contact:
    return wish.contact if wish.learner_id else check_contact(wish.contact)


def _learner(session: Session, wish: Wish, contact: Contact, now: datetime) -> Learner:
    return session.get_one(Learner, wish.learner_id) if wish.learner_id else learner_for(session, contact, now)


def _settled(session: Session, place: ScheduledSession, wish: Wish, learner: Learner, now: datetime) -> Outcome:
    """What the class's rule makes of it. A seat goes to a newcomer only when nobody waits for it."""
    if place.allocation == "lottery" and place.state == "published":
        made = _submitted(session, place, wish, learner, "in_draw", now)
        note(session, "in_draw", place.id, made.id, now)
        return Outcome(made.id, made.receipt, "in_draw")
    if not somebody_waits(session, place) and take_seat(session, place):
        return _confirmed(session, place, _submitted(session, place, wish, learner, "confirmed", now), now)
    made = _submitted(session, place, wish, learner, "waitlisted", now)
    position = join_queue(session, place, made.id)
    note(session, "waitlisted", place.id, made.id, now)
    return Outcome(made.id, made.receipt, "waitlisted", ahead(session, place.id, position))


@dataclass(frozen=True, slots=True)
class _Made:
    id: str
    receipt: str


def _submitted(
    session: Session, place: ScheduledSession, wish: Wish, learner: Learner, state: str, now: datetime, reason: str = ""
) -> _Made:
    """The application, written down in the state that the rule gave it."""
    row = put(
        session,
        Application,
        session_id=place.id,
        learner_id=learner.id,
        channel=wish.channel,
        submitted_by=wish.submitted_by,
        idempotency_key=wish.idempotency_key,
        active_key=active_key(place.id, learner.id),
        state=reached("application", "submitted", state),
        reason=reason,
        submitted_at=now,
    )
    return _Made(row["id"], row["receipt_number"])


def _confirmed(session: Session, place: ScheduledSession, made: _Made, now: datetime) -> Outcome:
    put(session, Booking, application_id=made.id, session_id=place.id, state="confirmed", changed_at=now)
    note(session, "confirmed", place.id, made.id, now)
    return Outcome(made.id, made.receipt, "confirmed")


def _give_up(session: Session, place: ScheduledSession, application: Application, by: str, now: datetime) -> None:
    """Leave the seat, the queue or the draw."""
    booking = seat_of(session, application)
    if booking is not None:
        move("booking", booking, "cancelled_by_staff" if by else "cancelled_by_learner")
        booking.changed_at = now
        session.add(booking)
        give_back_seat(session, place)
    entry = entry_of(session, application)
    if entry is not None and entry.state == "waiting":
        move("place in the queue", entry, "removed")
        session.add(entry)
    move("application", application, "withdrawn")
    application.active_key, application.reason = None, "cancelled_by_staff" if by else "cancelled_by_learner"
    session.add(application)
    note(session, "cancelled", place.id, application.id, now)


def seat_of(session: Session, application: Application) -> Booking | None:
    """The confirmed seat. Raises IllegalMove when the class has already happened for this person."""
    found = bookings_of(session, application)
    taken = next((one for one in found if one.state in ("confirmed", "checked_in", "attended", "no_show", "excused")), None)
    if taken is not None and taken.state != "confirmed":
        raise IllegalMove("booking", taken.state, "cancelled_by_learner")
    return taken


def _with_key(session: Session, key: str | None) -> Application | None:
    found = first(session, WITH_KEY, key=key) if key else None
    return session.get_one(Application, found[0], populate_existing=True) if found is not None else None


def _same_again(session: Session, earlier: Application, wish: Wish, contact: Contact) -> Outcome:
    """The outcome of the first time. Raises KeyReused when the key belonged to another person or class."""
    learner = session.get_one(Learner, earlier.learner_id)
    same = learner.id == wish.learner_id if wish.learner_id else (learner.name, learner.phone) == (contact.name, contact.phone)
    if earlier.session_id != wish.session_id or not same:
        raise KeyReused
    return outcome_of(session, earlier)


__all__ = [
    "Outcome",
    "Wish",
    "apply",
    "cancel",
    "check_open",
    "check_standing",
    "invite",
    "offer_free_seats",
    "outcome_of",
    "seat_by_staff",
    "seat_of",
]
