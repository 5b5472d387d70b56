"""Reasons, gaps and clashes as sentences; without it a roster would speak in codes and nobody could question it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from inclusion.classes.times import class_day, class_hour, class_moment
from inclusion.written import tongue
from lessons import Availability, team
from lessons.team import Duty

Say = Callable[..., str]
NOON: Final = time(12)


@dataclass(frozen=True, slots=True)
class HelperWords:
    """`say(message_id, **values)` speaks the reader's language; `language` writes days and hours, `named` says names."""

    say: Say
    zone: ZoneInfo
    language: str = "ja"
    named: Callable[[str], str] = str

    def moment(self, at: datetime) -> str:
        return class_moment(at, self.zone, self.language)

    def days(self, away: Availability) -> str:
        """Days away: one day, or from when to when."""
        first, last = (self._day(one) for one in (away.first_day, away.last_day or away.first_day))
        return first if first == last else self.say("helper.page.away.span", first=first, last=last)

    def facts(self, duty: Duty) -> dict[str, str]:
        """What every sentence about a class is filled with."""
        place, venue = duty.session, duty.venue
        where = " ".join(part for part in (venue.name, venue.floor, place.room) if part)
        day, hour = class_day(place.start_date, self.zone, self.language), class_hour(place.start_date, self.zone, self.language)
        return {"day": day, "hour": hour, "name": self.named(place.name), "place": self.named(where)}

    def one(self, duty: Duty) -> str:
        return self.say("helper.one", **self.facts(duty))

    def why(self, reasons: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """Why somebody was chosen."""
        return [self._said(f"helper.why.{one['code']}", one["values"]) for one in reasons]

    def gap(self, gap: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[str]:
        """What a class lacks, why, and who might come if asked."""
        missing = [self.say("helper.gap.missing", missing=gap["missing"])] if gap["missing"] else []
        reasons = [self._said(f"helper.gap.{one['code']}", one["values"]) for one in gap["reasons"]]
        asked = [
            self.say("helper.gap.could_come", who=names[helper_id], why=self.say(f"helper.bend.{rule}"))
            for helper_id, rule in gap["could_come"]
            if helper_id in names
        ]
        return [*missing, *reasons, *asked]

    def clash(self, clash: team.Clash) -> str:
        values = {name: self.moment(one) if isinstance(one, datetime) else one for name, one in clash.values.items()}
        return self.say(f"helper.clash.{clash.code}", **values)

    def _day(self, day: date) -> str:
        return class_day(datetime.combine(day, NOON, self.zone), self.zone, self.language)

    def _said(self, message_id: str, values: Mapping[str, Any]) -> str:
        """A class's language by its name; `language` itself is what `say` speaks."""
        fills = {name: value for name, value in values.items() if name != "language"}
        return self.say(message_id, **fills, **({"tongue": tongue(values["language"], self.language)} if "language" in values else {}))
