"""What staff type to plan a class, and the class it means; without it each field would be read where it happens to be used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from inclusion.web.typed_text import cleaned, whole_number
from lessons import ScheduledSession, our_moment
from lessons.team import ClassWrong, Fault, Proposal, Terms, terms_of

NOT_A_NUMBER: Final = -1
REPEATS: Final = ("once", "weekly", "biweekly", "monthly", "rule")
WHOM: Final = ("topic", "all", "own")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SEPARATORS: Final = str.maketrans(",，、", "\n\n\n")


class ClassForm(BaseModel):
    """Every field as it was typed, so that the page can show it again. `room` is "venue/room"."""

    model_config = ConfigDict(extra="ignore", str_max_length=4_000)

    key: str = ""
    session: str = ""
    course: str = ""
    name: str = ""
    room: str = ""
    day: str = ""
    starts: str = "10:00"
    minutes: str = "60"
    repeat: str = "once"
    times: str = "4"
    rule: str = ""
    seats: str = "8"
    devices: str = "8"
    helper_ratio: str = "4"
    allocation: str = "first_come"
    first_timers: str = "0"
    opens: str = ""
    closes: str = ""
    cancel_until: str = ""
    whom: str = "topic"
    age_from: str = ""
    age_to: str = ""
    home: list[str] = Field(default_factory=list)
    skills: str = ""
    audience: str = ""
    language: str = "ja"
    bring: str = ""
    fee: str = "0"
    contact: str = ""
    mode: str = "Offline"
    remote_address: str = ""
    all_the_same: str = ""
    series: str = ""

    def read(self, zone: ZoneInfo) -> tuple[Proposal, Terms, str]:
        """The class, its terms and the rule of its series. Raises ClassWrong for a day or an hour that cannot be read."""
        start = our_moment(f"{self.day}T{self.starts}", zone)
        moments = {name: our_moment(getattr(self, name), zone) for name in ("opens", "closes", "cancel_until")}
        unread = [name for name, at in moments.items() if at is None and getattr(self, name)]
        if start is None or unread:
            raise ClassWrong([*([Fault("day", "day")] if start is None else []), *(Fault("moment", name) for name in unread)])
        return self._proposal(start), self._terms(moments), self._rule(start)

    def _proposal(self, start: datetime) -> Proposal:
        venue, _, room = self.room.partition("/")
        return Proposal(
            course_code=self.course,
            venue_id=venue,
            room=cleaned(room),
            start=start,
            minutes=_number(self.minutes),
            seats=_number(self.seats),
            devices=_number(self.devices),
            helper_ratio=_number(self.helper_ratio),
            language=self.language,
            name=cleaned(self.name),
            what_to_bring=cleaned(self.bring),
        )

    def _terms(self, moments: dict[str, datetime | None]) -> Terms:
        return Terms(
            allocation=self.allocation,
            first_timer_seats=_number(self.first_timers or "0"),
            **moments,
            conditions=self._conditions(),
            fee_yen=_number(self.fee or "0"),
            target_audience=cleaned(self.audience),
            contact=cleaned(self.contact),
            mode=self.mode,
            remote_address=cleaned(self.remote_address),
        )

    def _conditions(self) -> dict[str, Any] | None:
        if self.whom != "own":
            return None if self.whom == "topic" else {}
        ages = {name: _number(typed) for name, typed in (("age_from", self.age_from), ("age_to", self.age_to)) if typed.strip()}
        skills = [part for part in (cleaned(one) for one in self.skills.translate(SEPARATORS).split("\n")) if part]
        return {**ages, **({"residency": self.home} if self.home else {}), **({"prerequisites": skills} if skills else {})}

    def _rule(self, start: datetime) -> str:
        nth, weekday = (start.day - 1) // 7 + 1, WEEKDAYS[start.weekday()]
        rules = {
            "weekly": f"FREQ=WEEKLY;COUNT={self.times}",
            "biweekly": f"FREQ=WEEKLY;INTERVAL=2;COUNT={self.times}",
            "monthly": f"FREQ=MONTHLY;BYDAY={nth}{weekday};COUNT={self.times}",
            "rule": self.rule or "?",
        }
        return rules.get(self.repeat, "")


def form_of(place: ScheduledSession, proposal: Proposal, key: str = "") -> ClassForm:
    """A class as it would be typed."""
    return ClassForm(
        key=key,
        session=place.id,
        course=place.course_code,
        name=place.name,
        room=f"{place.venue_id}/{place.room}",
        day=proposal.start.date().isoformat(),
        starts=f"{proposal.start:%H:%M}",
        minutes=str(proposal.minutes),
        seats=str(proposal.seats),
        devices=str(proposal.devices),
        helper_ratio=str(proposal.helper_ratio),
        language=proposal.language,
        bring=place.what_to_bring,
        **_typed_terms(place, terms_of(place)),
        **_typed_conditions(place),
    )


def _typed_terms(place: ScheduledSession, terms: Terms) -> dict[str, Any]:
    """An opening that is no later than the draft is the usual one: nothing is typed for it."""
    later = terms.opens is not None and place.registration_opens > place.changed_at
    return {
        "allocation": terms.allocation,
        "first_timers": str(terms.first_timer_seats),
        "opens": _typed(terms.opens) if later else "",
        "closes": _typed(terms.closes),
        "cancel_until": _typed(terms.cancel_until),
        "audience": terms.target_audience,
        "fee": str(terms.fee_yen),
        "contact": terms.contact,
        "mode": terms.mode,
        "remote_address": terms.remote_address,
    }


def _typed_conditions(place: ScheduledSession) -> dict[str, Any]:
    given = place.conditions or {}
    return {
        "whom": "topic" if place.conditions is None else "own" if given else "all",
        "age_from": str(given.get("age_from", "")),
        "age_to": str(given.get("age_to", "")),
        "home": list(given.get("residency", ())),
        "skills": "、".join(given.get("prerequisites", ())),
    }


def at_time(form: ClassForm, other: Proposal) -> ClassForm:
    """The same class in another room or at another time; its deadlines are the usual ones again."""
    usual = {"opens": "", "closes": "", "cancel_until": ""}
    moved = {"day": other.start.date().isoformat(), "starts": f"{other.start:%H:%M}", "room": f"{other.venue_id}/{other.room}"}
    return form.model_copy(update={**moved, **(usual if moved["day"] != form.day else {})})


def fields_of(form: ClassForm) -> Sequence[tuple[str, str]]:
    """Every field as hidden inputs carry it."""
    kept = [(name, value) for name, value in form.model_dump().items() if isinstance(value, str) and name not in ("key", "session")]
    return [*kept, *(("home", one) for one in form.home)]


def _number(typed: str) -> int:
    number = whole_number(typed)
    return NOT_A_NUMBER if number is None else number


def _typed(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%dT%H:%M}"


__all__ = ["REPEATS", "WHOM", "ClassForm", "at_time", "fields_of", "form_of"]
