"""What the tables say about the rooms, kept at hand for pages that may not wait; without it a restart would forget modes and removals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlmodel import Session, col, select

from inclusion.audit import AuditEntry
from inclusion.database import Database
from inclusion.live_events import HELP_ROOM, OPEN_STATES, end_event, events_from, move_on, name_in
from inclusion.live_notices import LiveNotices
from inclusion.live_pairs import close_left_rooms
from inclusion.live_tables import LiveEvent
from inclusion.live_tickets import AFTER_END, TicketKeys, admitted, remember_removed, removed_from, revoked_tickets
from lessons import ScheduledSession
from streaming import Mode

KEPT: Final = timedelta(days=2)
LINKS_LIVE: Final = timedelta(hours=72)  # as long as a host's link can be made to last
LINK: Final = "live.link"
ROOMS: Final = "/live/"


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """One event as its pages need it."""

    number: int
    room: str
    names: Mapping[str, str]
    start: datetime
    end: datetime
    place: str
    mode: Mode
    by_ticket: bool
    capacity: int
    state: str

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def for_help(self) -> bool:
        """A room of help by one person: it lasts as long as the help, whatever the plan says."""
        return self.room.startswith(HELP_ROOM)

    def name(self, language: str) -> str:
        return name_in(self.names, language)


@dataclass(frozen=True, slots=True)
class SeatOfTicket:
    """Whom a link lets in, and until when."""

    seat: str
    until: datetime


class LiveBook:
    """`tend` and everything else that writes belongs in a thread; what is read from here is a copy in memory, at most seconds old.

    `changed` is called (from any thread) after staff changed something, so that the rooms follow at once.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], secret: str, notices: LiveNotices | None = None) -> None:
        self.keys = TicketKeys(secret)
        self.plans: Mapping[str, RoomPlan] = {}
        self.promised: frozenset[str] = frozenset()
        self.removed: frozenset[tuple[str, str]] = frozenset()
        self.revoked: Sequence[SeatOfTicket] = ()
        self.changed: Callable[[], None] = lambda: None
        self._database, self._clock, self._notices = database, clock, notices

    def tend(self, live_rooms: frozenset[str]) -> None:
        """Move events on, tell who is due to be told, and look again."""
        with self._database.writing() as session:
            close_left_rooms(session)
            move_on(session, live_rooms, self._clock())
            if self._notices is not None:
                self._notices.put(session, self._clock())
        self.refresh()

    def refresh(self) -> None:
        now = self._clock()
        with self._database.writing() as session:
            self.plans = {one.room: _plan(one) for one in events_from(session, now - KEPT)}
            self.promised = frozenset(promised_rooms(session, now))
            self.removed = frozenset(removed_from(session, now))
            self.revoked = [SeatOfTicket(one.seat, one.expires_at) for one in revoked_tickets(session, now)]

    def programme(self) -> Sequence[RoomPlan]:
        """What everybody may hear of, on the air first."""
        now = self._clock()
        shown = [one for one in self.plans.values() if one.open and one.mode != "pair" and (one.end > now or one.state == "live")]
        return sorted(shown, key=lambda one: (one.state != "live", one.start))

    def seat(self, room: str, key: str) -> SeatOfTicket:
        """Whom this link lets in. Raises live_tickets.TicketGone."""
        now = self._clock()
        number = self.keys.number(key)
        with self._database.reading() as session:
            ticket = admitted(session, room, number, now)
        return SeatOfTicket(ticket.seat, max(ticket.expires_at, self.plans[room].end + AFTER_END if room in self.plans else now))

    def remember_removed(self, room: str, seat: str) -> None:
        with self._database.writing() as session:
            remember_removed(session, room, seat, self._clock())
        self.removed |= {(room, seat)}

    def closed(self, room: str) -> None:
        with self._database.writing() as session:
            end_event(session, room)
        self.refresh()


def promised_rooms(session: Session, now: datetime) -> Iterator[str]:
    """Rooms without a plan of their own that somebody may wait at: staff gave a host's link for them, or a class is held there."""
    links = select(AuditEntry.subject_id).where(AuditEntry.action == LINK, col(AuditEntry.at) > now - LINKS_LIVE)
    yield from session.exec(links)
    classes = select(ScheduledSession.remote_address).where(
        col(ScheduledSession.remote_address).contains(ROOMS), col(ScheduledSession.end_date) > now - KEPT
    )
    for address in session.exec(classes):
        yield address.partition(ROOMS)[2].partition("?")[0]


def host_link(number: int) -> str:
    """What every host's ticket of an event is tied to: cancelling the event takes them all back."""
    return f"event-{number}"


def _plan(one: LiveEvent) -> RoomPlan:
    mode = cast(Mode, one.mode)
    return RoomPlan(one.number or 0, one.room, one.names, one.start_at, one.end_at, one.place, mode, one.by_ticket, one.capacity, one.state)
