"""Puts an event list into the books; without it classes planned in a spreadsheet would be typed a second time.

A class that is known by its id is changed, a new one is made. Nobody loses a seat: a smaller room than people is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlmodel import Session, select

from .errors import CapacityBelowTaken
from .event_list import Listed
from .seats import lock_session
from .staffing import call_off, change_places
from .tables import Course, ScheduledSession, Venue

DEVICES: Final = 9999  # the list tells no loan telephones: only the room limits
UNTOLD: Final = 20  # places of a class for which the list tells none
CLOSES_BEFORE: Final = timedelta(days=1)


@dataclass(slots=True)
class BroughtIn:
    """What became of a list: ids made, changed and left as they were, and those refused with the reason."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    refused: list[tuple[int, CapacityBelowTaken]] = field(default_factory=list)


def bring_in(session: Session, events: Sequence[Listed], tz: str, now: datetime) -> BroughtIn:
    """Every event of a list, in the caller's transaction."""
    done = BroughtIn()
    for one in events:
        venue, course = _venue(session, one), _course(session, one)
        place = session.get(ScheduledSession, one.id)
        if place is None:
            _make(session, one, venue, course, tz, now)
            done.made.append(one.id)
            continue
        try:
            with session.begin_nested():
                (done.changed if _change(session, one, venue, now) else done.same).append(one.id)
        except CapacityBelowTaken as refused:
            done.refused.append((one.line, refused))
    return done


def _make(session: Session, one: Listed, venue: Venue, course: Course, tz: str, now: datetime) -> None:
    seats = one.capacity or UNTOLD
    place = ScheduledSession(
        id=one.id,
        course_code=course.code,
        venue_id=venue.id,
        name=one.name,
        room=one.room,
        start_date=one.start,
        end_date=one.end,
        tz=tz,
        state="cancelled" if one.called_off else "published",
        room_capacity=seats,
        devices=DEVICES,
        maximum_attendee_capacity=seats,
        registration_opens=now,
        registration_closes=one.closes or one.start - CLOSES_BEFORE,
        cancel_deadline=one.start,
        fee_yen=one.fee_yen,
        what_to_bring=one.bring,
        target_audience=one.whom,
        contact=one.contact,
        changed_at=now,
        sample=one.sample,
    )
    session.add(place)
    session.flush()


def _change(session: Session, one: Listed, venue: Venue, now: datetime) -> bool:
    """Day and place raise the SEQUENCE; a smaller room goes through the door that guards the seats. Returns whether anything changed."""
    place = lock_session(session, one.id)
    moved = {"start_date": one.start, "end_date": one.end, "venue_id": venue.id, "room": one.room, "name": one.name}
    told = {"fee_yen": one.fee_yen, "what_to_bring": one.bring, "target_audience": one.whom, "contact": one.contact}
    told |= {"registration_closes": one.closes or place.registration_closes}
    differs = {name for name, value in {**moved, **told}.items() if getattr(place, name) != value}
    for name in differs:
        setattr(place, name, {**moved, **told}[name])
    if differs:
        place.sequence += not differs.isdisjoint(moved)
        place.changed_at = now
        session.add(place)
        session.flush()
    resized = bool(one.capacity) and one.capacity != place.maximum_attendee_capacity
    if resized:
        change_places(session, one.id, now, room_capacity=one.capacity, devices=max(place.devices, one.capacity))
    ended = one.called_off and place.state != "cancelled"
    if ended:
        call_off(session, one.id, now)
    return bool(differs) or resized or ended


def _venue(session: Session, one: Listed) -> Venue:
    """The venue of this name; a new one is written down as the list tells it."""
    found = session.exec(select(Venue).where(Venue.name == one.venue)).first()
    if found is None:
        access = ["parking"] if one.parking else []
        given: dict[str, Any] = {"floor": one.floor, "nearest_station": one.access, "is_accessible": access, "lat": one.lat, "lon": one.lon}
        found = Venue(id=_key("venue", one.venue), name=one.venue, address=one.address, **given)
        session.add(found)
        session.flush()
    return found


def _course(session: Session, one: Listed) -> Course:
    code = one.code or _key("course", one.name)
    found = session.get(Course, code)
    if found is None:
        found = Course(code=code, name=one.name, name_kana=one.name_kana, description=one.description, level=one.level)
        session.add(found)
        session.flush()
    return found


def _key(kind: str, name: str) -> str:
    return f"{kind}-{sha256(name.encode()).hexdigest()[:10]}"
