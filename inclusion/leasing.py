"""Which parcels may leave now, and what became of them: the courier's two short transactions, kept apart from its waiting on networks."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bots import BotError, OutcomeUnknown, Parcel, QuotaUsedUp, Receipt, TryLater, Undeliverable
from bots.accounts import Account
from inclusion.outbox import OutboxRow

SEND_TIMEOUT_S = 15.0
# Longer than a try, so that a parcel is never in two hands; short enough that a reply whose courier died is tried again while its
# token lives (50 s), since only then can LINE tell whether the first try arrived.
LEASE = timedelta(seconds=30)
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 900.0
QUOTA_PAUSE_S = 6 * 3600.0
# LINE recognises a retry key for 24 hours; a try after that could arrive a second time.
TRIED_AT_MOST_FOR = timedelta(hours=23)
# An answer a minute late is worse than an answer out of order: after that a stuck parcel no longer holds up its chat.
ORDER_HELD_FOR = timedelta(seconds=60)
BUGS_ENDURED = 3


@dataclass(frozen=True, slots=True)
class Leased:
    """A parcel in our hands until the lease runs out."""

    number: int
    channel: str
    parcel: Parcel
    tries: int
    first_tried_at: datetime


def lease_due(session: Session, courier: str, channels: Iterable[str], now: datetime, limit: int) -> list[Leased]:
    """Take up to `limit` due parcels, the oldest of each chat; what waits for people who left is cancelled on the way."""
    rows = session.exec(_due(channels, now).limit(limit)).all()
    return [leased for row in rows if (leased := _lease(session, row, courier, now)) is not None]


def settle(session: Session, courier: str, leased: Leased, outcome: Receipt | Exception, now: datetime) -> bool:
    """Write down how it went; False when the lease was lost meanwhile (then another courier's outcome counts)."""
    ours = update(OutboxRow).where(col(OutboxRow.number) == leased.number, col(OutboxRow.leased_by) == courier)
    still_ours = ours.where(col(OutboxRow.state) == "waiting", col(OutboxRow.tries) == leased.tries)
    values = _sent(outcome, now) if isinstance(outcome, Receipt) else _not_sent(leased, outcome, now)
    return session.connection().execute(still_ours.values(leased_until=None, leased_by="", **values)).rowcount == 1


def _due(channels: Iterable[str], now: datetime) -> Any:
    free = or_(col(OutboxRow.leased_until).is_(None), col(OutboxRow.leased_until) <= now)
    due = select(OutboxRow).where(OutboxRow.state == "waiting", col(OutboxRow.due_at) <= now, free, ~_earlier(now).exists())
    served = due.where(col(OutboxRow.channel).in_(list(channels)))
    return served.order_by(col(OutboxRow.number)).with_for_update(skip_locked=True, of=OutboxRow)


def _earlier(now: datetime) -> Any:
    """Parcels to the same chat that must leave first: due, on their way, or pausing for a moment after a failure."""
    earlier = aliased(OutboxRow)
    pausing = (col(earlier.tries) > 0) & (col(earlier.first_tried_at) > now - ORDER_HELD_FOR) & (col(earlier.last_error) != "quota")
    return select(earlier.number).where(
        earlier.target == OutboxRow.target,
        earlier.state == "waiting",
        col(earlier.number) < col(OutboxRow.number),
        or_(col(earlier.due_at) <= now, col(earlier.leased_until) > now, pausing),
    )


def _lease(session: Session, row: OutboxRow, courier: str, now: datetime) -> Leased | None:
    chat_id = _chat_id(session, row)
    if chat_id is None:
        row.state = "cancelled"
        return None
    if row.leased_until is not None:  # an earlier courier died with it and may have used the token
        row.reply_tried = row.reply_token is not None
    row.tries, row.leased_by, row.leased_until = row.tries + 1, courier, now + LEASE
    row.first_tried_at = row.first_tried_at or now
    return Leased(row.number or 0, row.channel, _parcel(row, chat_id), row.tries, row.first_tried_at)


def _chat_id(session: Session, row: OutboxRow) -> str | None:
    """Where to; None when the person has blocked us or left."""
    if row.account_id is None:
        return row.chat_id
    account = session.get_one(Account, row.account_id)
    return None if account.blocked_at else account.chat_id


def _parcel(row: OutboxRow, chat_id: str) -> Parcel:
    messages = tuple(row.payload or ())
    return Parcel(chat_id, messages, row.id, row.reply_token, row.reply_until, row.reply_tried, row.silent)


def _sent(receipt: Receipt, now: datetime) -> dict[str, Any]:
    return {"state": "sent", "sent_at": now, "request_id": receipt.request_id, "reply_token": None, "last_error": ""}


def _not_sent(leased: Leased, error: Exception, now: datetime) -> dict[str, Any]:
    kind = _kind(error)
    values: dict[str, Any] = {"last_error": kind, "request_id": getattr(error, "request_id", "")}
    if _hopeless(kind, leased, now):
        return values | {"state": "given_up"}
    values["due_at"] = now + timedelta(seconds=_pause_s(error, leased.tries))
    if kind in ("unknown_outcome", "unexpected") and getattr(error, "used_reply_token", True):
        values["reply_tried"] = leased.parcel.reply_token is not None
    return values


def _kind(error: Exception) -> str:
    match error:
        case TryLater():
            return "try_later"
        case QuotaUsedUp():
            return "quota"
        case OutcomeUnknown():
            return "unknown_outcome"
        case Undeliverable() | BotError():
            return "undeliverable"
    return "unexpected"


def _hopeless(kind: str, leased: Leased, now: datetime) -> bool:
    too_long = now - leased.first_tried_at >= TRIED_AT_MOST_FOR
    return kind == "undeliverable" or (kind == "unexpected" and leased.tries >= BUGS_ENDURED) or too_long


def _pause_s(error: Exception, tries: int) -> float:
    """Doubling pauses, never shorter than the channel asks for, with jitter so that a crowd does not come back at once."""
    asked = error.after_s if isinstance(error, TryLater) else 0.0
    if isinstance(error, QuotaUsedUp):
        asked = QUOTA_PAUSE_S
    doubling: float = min(FIRST_PAUSE_S * 2 ** min(tries - 1, 20), LONGEST_PAUSE_S)
    return max(asked, doubling) * random.uniform(1.0, 1.25)
