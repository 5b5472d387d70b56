"""Keeping venues' rooms, loan telephones and closed days; without it only a programmer could tell the planner that a hall is shut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from .columns import new_id
from .days import FIRST_DAY, LAST_DAY, is_ours
from .helper_errors import NotThere, PlaceIncomplete, RoomInUse, VenueUnknown
from .learners import clean_name
from .place_tables import Closure, LoanDevice, Room
from .tables import ScheduledSession, Venue
from .volunteers import PHONE_SYSTEMS

STANDING = ("draft", "published", "drawing", "awarded")
ACCESS = ("step_free", "toilet", "lift", "hearing_loop", "parking", "wifi")


@dataclass(frozen=True, slots=True)
class Places:
    """Everything staff may change here, in the order in which it is read."""

    venues: Sequence[Venue]
    rooms: Sequence[Room]
    devices: Sequence[LoanDevice]
    closures: Sequence[Closure]


def places(session: Session, today: date) -> Places:
    """Closed days that are over are left out."""
    closures = select(Closure).where(Closure.last_day >= today).order_by(col(Closure.first_day))
    return Places(
        session.exec(select(Venue).order_by(col(Venue.name))).all(),
        session.exec(select(Room).order_by(col(Room.venue_id), col(Room.name))).all(),
        session.exec(select(LoanDevice).order_by(col(LoanDevice.name))).all(),
        session.exec(closures).all(),
    )


def keep_venue(session: Session, venue_id: str, name: str, address: str, floor: str, station: str, access: Sequence[str]) -> Venue:
    """A new venue (with "" for its id) or changes to one. Raises PlaceIncomplete, VenueUnknown."""
    if not clean_name(name):
        raise PlaceIncomplete("name")
    venue = known_venue(session, venue_id) if venue_id else Venue(id=f"venue-{new_id()[:10]}", name="")
    venue.name, venue.address, venue.floor, venue.nearest_station = clean_name(name), address.strip(), floor.strip(), station.strip()
    venue.is_accessible = [one for one in ACCESS if one in access]
    session.add(venue)
    session.flush()
    return venue


def keep_room(session: Session, venue_id: str, name: str, capacity: int) -> Room:
    """A room under its name; the same name again changes its size. Raises PlaceIncomplete, VenueUnknown."""
    known_venue(session, venue_id)
    called = clean_name(name)
    if not called or capacity < 1:
        raise PlaceIncomplete("name" if not called else "capacity")
    room = session.exec(select(Room).where(Room.venue_id == venue_id, Room.name == called)).first()
    room = room or Room(venue_id=venue_id, name=called, capacity=capacity)
    room.capacity = capacity
    session.add(room)
    session.flush()
    return room


def drop_room(session: Session, room_id: str, now: datetime) -> None:
    """Raises NotThere, and RoomInUse while a class to come is planned in it."""
    room = session.get(Room, room_id)
    if room is None:
        raise NotThere
    planned = select(ScheduledSession).where(ScheduledSession.venue_id == room.venue_id, ScheduledSession.room == room.name)
    coming = session.exec(planned.where(ScheduledSession.end_date > now, col(ScheduledSession.state).in_(STANDING))).all()
    if coming:
        raise RoomInUse(room.name, len(coming))
    session.delete(room)
    session.flush()


def keep_devices(session: Session, name: str, system: str, quantity: int, venue_id: str = "") -> LoanDevice:
    """So many telephones of a kind; the same name again changes how many. Raises PlaceIncomplete, VenueUnknown."""
    if venue_id:
        known_venue(session, venue_id)
    called = clean_name(name)
    if not called or system not in PHONE_SYSTEMS or quantity < 0:
        raise PlaceIncomplete("name" if not called else "quantity" if quantity < 0 else "phone_system")
    found = session.exec(select(LoanDevice).where(LoanDevice.name == called, LoanDevice.venue_id == venue_id)).first()
    found = found or LoanDevice(name=called, phone_system=system, quantity=quantity, venue_id=venue_id)
    found.phone_system, found.quantity = system, quantity
    session.add(found)
    session.flush()
    return found


def close_days(session: Session, venue_id: str, first: date | None, last: date | None, reason: str) -> Closure:
    """A venue (with "" every venue) is shut from day to day. Classes already planned stay: `classes_on` names them.

    None is a day that could not be read. Raises PlaceIncomplete, VenueUnknown.
    """
    if venue_id:
        known_venue(session, venue_id)
    if first is None or not is_ours(first):
        raise PlaceIncomplete("first_day")
    if last is None or not is_ours(last) or last < first:
        raise PlaceIncomplete("last_day")
    shut = Closure(venue_id=venue_id, first_day=first, last_day=last, reason=clean_name(reason))
    session.add(shut)
    session.flush()
    return shut


def classes_on(session: Session, shut: Closure, tz: str) -> Sequence[ScheduledSession]:
    """Classes that stand on closed days: staff move them or call them off."""
    zone = ZoneInfo(tz)
    first, last = max(shut.first_day, FIRST_DAY), min(shut.last_day, LAST_DAY)  # those kept before there were bounds
    low, high = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    found = select(ScheduledSession).where(ScheduledSession.start_date >= low, ScheduledSession.start_date < high)
    if shut.venue_id:
        found = found.where(ScheduledSession.venue_id == shut.venue_id)
    return session.exec(found.where(col(ScheduledSession.state).in_(STANDING)).order_by(col(ScheduledSession.start_date))).all()


def drop(session: Session, table: type[Closure] | type[LoanDevice], row_id: str) -> None:
    """Closed days that are open after all, telephones that are not lent any more. Raises NotThere."""
    found = session.get(table, row_id)
    if found is None:
        raise NotThere
    session.delete(found)
    session.flush()


def known_venue(session: Session, venue_id: str) -> Venue:
    """Raises VenueUnknown."""
    found = session.get(Venue, venue_id)
    if found is None:
        raise VenueUnknown(venue_id)
    return found
