"""Classes and applications in the reader's words; without it templates would decide what "full" or "waiting" means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inclusion.classes.conditions import conditions_said
from inclusion.classes.refusals import sentence
from inclusion.classes.times import class_day, class_hour, class_moment
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from lessons import Alternative, Application, ClassOnOffer, LessonError, Outcome, Person, ToTell, can_apply, off_reason
from lessons.arriving import OPENS
from lessons.reminders_due import KINDS


@dataclass(frozen=True, slots=True)
class ClassCard:
    """One class as a page shows it. `takes` says whether an application is taken now, `places` how many are left.

    For staff, `stage` is how far the class is, and `door_open` whether people can be ticked off as they arrive.
    """

    one: ClassOnOffer
    day: str
    hours: str
    place: str
    access: str
    places: str
    takes: bool
    way: str = ""
    whom: str = ""
    stage: str = ""
    door_open: bool = False

    @property
    def id(self) -> str:
        return self.one.id

    @property
    def at_risk(self) -> bool:
        """More people than the helpers can mind, in a class that still takes place."""
        return self.one.session.at_risk and self.one.session.state not in ("cancelled", "completed")


@dataclass(frozen=True, slots=True)
class LessonWords:
    """Says what the lessons library knows, in one reader's language."""

    pages: Pages
    reader: Reader

    def card(self, one: ClassOnOffer, now: datetime) -> ClassCard:
        place, venue = one.session, one.venue
        where = " ".join(part for part in (venue.name, venue.floor, place.room) if part)
        access = self.say("lesson.list_comma").join(self.say(f"lesson.access.{kind}") for kind in venue.is_accessible)
        whom = conditions_said(one, self.say)
        places, takes = self.places(one, now), can_apply(place, now)
        return ClassCard(one, self.day(place.start_date), self.hours(one), where, access, places, takes, whom=whom)

    def kept(self, one: ClassOnOffer, now: datetime) -> ClassCard:
        """The same for staff, who look after a class until it is closed."""
        return replace(self.card(one, now), stage=self.stage(one, now), door_open=_door_open(one, now))

    def stage(self, one: ClassOnOffer, now: datetime) -> str:
        """How far it is: what applicants are told, then running, over, closed."""
        place = one.session
        if place.state == "completed":
            return self.say("staff.lessons.stage.closed")
        if place.state == "cancelled" or now < place.start_date:
            return self.places(one, now)
        return self.say("staff.lessons.stage.running" if now <= place.end_date else "staff.lessons.stage.over")

    def other(self, one: Alternative, now: datetime) -> ClassCard:
        """Another class beside a full one, with the way there from the one that was wanted."""
        way = self.say("lesson.talk.away", minutes=one.minutes_away) if one.minutes_away else ""
        return replace(self.card(one.one, now), way=way)

    def day(self, at: datetime) -> str:
        return class_day(at, self.pages.zone, self.reader.language)

    def moment(self, at: datetime) -> str:
        return class_moment(at, self.pages.zone, self.reader.language)

    def hours(self, one: ClassOnOffer) -> str:
        start, end = (class_hour(at, self.pages.zone, self.reader.language) for at in (one.session.start_date, one.session.end_date))
        return self.say("lesson.hours", start=start, end=end)

    def places(self, one: ClassOnOffer, now: datetime) -> str:
        """The one line that tells whether it is worth applying."""
        place = one.session
        if place.state == "cancelled":
            return self.say("lesson.places.called_off")
        if place.allocation == "staff_invite" and now < place.start_date:
            return self.say("lesson.places.invited")
        if not can_apply(place, now):
            return self.say("lesson.places.closed")
        if place.allocation == "lottery" and place.state == "published":
            return self.say("lesson.places.lottery", seats=place.seats_offered, closes=self.moment(place.registration_closes))
        return self.say("lesson.places.free", free=place.seats_free) if place.seats_free else self.say("lesson.places.full")

    def standing(self, outcome: Outcome) -> Mapping[str, str]:
        """Headline and next step of an application."""
        until = self.moment(outcome.until) if outcome.until else ""
        fills = {"position": outcome.position or 0, "until": until, "receipt": outcome.receipt_number}
        return {part: self.say(f"lesson.standing.{outcome.state}{part}", **fills) for part in ("", ".next")}

    def give_up_until(self, one: ClassOnOffer, outcome: Outcome) -> str:
        """Until when a seat can be given up by oneself, where that is before the class begins; else ""."""
        early = outcome.state in ("confirmed", "won") and one.session.cancel_deadline < one.session.start_date
        return self.moment(one.session.cancel_deadline) if early else ""

    def ended(self, application: Application, one: ClassOnOffer) -> Mapping[str, str]:
        """The same for an application that ended because its class was called off for a reason; empty for any other."""
        why = off_reason(application)
        if not why:
            return {}
        headline = self.say(
            "lesson.talk.notice.called_off_for", name=self.pages.own(self.reader, one.session.name), why=self.say(f"lesson.off.{why}")
        )
        return {"": headline, ".next": self.say("lesson.error.next")}

    def came(self) -> Mapping[str, str]:
        """The same for somebody who was in the class."""
        return {"": self.say("lesson.after.came"), ".next": self.say("lesson.after.came.next")}

    def who(self, one: Person | ToTell) -> str:
        """The name; for somebody who applied from a chat, which asks for none, the receipt number they will show."""
        by_chat = self.say("staff.lessons.by_chat", receipt=one.application.receipt_number)
        return one.learner.name or by_chat

    def news(self, one: ToTell) -> str:
        """What they must be told; for a class that is called off, why."""
        told, why = self.say(f"staff.lessons.notice.{one.notice.kind}"), off_reason(one.application)
        return f"{told}（{self.say(f'lesson.off.{why}')}）" if one.notice.kind == "called_off" and why else told

    @property
    def reminders(self) -> Sequence[str]:
        return KINDS

    def reminder(self, one: ToTell) -> str:
        """What to say on the telephone to somebody who has no chat."""
        return self.say("staff.lessons.say.reminder", name=one.place.name, when=self.moment(one.place.start_date))

    def refusal(self, error: LessonError) -> str:
        """The sentence of a refusal, with its days and fields as people write them."""
        return sentence(error, self.say, self.moment)

    def problem(self, field: str, name: str) -> str:
        """What is wrong with a field of the form; a name is missing or too long."""
        return self.say("lesson.problem.name_long" if field == "name" and name.strip() else f"lesson.problem.{field}")

    def say(self, message_id: str, **fills: object) -> str:
        return self.pages.say(self.reader, message_id, **fills)


def _door_open(one: ClassOnOffer, now: datetime) -> bool:
    """From one hour before it until it is closed."""
    return one.session.state not in ("cancelled", "completed") and now >= one.session.start_date - OPENS
