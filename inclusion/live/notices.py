"""Who must be told of a live event, and tells them in their chat; without it a festival would begin while everybody cooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal

from sqlmodel import Session, col, select

from bots.accounts import Account
from inclusion.live.events import OPEN_STATES
from inclusion.live.tables import LiveEvent, LiveReminder
from inclusion.live.upcoming import LiveShown
from inclusion.skills import live_events
from inclusion.telling import Telling

BEFORE: Final = timedelta(minutes=15)

Kind = Literal["soon", "moved", "cancelled"]


@dataclass(frozen=True, slots=True)
class LiveReminderDue:
    """A fact: this chat asked to be told of this event, and now is the time. `key` names the occasion: each is told once."""

    account_id: str
    event: LiveEvent
    kind: Kind
    key: str


def ask_for_reminder(session: Session, event: LiveEvent, account_id: str, now: datetime) -> None:
    """Asking twice changes nothing."""
    if _asked(session, event.number or 0, account_id) is None:
        session.add(LiveReminder(event=event.number or 0, account_id=account_id, asked_at=now, start_said=event.start_at))


def drop_reminder(session: Session, event_number: int, account_id: str) -> None:
    asked = _asked(session, event_number, account_id)
    if asked is not None:
        session.delete(asked)


def live_reminders_due(session: Session, now: datetime) -> Iterable[LiveReminderDue]:
    """Everything to be told now: it begins soon, it was moved, it was cancelled."""
    rows = select(LiveReminder, LiveEvent).where(LiveReminder.event == LiveEvent.number, col(LiveEvent.end_at) > now)
    for asked, event in session.exec(rows.order_by(col(LiveReminder.number))).all():
        kind = _kind(asked, event, now)
        occasion = f"{kind}/{event.start_at:%Y%m%dT%H%M}"
        if kind is not None and asked.told != occasion:
            yield LiveReminderDue(asked.account_id, event, kind, f"live/{event.number}/{asked.account_id}/{occasion}")


def live_reminders_to_come(session: Session, account_ids: Sequence[str], now: datetime) -> Sequence[tuple[datetime, LiveEvent]]:
    """What these chats asked to be reminded of and have not been yet, with the moment."""
    rows = select(LiveReminder, LiveEvent).where(LiveReminder.event == LiveEvent.number, col(LiveReminder.account_id).in_(account_ids))
    found = [(event.start_at - BEFORE, event) for _asked_for, event in session.exec(rows).all() if event.state in OPEN_STATES]
    return sorted((one for one in found if one[0] > now), key=lambda one: one[0])


@dataclass(frozen=True, slots=True)
class LiveNotices:
    """Puts what is due into the outbox, in the caller's transaction."""

    telling: Telling
    public_url: str

    def put(self, session: Session, now: datetime) -> int:
        due = list(live_reminders_due(session, now))
        for one in due:
            self._tell(session, one, now)
        return len(due)

    def _tell(self, session: Session, due: LiveReminderDue, now: datetime) -> None:
        account = session.get(Account, due.account_id)
        if account is not None:
            self.telling.notice(session, account, partial(live_events.reminder, due.kind, self._shown(due.event)), due.key, now)
        asked = _asked(session, due.event.number or 0, due.account_id)
        if asked is not None:
            asked.told, asked.start_said = due.key.split("/", 3)[3], due.event.start_at
            session.add(asked)

    def _shown(self, event: LiveEvent) -> LiveShown:
        url = f"{self.public_url.rstrip('/')}/live/{event.room}"
        return LiveShown(event.number or 0, event.names, event.start_at, event.place, url, event.state == "live", event.by_ticket)


def _kind(asked: LiveReminder, event: LiveEvent, now: datetime) -> Kind | None:
    if event.state == "cancelled":
        return "cancelled"
    if event.state not in OPEN_STATES:
        return None
    if now >= event.start_at - BEFORE:
        return "soon"
    return "moved" if asked.start_said != event.start_at else None


def _asked(session: Session, event_number: int, account_id: str) -> LiveReminder | None:
    return session.exec(select(LiveReminder).where(LiveReminder.event == event_number, LiveReminder.account_id == account_id)).first()
