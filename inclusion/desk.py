"""What staff do for someone who asked for a person, and what happens when they cannot: without it a ticket would wait for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bots.accounts import Account
from inclusion import forgetting, handover, linking, own_keys
from inclusion.handover import HelpTicket, Said
from inclusion.learning import unanswered
from inclusion.municipalities import Town
from inclusion.quiet_hours import OfficeHours
from inclusion.skills import human_help
from inclusion.telling import Telling


@dataclass(frozen=True, slots=True)
class Desk:
    """All of it in the caller's transaction."""

    town: Town
    telling: Telling

    def reply(self, session: Session, number: int, staff_id: int, text: str, now: datetime) -> bool:
        """Send `text` under the office's name; the bot keeps silent from now on. False where the chat cannot be reached.

        Raises handover.TicketGone.
        """
        ticket = handover.take(session, number, staff_id, now)
        account = _account(session, ticket)
        if account is None or not self.telling.staff_words(session, account, text, _last_quote(session, ticket), now):
            return False
        handover.add_line(session, ticket, Said("staff", text, now))
        return True

    def finish(self, session: Session, number: int, now: datetime) -> None:
        """The matter is settled, and the resident hears that the bot answers again. Raises handover.TicketGone."""
        ticket = handover.close(session, number, now)
        account = _account(session, ticket)
        if account is not None:
            self.telling.notice(session, account, _back("help.staff_done"), f"help/{number}/closed", now)

    def tend(self, session: Session, now: datetime) -> int:
        """The bot comes back to chats in which nothing happens any more; returns to how many."""
        late = handover.overdue(session, now)
        for ticket in late:
            waited = ticket.state == "waiting"
            handover.give_back(session, ticket)
            account = _account(session, ticket)
            if account is not None:
                occasion = f"help/{ticket.number}/returned/{ticket.last_at.timestamp()}"
                self.telling.notice(session, account, self._offer(now) if waited else _back("help.silence"), occasion, now)
        return len(late)

    def tidy(self, session: Session, now: datetime) -> None:
        """Forget what is too old."""
        for purge in (handover.purge, linking.purge, forgetting.purge, own_keys.purge, unanswered.purge):
            purge(session, now)

    def _offer(self, now: datetime) -> human_help.Skill:
        slots = OfficeHours.of(self.town.contacts[self.town.help_contact], self.town.timezone).slots(now)
        return lambda scene: human_help.offer_call_back("help.nobody_free", slots, scene)


def _back(message_id: str) -> human_help.Skill:
    return lambda scene: human_help.back_again(message_id, scene)


def _account(session: Session, ticket: HelpTicket) -> Account | None:
    return session.get(Account, ticket.account_id) if ticket.account_id else None


def _last_quote(session: Session, ticket: HelpTicket) -> str:
    """The resident's last line that can be quoted."""
    quotable = [line.quote_token for line in handover.lines_of(session, ticket.number or 0) if line.quote_token]
    return quotable[-1] if quotable else ""
