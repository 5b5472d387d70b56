"""On what terms people come into a class: for whom, until when, in which order; without it every planned class would be like the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from .clashes import Proposal
from .helper_errors import ClassWrong

ALLOCATIONS: Final = ("first_come", "lottery", "staff_invite")
MODES: Final = ("Offline", "Mixed", "Online")
LANGUAGES: Final = ("ja", "en", "zh-Hans", "ko")
HOMES: Final = ("lives", "works", "studies")
CLOSES_BEFORE: Final = timedelta(days=1)
SHORTEST, LONGEST = 15, 480
MOST_SEATS: Final = 500
OLDEST: Final = 120
LONGEST_TEXTS: Final = {"name": 60, "bring": 200, "audience": 100, "contact": 100, "remote_address": 200, "skills": 200}


@dataclass(frozen=True, slots=True)
class Terms:
    """Beside when and where. A moment of None is the usual one: opened with publishing, closed a day before, given up until it begins.

    `conditions` holds age_from, age_to, residency and prerequisites; None takes those of the topic, {} lets everybody in.
    """

    allocation: str = "first_come"
    first_timer_seats: int = 0
    opens: datetime | None = None
    closes: datetime | None = None
    cancel_until: datetime | None = None
    conditions: Mapping[str, Any] | None = None
    fee_yen: int = 0
    target_audience: str = ""
    contact: str = ""
    mode: str = "Offline"
    remote_address: str = ""

    def moved(self, by: timedelta) -> Terms:
        """The same distance from a class on another day."""
        opens, closes, until = (at and at + by for at in (self.opens, self.closes, self.cancel_until))
        return replace(self, opens=opens, closes=closes, cancel_until=until)


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` names the sentence (`staff.plan.fault.CODE`), `field` the part of the form."""

    code: str
    field: str


def check_terms(proposal: Proposal, terms: Terms, now: datetime) -> None:
    """Raises ClassWrong with everything that must be written again."""
    found = [fault for fault, holds in _checks(proposal, terms, now) if not holds]
    if found:
        raise ClassWrong(found)


def closes_at(proposal: Proposal, terms: Terms, now: datetime) -> datetime:
    """The closing day: what was given, else a day before the class, never in the past."""
    return terms.closes or max(now, proposal.start - CLOSES_BEFORE)


def _checks(proposal: Proposal, terms: Terms, now: datetime) -> Sequence[tuple[Fault, bool]]:
    return [*_words(proposal, terms), *_size(proposal, terms), *_days(proposal, terms, now), *_people(proposal, terms)]


def _words(proposal: Proposal, terms: Terms) -> Sequence[tuple[Fault, bool]]:
    written = {
        "name": proposal.name,
        "bring": proposal.what_to_bring,
        "audience": terms.target_audience,
        "contact": terms.contact,
        "remote_address": terms.remote_address,
        "skills": "、".join((terms.conditions or {}).get("prerequisites", ())),
    }
    return [(Fault(f"long_{field}", field), len(text) <= LONGEST_TEXTS[field]) for field, text in written.items()]


def _size(proposal: Proposal, terms: Terms) -> Sequence[tuple[Fault, bool]]:
    shared = terms.first_timer_seats
    return (
        (Fault("minutes", "minutes"), SHORTEST <= proposal.minutes <= LONGEST),
        (Fault("seats", "seats"), 1 <= proposal.seats <= MOST_SEATS),
        (Fault("devices", "devices"), 0 <= proposal.devices <= MOST_SEATS),
        (Fault("helper_ratio", "helper_ratio"), proposal.helper_ratio >= 0),
        (Fault("first_timers", "first_timers"), 0 <= shared <= max(proposal.seats, 0) or proposal.seats < 1),
        (Fault("first_timers_unlotted", "first_timers"), shared == 0 or terms.allocation == "lottery"),
        (Fault("fee", "fee"), terms.fee_yen >= 0),
    )


def _days(proposal: Proposal, terms: Terms, now: datetime) -> Sequence[tuple[Fault, bool]]:
    closes, until = closes_at(proposal, terms, now), terms.cancel_until
    return (
        (Fault("closes_late", "closes"), closes <= proposal.start),
        (Fault("closes_past", "closes"), terms.closes is None or terms.closes > now),
        (Fault("opens_late", "opens"), terms.opens is None or terms.opens < closes),
        (Fault("cancel_late", "cancel_until"), until is None or until <= proposal.end_date),
    )


def _people(proposal: Proposal, terms: Terms) -> Sequence[tuple[Fault, bool]]:
    wanted = terms.conditions or {}
    low, high = wanted.get("age_from"), wanted.get("age_to")
    ages = all(0 < age <= OLDEST for age in (low, high) if age is not None)
    address = terms.remote_address
    return (
        (Fault("allocation", "allocation"), terms.allocation in ALLOCATIONS),
        (Fault("language", "language"), proposal.language in LANGUAGES),
        (Fault("ages", "age_from"), ages),
        (Fault("ages_crossed", "age_from"), low is None or high is None or low <= high),
        (Fault("home", "home"), set(wanted.get("residency", ())) <= set(HOMES)),
        (Fault("mode", "mode"), terms.mode in MODES),
        (Fault("address", "remote_address"), not address or address.startswith(("https://", "/live/"))),
        (Fault("address_missing", "remote_address"), terms.mode != "Online" or bool(address)),
    )


__all__ = ["ALLOCATIONS", "HOMES", "LANGUAGES", "MODES", "Fault", "Terms", "check_terms", "closes_at"]
