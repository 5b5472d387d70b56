"""What the tables say about the rooms, kept at hand for pages that may not wait; without it a restart would forget modes and removals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlmodel import Session, col, select

from inclusion.database import Database
from inclusion.live.events import HELP_ROOM, OPEN_STATES, end_event, events_from, move_on, name_in
from inclusion.live.hosts import revoked_hosts, standing_hosts
from inclusion.live.notices import LiveNotices
from inclusion.live.pairs import close_left_rooms
from inclusion.live.tables import LiveEvent, LiveHost, LiveTicket
from inclusion.live.tickets import AFTER_END, TicketKeys, admitted, remember_removed, removed_from, revoked_tickets
from lessons import ScheduledSession
from streaming import Mode

KEPT: Final = timedelta(days=2)
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
    sequence: int = 0

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
            gone: list[LiveTicket | LiveHost] = [*revoked_tickets(session, now), *revoked_hosts(session, now)]
            self.revoked = [SeatOfTicket(one.seat, one.expires_at) for one in gone]

    def programme(self) -> Sequence[RoomPlan]:
        """What everybody may hear of, on the air first."""
        now = self._clock()
        shown = [one for one in self.plans.values() if one.open and one.mode != "pair" and (one.end > now or one.state == "live")]
        return sorted(shown, key=lambda one: (one.state != "live", one.start))

    def calendar(self) -> Sequence[RoomPlan]:
        """What a calendar must know: everything public, and what was cancelled."""
        return [one for one in self.plans.values() if one.mode != "pair" and one.state != "ended"]

    def seat(self, room: str, key: str) -> SeatOfTicket:
        """Whom this link lets in. Raises inclusion.live.tickets.TicketGone."""
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
    yield from (host.room for host in standing_hosts(session, now))
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
    when, entry = (one.start_at, one.end_at, one.place), (one.by_ticket, one.capacity)
    return RoomPlan(one.number or 0, one.room, one.names, *when, mode, *entry, one.state, one.sequence)
