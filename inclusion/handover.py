"""A person at the desk takes over, knowing what was said: without it everyone who asks for help would have to begin again.

A ticket is `waiting` (the resident asked, nobody has answered), `held` (staff have answered; the bot keeps silent), `returned` (the bot
speaks again, staff may still answer) or `closed`. What it keeps is masked, and erased some days after it was closed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, Integer, String, and_, delete, func, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from bots.accounts import Account
from inclusion.database import StorageError, moment
from inclusion.masking import masked

WAITS_FOR = timedelta(minutes=15)  # then the bot says that nobody is free, and speaks again
HELD_FOR = timedelta(minutes=30)  # after the last word of either side
KEPT_AFTER_CLOSING = timedelta(days=30)
LONGEST_LINE = 2000
SILENT_STATES = ("waiting", "held")
OPEN_STATES = ("waiting", "held", "returned")


class TicketGone(StorageError):
    """The ticket was closed or erased meanwhile."""

    message_id = "staff.help.gone"

    def __init__(self) -> None:
        super().__init__("This request is closed already. Open the list again.")

    def values(self) -> dict[str, object]:
        return {}


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a talk: who ("resident", "bot", "staff") said it, and when. `message_id` lets an unsent message be erased.

    `spoken` tells that it was heard and not typed.
    """

    who: str
    text: str
    at: datetime
    message_id: str = ""
    quote_token: str = ""
    spoken: bool = False


class HelpTicket(SQLModel, table=True):
    """`token` opens the resident's own page for a call-back; `phone` is written only there and erased when the ticket is closed."""

    __tablename__ = "help_ticket"

    number: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    channel: str
    account_id: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey(f"{Account.__tablename__}.id", ondelete="CASCADE"), index=True)
    )
    state: str = Field(index=True)
    opened_at: datetime = Field(sa_column=moment())
    last_at: datetime = Field(sa_column=moment(index=True))
    closed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    staff_id: int | None = None
    call_back_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    phone: str = ""


class HelpLine(SQLModel, table=True):
    __tablename__ = "help_line"

    number: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(sa_column=Column(Integer, ForeignKey("help_ticket.number", ondelete="CASCADE"), nullable=False, index=True))
    who: str
    text: str
    at: datetime = Field(sa_column=moment())
    message_id: str = ""
    quote_token: str = ""


def silent_ticket(session: Session, account_id: str) -> HelpTicket | None:
    """The ticket that makes the bot keep silent in this chat, None when there is none."""
    theirs = select(HelpTicket).where(HelpTicket.account_id == account_id, col(HelpTicket.state).in_(SILENT_STATES))
    return session.exec(theirs).first()


def latest_ticket(session: Session, account_id: str) -> HelpTicket | None:
    """The newest ticket of this chat that is not closed: a call-back slot is chosen for it."""
    theirs = select(HelpTicket).where(HelpTicket.account_id == account_id, col(HelpTicket.state).in_(OPEN_STATES))
    return session.exec(theirs.order_by(col(HelpTicket.number).desc())).first()


def open_ticket(
    session: Session, channel: str, account_id: str | None, talk: Iterable[Said], now: datetime, state: str = "waiting", token: str = ""
) -> HelpTicket:
    """The chat's open ticket, or a new one that knows what was said so far. Asking again makes a returned one wait again."""
    ticket = latest_ticket(session, account_id) if account_id else None
    if ticket is None:
        ticket = HelpTicket(
            token=token or secrets.token_urlsafe(24), channel=channel, account_id=account_id, state=state, opened_at=now, last_at=now
        )
        session.add(ticket)
        session.flush()
        for said in talk:
            add_line(session, ticket, said)
    elif ticket.state == "returned":
        ticket.state = state
    ticket.last_at = now
    session.add(ticket)
    return ticket


def add_line(session: Session, ticket: HelpTicket, said: Said) -> None:
    """Keep one line, masked."""
    words = masked(said.text)[:LONGEST_LINE]
    session.add(
        HelpLine(ticket=ticket.number or 0, who=said.who, text=words, at=said.at, message_id=said.message_id, quote_token=said.quote_token)
    )
    ticket.last_at = max(ticket.last_at, said.at)
    session.add(ticket)


def take(session: Session, number: int, staff_id: int, now: datetime) -> HelpTicket:
    """Staff answer: from now on the bot keeps silent. Raises TicketGone."""
    ticket = session.get(HelpTicket, number)
    if ticket is None or ticket.state == "closed":
        raise TicketGone
    ticket.state, ticket.staff_id, ticket.last_at = "held", staff_id, now
    session.add(ticket)
    return ticket


def close(session: Session, number: int, now: datetime) -> HelpTicket:
    """The matter is settled; the phone number is erased at once. Raises TicketGone."""
    ticket = session.get(HelpTicket, number)
    if ticket is None or ticket.state == "closed":
        raise TicketGone
    ticket.state, ticket.closed_at, ticket.phone = "closed", now, ""
    session.add(ticket)
    return ticket


def give_back(session: Session, ticket: HelpTicket) -> None:
    """The bot speaks again; staff may still answer."""
    ticket.state = "returned"
    session.add(ticket)


def overdue(session: Session, now: datetime) -> Sequence[HelpTicket]:
    """Tickets in which nothing has happened for too long: the bot has to come back."""
    waiting = and_(col(HelpTicket.state) == "waiting", col(HelpTicket.last_at) <= now - WAITS_FOR)
    held = and_(col(HelpTicket.state) == "held", col(HelpTicket.last_at) <= now - HELD_FOR)
    return session.exec(select(HelpTicket).where(or_(waiting, held)).with_for_update(skip_locked=True)).all()


def open_tickets(session: Session) -> Sequence[HelpTicket]:
    """What staff look after, the longest waiting first."""
    return session.exec(select(HelpTicket).where(col(HelpTicket.state).in_(OPEN_STATES)).order_by(col(HelpTicket.number))).all()


def lines_of(session: Session, number: int) -> Sequence[HelpLine]:
    return session.exec(select(HelpLine).where(HelpLine.ticket == number).order_by(col(HelpLine.number))).all()


def first_words(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """The resident's last line of each ticket: what the list shows."""
    newest = (
        select(HelpLine.ticket, func.max(HelpLine.number).label("number"))
        .where(col(HelpLine.ticket).in_(numbers), HelpLine.who == "resident")
        .group_by(col(HelpLine.ticket))
    ).subquery()
    rows = session.exec(select(HelpLine).join(newest, col(HelpLine.number) == newest.c.number)).all()
    return {row.ticket: row.text for row in rows}


def by_token(session: Session, token: str) -> HelpTicket | None:
    found = session.exec(select(HelpTicket).where(HelpTicket.token == token)).one_or_none()
    return found if found is not None and found.state in OPEN_STATES else None


def erase_line(session: Session, message_id: str, account_id: str) -> None:
    """An unsent message leaves no word behind; staff see that something was taken back."""
    theirs = select(HelpTicket.number).where(HelpTicket.account_id == account_id)
    line = update(HelpLine).where(col(HelpLine.message_id) == message_id, col(HelpLine.ticket).in_(theirs))
    session.connection().execute(line.values(text="", quote_token=""))


def purge(session: Session, now: datetime) -> int:
    """Erase tickets some time after they were closed, and those nobody ever closed."""
    before = now - KEPT_AFTER_CLOSING
    old = delete(HelpTicket).where((col(HelpTicket.closed_at) < before) | (col(HelpTicket.last_at) < before))
    return session.connection().execute(old).rowcount
