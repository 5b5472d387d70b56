"""One person helped by one person, in fair order; without it whoever talks loudest would keep the helper.

A ticket is open → claimed → in_help → resolved, or abandoned; what is left at closing is carried over with its place in the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from .columns import new_receipt
from .errors import TicketUnknown
from .learning_tables import Tutor, TutoringLine, TutoringTicket
from .states import move

WAITING: Final = ("open", "carried_over")
BUSY: Final = ("claimed", "in_help")
USUAL_HELP: Final = timedelta(minutes=15)
LEARNT_FROM: Final = 20  # the last so many helps tell how long one takes
FORGOTTEN_AFTER: Final = timedelta(minutes=45)  # three times the usual help
# How far out of turn a better fit may be served: one place in the queue weighs less than a language that is not shared.
LANGUAGE_MISSING, SYSTEM_MISSING = 1000.0, 100.0

RoomMaker = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody asks help for. `mode` is desk, chat or room (a live picture)."""

    learner_id: str
    topic: str = ""
    in_language: str = "ja"
    device_os: str = ""
    mode: str = "desk"


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket's place: how many stand before it, and about how long that takes with today's helpers (None: nobody helps now)."""

    ahead: int
    wait: timedelta | None


def ask_for_help(session: Session, need: Need, now: datetime) -> TutoringTicket:
    """The learner's open ticket, or a new one at the end of the queue: asking twice changes nothing."""
    standing = open_ticket_of(session, need.learner_id)
    if standing is not None:
        return standing
    ticket = TutoringTicket(
        number=new_receipt()[:4],
        learner_id=need.learner_id,
        open_key=need.learner_id,
        topic=need.topic,
        in_language=need.in_language,
        device_os=need.device_os,
        mode=need.mode,
        queued_at=now,
        changed_at=now,
    )
    try:
        with session.begin_nested():
            session.add(ticket)
            session.flush()
    except IntegrityError:  # the same press arrived twice at this very moment
        return session.exec(select(TutoringTicket).where(TutoringTicket.open_key == need.learner_id)).one()
    return ticket


def want_to_see_each_other(session: Session, learner_id: str, now: datetime) -> TutoringTicket:
    """The learner would like to talk with a picture: the place in the queue stays. Raises TicketUnknown."""
    ticket = open_ticket_of(session, learner_id)
    if ticket is None:
        raise TicketUnknown
    ticket.mode = "room"
    session.add(ticket)
    session.flush()
    return ticket


def open_ticket_of(session: Session, learner_id: str) -> TutoringTicket | None:
    return session.exec(select(TutoringTicket).where(TutoringTicket.open_key == learner_id)).one_or_none()


def place_of(session: Session, ticket: TutoringTicket, now: datetime) -> Place:
    """Where a waiting ticket stands."""
    waiting = select(func.count()).select_from(TutoringTicket).where(col(TutoringTicket.state).in_(WAITING))
    ahead = session.exec(waiting.where(col(TutoringTicket.queued_at) < ticket.queued_at)).one()
    helpers = len(on_duty(session, now))
    free = max(0, helpers - len(_busy(session)))
    rounds = max(0, ahead + 1 - free)
    return Place(ahead, _usual(session) * rounds / helpers if helpers else None)


def leave_queue(session: Session, learner_id: str, now: datetime) -> bool:
    """No help is needed any more, also in the middle of it; returns whether there was a ticket."""
    ticket = open_ticket_of(session, learner_id)
    if ticket is not None:
        _end(session, ticket, "abandoned", now)
    return ticket is not None


def abandon(session: Session, ticket_id: str, now: datetime) -> TutoringTicket:
    """The helpers see that somebody does not wait any more; whoever stands behind moves up. Raises TicketUnknown, IllegalMove."""
    ticket = _ticket(session, ticket_id)
    _end(session, ticket, "abandoned", now)
    return ticket


def start_duty(session: Session, name: str, languages: Sequence[str], systems: Sequence[str], now: datetime) -> Tutor:
    """Somebody sits down to help."""
    tutor = Tutor(name=name, in_languages=list(languages), device_os=list(systems), since=now)
    session.add(tutor)
    session.flush()
    return tutor


def end_duty(session: Session, tutor_id: str, now: datetime) -> None:
    """Somebody goes home; whom they had not finished with goes back to the old place."""
    tutor = session.get(Tutor, tutor_id)
    if tutor is None:
        raise TicketUnknown
    tutor.until = now
    session.add(tutor)
    for ticket in _busy(session):
        if ticket.tutor_id == tutor_id:
            _carry(session, ticket, now)


def match(session: Session, now: datetime) -> Sequence[TutoringTicket]:
    """Give every free helper one waiting ticket, so that language and phone system fit as well as they can and nobody waits for ever."""
    tutors = _free_tutors(session, now)
    waiting = waiting_tickets(session)[: max(len(tutors) * 3, len(tutors))]
    if not tutors or not waiting:
        return ()
    from scipy.optimize import linear_sum_assignment  # a third of a second at start: only a town that tutors pays for it

    rows, columns = linear_sum_assignment([[_cost(tutor, ticket, n) for n, ticket in enumerate(waiting)] for tutor in tutors])
    pairs = [(tutors[row], waiting[column]) for row, column in zip(rows, columns, strict=True)]
    for tutor, ticket in pairs:
        claim(session, ticket, tutor, now)
    return [ticket for _, ticket in pairs]


def claim(session: Session, ticket: TutoringTicket, tutor: Tutor, now: datetime) -> None:
    """This helper will see to this person next."""
    move("request for help", ticket, "claimed")
    ticket.tutor_id, ticket.changed_at = tutor.id, now
    session.add(ticket)


def begin(session: Session, ticket_id: str, now: datetime, make_room: RoomMaker | None = None) -> TutoringTicket:
    """They sit together, write, or see each other: `make_room` opens a live room for a ticket and returns its name."""
    ticket = _ticket(session, ticket_id)
    move("request for help", ticket, "in_help")
    if ticket.mode == "room" and make_room is not None:
        ticket.room = make_room(ticket.id)
    ticket.began_at = ticket.changed_at = now
    session.add(ticket)
    return ticket


def resolve(session: Session, ticket_id: str, now: datetime) -> TutoringTicket:
    ticket = _ticket(session, ticket_id)
    _end(session, ticket, "resolved", now)
    return ticket


def close_for_today(session: Session, now: datetime) -> int:
    """The desk closes: everybody who was not helped keeps the place for next time. Returns how many."""
    for tutor in on_duty(session, now):
        end_duty(session, tutor.id, now)
    left = [one for one in waiting_tickets(session) if one.state == "open"]
    for ticket in left:
        _carry(session, ticket, now)
    return len(left)


def end_forgotten(session: Session, now: datetime, is_over: Callable[[TutoringTicket], bool]) -> Sequence[TutoringTicket]:
    """Help that is over and that nobody ended must not keep others waiting: it is resolved. Returns the tickets.

    `is_over` tells whether they can still be together; help that began within FORGOTTEN_AFTER is never ended.
    """
    helped = [one for one in _busy(session) if one.state == "in_help" and one.changed_at <= now - FORGOTTEN_AFTER]
    old = [one for one in helped if is_over(one)]
    for ticket in old:
        _end(session, ticket, "resolved", now)
        ticket.ended_by = "itself"
    return old


def end_forgotten_duty(session: Session, now: datetime, is_over: Callable[[Tutor], bool]) -> Sequence[Tutor]:
    """Helpers who went home without a word are nobody's next helper. Whom they were about to help keep their place; a talk goes on."""
    talking = {one.tutor_id for one in _busy(session) if one.state == "in_help"}
    gone = [one for one in on_duty(session, now) if one.id not in talking and is_over(one)]
    for tutor in gone:
        end_duty(session, tutor.id, now)
    return gone


def ended_by_themselves(session: Session, since: datetime) -> Sequence[TutoringTicket]:
    """For the helpers and staff to see: help that nobody had ended."""
    ended = select(TutoringTicket).where(TutoringTicket.ended_by == "itself", col(TutoringTicket.changed_at) >= since)
    return session.exec(ended.order_by(col(TutoringTicket.changed_at))).all()


def waiting_tickets(session: Session) -> Sequence[TutoringTicket]:
    """Those who wait, first come first."""
    waiting = select(TutoringTicket).where(col(TutoringTicket.state).in_(WAITING))
    return session.exec(waiting.order_by(col(TutoringTicket.queued_at), col(TutoringTicket.id))).all()


def helped_now(session: Session) -> Sequence[TutoringTicket]:
    return _busy(session)


def on_duty(session: Session, now: datetime) -> Sequence[Tutor]:
    return session.exec(select(Tutor).where(col(Tutor.until).is_(None)).order_by(col(Tutor.since))).all()


def _cost(tutor: Tutor, ticket: TutoringTicket, place: int) -> float:
    language = 0.0 if ticket.in_language in tutor.in_languages else LANGUAGE_MISSING
    system = 0.0 if not ticket.device_os or ticket.device_os in tutor.device_os else SYSTEM_MISSING
    return language + system + 10.0 * place


def _free_tutors(session: Session, now: datetime) -> Sequence[Tutor]:
    taken = {ticket.tutor_id for ticket in _busy(session)}
    return [tutor for tutor in on_duty(session, now) if tutor.id not in taken]


def _busy(session: Session) -> Sequence[TutoringTicket]:
    return session.exec(select(TutoringTicket).where(col(TutoringTicket.state).in_(BUSY)).order_by(col(TutoringTicket.changed_at))).all()


def _usual(session: Session) -> timedelta:
    """How long one help takes, from the last ones; fifteen minutes while nothing is known."""
    done = select(TutoringTicket).where(TutoringTicket.state == "resolved").order_by(col(TutoringTicket.changed_at).desc())
    known = session.exec(done.limit(LEARNT_FROM)).all()
    lasted = [one.changed_at - one.began_at for one in known if one.began_at is not None]
    return sum(lasted, timedelta()) / len(lasted) if len(lasted) >= 3 else USUAL_HELP


def _carry(session: Session, ticket: TutoringTicket, now: datetime) -> None:
    move("request for help", ticket, "carried_over")
    ticket.tutor_id, ticket.room, ticket.changed_at = None, "", now
    ticket.carried += 1
    session.add(ticket)


def _end(session: Session, ticket: TutoringTicket, how: str, now: datetime) -> None:
    move("request for help", ticket, how)
    ticket.open_key, ticket.room, ticket.changed_at = None, "", now
    session.connection().execute(delete(TutoringLine).where(col(TutoringLine.ticket_id) == ticket.id))
    session.add(ticket)


def _ticket(session: Session, ticket_id: str) -> TutoringTicket:
    found = session.get(TutoringTicket, ticket_id)
    if found is None:
        raise TicketUnknown
    return found
