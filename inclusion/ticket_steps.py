"""What a turn does to the request at the desk behind its chat, written with the turn; without it words said to a person would be lost."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from inclusion import handover
from inclusion.handover import HelpTicket, Said
from inclusion.replies import Chat, Effect


def open_ticket(talk: tuple[Said, ...], state: str, token: str = "") -> Effect:
    def effect(session: Session, chat: Chat, now: datetime) -> None:
        account_id = chat.account.id if chat.account else None
        channel = chat.account.channel if chat.account else chat.conversation.channel
        handover.open_ticket(session, channel, account_id, talk, now, state, token)

    return effect


def _ticket_of(session: Session, chat: Chat) -> HelpTicket | None:
    return handover.latest_ticket(session, chat.account.id) if chat.account else None


def keep_line(said: Said) -> Effect:
    def effect(session: Session, chat: Chat, now: datetime) -> None:
        ticket = _ticket_of(session, chat)
        if ticket is not None:
            handover.add_line(session, ticket, said)

    return effect


def given_back(session: Session, chat: Chat, now: datetime) -> None:
    ticket = _ticket_of(session, chat)
    if ticket is not None:
        handover.give_back(session, ticket)


def call_back_at(slot: datetime, said: Said) -> Effect:
    def effect(session: Session, chat: Chat, now: datetime) -> None:
        ticket = _ticket_of(session, chat)
        if ticket is not None:
            ticket.call_back_at = slot
            handover.add_line(session, ticket, said)

    return effect
