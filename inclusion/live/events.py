"""Plans live events: what, when, where, for whom; without it staff would hand out room names on paper.

LiveRefused
├── NameMissing      the Japanese name is empty
├── TimesWrong       it ends before it begins, or lasts longer than a day
├── RoomUnfit        a room's name that cannot be one, or that another event has
├── EventUnknown     no such event
├── EventOver        it has ended or was cancelled: it is not changed any more
└── NoPlacesLeft     more tickets than there are places; carries how many are left
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from inclusion.live.tables import LiveEvent

ROOM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
RESERVED: Final = frozenset({"sample"})
HELP_ROOM: Final = "help-"
"""How the rooms begin that open and close with help by one person (see pairs.py). Staff plan none of this name."""
MODES: Final = ("festival", "class", "pair")
LONGEST: Final = timedelta(hours=24)
EARLY: Final = timedelta(minutes=30)  # a picture this long before the time already counts as the event
OPEN_STATES: Final = ("scheduled", "live")
LONGEST_NAME: Final = 80
PAIR: Final = 2


class LiveRefused(Exception):
    """Base. `message_id` names the sentence in the message tables."""

    message_id = "staff.live.refused"

    def values(self) -> Mapping[str, object]:
        return {}


class NameMissing(LiveRefused):
    message_id = "staff.live.refused.name"


class TimesWrong(LiveRefused):
    message_id = "staff.live.refused.times"


class RoomUnfit(LiveRefused):
    message_id = "staff.live.refused.room"


class EventUnknown(LiveRefused):
    message_id = "staff.live.refused.unknown"


class CapacityUnclear(LiveRefused):
    message_id = "staff.live.refused.capacity"


class EventOver(LiveRefused):
    message_id = "staff.live.refused.over"


class NoPlacesLeft(LiveRefused):
    message_id = "staff.live.refused.places"

    def __init__(self, left: int) -> None:
        super().__init__(f"There are {left} places left.")
        self.left = left

    def values(self) -> Mapping[str, object]:
        return {"left": self.left}


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What staff decide. An empty `room` is given a name by us; a pair is always for two and by ticket.

    A `capacity` of 0 is no limit.
    """

    names: Mapping[str, str]
    start_at: datetime
    end_at: datetime
    place: str = ""
    mode: str = "festival"
    by_ticket: bool = False
    capacity: int = 0
    room: str = ""
    languages: Sequence[str] = field(default=("ja", "en", "zh-Hans", "ko"))

    def checked(self) -> dict[str, Any]:
        """The columns. Raises a LiveRefused for what cannot be."""
        names = {one: self.names.get(one, "").strip()[:LONGEST_NAME] for one in self.languages}
        if not names.get("ja"):
            raise NameMissing
        if not timedelta(0) < self.end_at - self.start_at <= LONGEST:
            raise TimesWrong
        mode = self.mode if self.mode in MODES else "festival"
        capacity = PAIR if mode == "pair" else max(self.capacity, 0)
        return {
            "names": {one: name for one, name in names.items() if name},
            "start_at": self.start_at,
            "end_at": self.end_at,
            "place": self.place.strip()[:LONGEST_NAME],
            "mode": mode,
            "by_ticket": self.by_ticket or mode == "pair",
            "capacity": capacity,
        }


def plan_event(session: Session, plan: EventPlan, now: datetime, for_help: bool = False) -> LiveEvent:
    """A new event. Raises LiveRefused."""
    room = plan.room.strip().lower() or f"{plan.start_at:%Y%m%d}-{secrets.token_hex(3)}"
    taken = session.exec(select(LiveEvent.number).where(LiveEvent.room == room)).first()
    reserved = room in RESERVED or room.startswith(HELP_ROOM) != for_help
    if taken is not None or reserved or not ROOM.fullmatch(room):
        raise RoomUnfit
    event = LiveEvent(room=room, made_at=now, **plan.checked())
    session.add(event)
    session.flush()
    return event


def change_event(session: Session, number: int, plan: EventPlan) -> LiveEvent:
    """Everything but the room, whose name is already on people's links. Raises LiveRefused."""
    event = open_event(session, number)
    columns = plan.checked()
    if (columns["mode"] == "pair") != (event.mode == "pair"):
        columns |= {"mode": event.mode, "by_ticket": event.by_ticket, "capacity": event.capacity}
    changed = [name for name, value in columns.items() if getattr(event, name) != value]
    for name in changed:
        setattr(event, name, columns[name])
    event.sequence += bool(changed)
    session.add(event)
    return event


def cancel_event(session: Session, number: int) -> LiveEvent:
    event = open_event(session, number)
    event.state, event.sequence = "cancelled", event.sequence + 1
    session.add(event)
    return event


def event_of(session: Session, number: int) -> LiveEvent:
    event = session.get(LiveEvent, number)
    if event is None:
        raise EventUnknown
    return event


def open_event(session: Session, number: int) -> LiveEvent:
    event = event_of(session, number)
    if event.state not in OPEN_STATES:
        raise EventOver
    return event


def events_from(session: Session, since: datetime, limit: int = 100) -> Sequence[LiveEvent]:
    """Everything that ends after `since`, the soonest first, whatever became of it."""
    found = select(LiveEvent).where(col(LiveEvent.end_at) > since)
    return session.exec(found.order_by(col(LiveEvent.start_at), col(LiveEvent.number)).limit(limit)).all()


def public_events(session: Session, now: datetime, limit: int = 20) -> Sequence[LiveEvent]:
    """What everybody may hear of: not rooms for two, nothing that is over. On the air first, then the soonest."""
    found = select(LiveEvent).where(col(LiveEvent.state).in_(OPEN_STATES), LiveEvent.mode != "pair")
    found = found.where((col(LiveEvent.end_at) > now) | (LiveEvent.state == "live"))
    rows = session.exec(found.order_by(col(LiveEvent.start_at), col(LiveEvent.number)).limit(limit)).all()
    return sorted(rows, key=lambda one: one.state != "live")


def move_on(session: Session, live_rooms: frozenset[str], now: datetime) -> int:
    """Let what happens in the rooms be the state of the events: begun with the first picture, over when its time and its picture are.

    Returns how many changed.
    """
    pictured = {room.partition(".")[0] for room in live_rooms}  # two who talk have a picture in their side rooms only
    near = select(LiveEvent).where(col(LiveEvent.state).in_(OPEN_STATES), col(LiveEvent.start_at) < now + EARLY)
    changed = 0
    for event in session.exec(near).all():
        state = _state(event, event.room in pictured, now)
        if state != event.state:
            event.state, changed = state, changed + 1
            session.add(event)
    return changed


def end_event(session: Session, room: str) -> None:
    """The host has closed the room."""
    for event in session.exec(select(LiveEvent).where(LiveEvent.room == room, col(LiveEvent.state).in_(OPEN_STATES))).all():
        event.state = "ended"
        session.add(event)


def name_in(names: Mapping[str, str], language: str) -> str:
    """The name in a language, in Japanese where nobody gave one."""
    return names.get(language) or names["ja"]


def _state(event: LiveEvent, has_picture: bool, now: datetime) -> str:
    if now >= event.end_at and not has_picture:
        return "ended"
    begins_by_itself = event.mode == "pair" and now >= event.start_at  # two who talk need nobody on a stage
    return "live" if has_picture or begins_by_itself else event.state
