"""What LINE's replies to our requests mean for a parcel; without it a lost reply would be sent twice or never.

The rules as a table stand in docs/protocol.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.delivery import Parcel
from bots.discretion import without_words_of
from bots.errors import DeliveryError, OutcomeUnknown, QuotaUsedUp, TryLater, Undeliverable

# LINE sends no Retry-After. Its rates count per second, so a few seconds pass the crowd; the outbox lengthens repeated waits.
RATE_WAIT_S = 3.0
CONCURRENCY_WAIT_S = 1.0
STAFF_WAIT_S = 600.0

PERSON_ID = re.compile(r"\b[UCR][0-9a-f]{32}\b")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not 2xx, read into LINE's own form. `message` and `details` are LINE's words."""

    status: int
    request_id: str = ""
    accepted_request_id: str = ""
    message: str = field(default="", repr=False)
    details: tuple[str, ...] = field(default=(), repr=False)

    @property
    def reply_token_is_spent(self) -> bool:
        """LINE says the same for a token that was used, is too old or never existed."""
        return self.status == 400 and "invalid reply token" in self.message.lower()

    @property
    def says_too_many_at_once(self) -> bool:
        """The one meaning of 429 that fewer open requests mend; waiting longer between them would not."""
        return self.status == 429 and "concurren" in self.message.lower()

    @property
    def was_accepted_before(self) -> bool:
        return self.status == 409


def read_refusal(status: int, headers: Mapping[str, str] | None, body: str) -> Refusal:
    """Read an error answer; a body that is not LINE's (a proxy's page) leaves only the status."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = {}
    told = told if isinstance(told, dict) else {}
    listed = told.get("details")
    details = listed if isinstance(listed, list) else []
    told_headers = lower_case(headers)
    return Refusal(
        status=status,
        request_id=told_headers.get("x-line-request-id", ""),
        accepted_request_id=told_headers.get("x-line-accepted-request-id", ""),
        message=str(told.get("message", "")),
        details=tuple(f"{detail.get('property', '?')}: {detail.get('message', '')}" for detail in details if isinstance(detail, dict)),
    )


def lower_case(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Headers by their lower-case names: the SDK hands them over in a plain dict that minds the case."""
    return {name.lower(): value for name, value in (headers or {}).items()}


def trouble(refusal: Refusal, parcel: Parcel, replying: bool) -> DeliveryError:
    """The refusal as the error the outbox acts on. The two answers that mean "delivered" are the client's to notice first."""
    if refusal.status >= 500:
        return OutcomeUnknown(f"LINE had trouble of its own (status {refusal.status}).", replying, refusal.request_id)
    if refusal.status == 429:
        return _too_much(refusal)
    if refusal.status in (401, 403):
        return TryLater(_staff_reason(refusal.status), STAFF_WAIT_S, refusal.request_id)
    return Undeliverable(_refused_reason(refusal, parcel), refusal.request_id)


def _too_much(refusal: Refusal) -> DeliveryError:
    """The three meanings of 429, told apart by LINE's sentence; an unknown sentence is taken for the rate."""
    if "monthly" in refusal.message.lower():
        return QuotaUsedUp("This month's messages of the LINE plan are used up. Staff: raise the plan or wait.", refusal.request_id)
    if refusal.says_too_many_at_once:
        return TryLater("Too many requests to LINE are open at once.", CONCURRENCY_WAIT_S, refusal.request_id)
    return TryLater("LINE's rate limit is reached.", RATE_WAIT_S, refusal.request_id)


def _staff_reason(status: int) -> str:
    meaning = "does not accept our channel access token" if status == 401 else "says this channel may not send messages"
    return f"LINE {meaning} (status {status}). Staff: check LINE_CHANNEL_ACCESS_TOKEN and the account's plan in the LINE console."


def _refused_reason(refusal: Refusal, parcel: Parcel) -> str:
    """LINE's own details for the person who repairs it, without a word of the message and without anyone's id."""
    told = "; ".join([refusal.message, *refusal.details])
    told = PERSON_ID.sub("…", without_words_of(parcel, told))
    return f"LINE refuses this parcel (status {refusal.status}): {told}"
