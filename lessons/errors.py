"""What can go wrong around a class, each as a fact and a kind sentence; without it callers would compare strings.

LessonError
├── SessionUnknown, ApplicationUnknown, DrawUnknown
├── RegistrationNotOpen, RegistrationClosed, SessionCalledOff, InvitationOnly
├── ContactIncomplete, AlreadyApplied, KeyReused, TooYoung, TooOld, NotFromHere, ConditionsNotKnown, PrerequisitesMissing
├── NoOffer, OfferExpired, HoldOutside, CancelClosed, SessionFull, CapacityBelowTaken, ReasonMissing, DrawNotPossible
├── FeedUnknown, NotRemote, TicketUnknown, NothingToSay, CodeUnknown, NotAllowed (ScopeMissing), NotToday, OpinionUnclear, NoConsent
└── IllegalMove
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from .fields import Field


class LessonError(Exception):
    """Base of every refusal. `message_id` names the sentence in the reader's language, `values()` fills it."""

    message_id: ClassVar[str] = "lesson.error"

    def values(self) -> Mapping[str, object]:
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


class SessionUnknown(LessonError):
    message_id = "lesson.error.session_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such class. Please choose one from the list of classes.")


class ApplicationUnknown(LessonError):
    message_id = "lesson.error.application_unknown"

    def __init__(self) -> None:
        super().__init__("We cannot find this application. Please check the receipt, or call us.")


class DrawUnknown(LessonError):
    message_id = "lesson.error.draw_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such draw. Please open it from the page of its class.")


class RegistrationNotOpen(LessonError):
    message_id = "lesson.error.not_open"

    def __init__(self, opens: datetime) -> None:
        super().__init__(f"Applications for this class are taken from {opens:%Y-%m-%d %H:%M}. Please come back then.")
        self.opens = opens


class RegistrationClosed(LessonError):
    message_id = "lesson.error.closed"

    def __init__(self, closed: datetime) -> None:
        super().__init__(f"Applications for this class closed at {closed:%Y-%m-%d %H:%M}. Please look at the other classes.")
        self.closed = closed


class SessionCalledOff(LessonError):
    message_id = "lesson.error.called_off"

    def __init__(self) -> None:
        super().__init__("This class has been called off. Please look at the other classes.")


class InvitationOnly(LessonError):
    message_id = "lesson.error.invitation_only"

    def __init__(self) -> None:
        super().__init__("Places in this class are given by invitation. Please call us if you would like to come.")


class ContactIncomplete(LessonError):
    message_id = "lesson.error.contact"

    def __init__(self, field: Field) -> None:
        super().__init__(f"The {field} is missing or cannot be read. Please write it again.")
        self.field = field


class AlreadyApplied(LessonError):
    message_id = "lesson.error.already"

    def __init__(self, receipt_number: str) -> None:
        super().__init__(f"You have already applied for this class (receipt {receipt_number}). Nothing more is needed.")
        self.receipt_number = receipt_number


class KeyReused(LessonError):
    message_id = "lesson.error.key_reused"

    def __init__(self) -> None:
        super().__init__("This form was already used for another application. Please open the page of the class again.")


class TooYoung(LessonError):
    message_id = "lesson.error.too_young"

    def __init__(self, age: int) -> None:
        super().__init__(f"This class is for people of {age} and over. The other classes are open to you.")
        self.age = age


class TooOld(LessonError):
    message_id = "lesson.error.too_old"

    def __init__(self, age: int) -> None:
        super().__init__(f"This class is for people up to {age}. The other classes are open to you.")
        self.age = age


class NotFromHere(LessonError):
    message_id = "lesson.error.not_from_here"

    def __init__(self) -> None:
        super().__init__("This class is for people who live, work or study in the town. The other classes are open to you.")


class ConditionsNotKnown(LessonError):
    """`fields` are birth_year and residency: what the class asks for and the person has not said."""

    message_id = "lesson.error.conditions"

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__("This class is for certain people. Please tell us whether you are one of them.")
        self.fields = tuple(fields)


class PrerequisitesMissing(LessonError):
    """`skills` is what the class builds on and nobody has seen this person do."""

    message_id = "lesson.error.prerequisites"

    def __init__(self, skills: Sequence[str]) -> None:
        super().__init__(f"This class builds on: {', '.join(skills)}. If you can do that, tell us; else begin with an easier class.")
        self.skills = "、".join(skills)


class NoOffer(LessonError):
    message_id = "lesson.error.no_offer"

    def __init__(self) -> None:
        super().__init__("No seat is being held for this application at the moment. We will tell you when one becomes free.")


class CancelClosed(LessonError):
    message_id = "lesson.error.cancel_closed"

    def __init__(self, deadline: datetime) -> None:
        super().__init__(f"A seat in this class could be given up until {deadline:%Y-%m-%d %H:%M}. If you cannot come, please call us.")
        self.deadline = deadline


class OfferExpired(LessonError):
    message_id = "lesson.error.offer_expired"

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(f"The seat was held until {expired_at:%Y-%m-%d %H:%M} and has gone to the next person. Please call us.")
        self.expired_at = expired_at


class HoldOutside(LessonError):
    """A seat can be held from now until the class begins."""

    message_id = "lesson.error.hold"

    def __init__(self, starts: datetime) -> None:
        super().__init__(f"Please give a day and time after now and before the class begins ({starts:%Y-%m-%d %H:%M}).")
        self.starts = starts


class ReasonMissing(LessonError):
    message_id = "lesson.error.reason"

    def __init__(self) -> None:
        super().__init__("Please give the reason. It is kept, so that others can understand the decision later.")


class SessionFull(LessonError):
    message_id = "lesson.error.full"

    def __init__(self, seats: int) -> None:
        super().__init__(f"All {seats} places of this class are taken. Please put the person on the waiting list.")
        self.seats = seats


class CapacityBelowTaken(LessonError):
    """Carries the receipt numbers of those who hold a seat, so that staff know whom to call."""

    message_id = "lesson.error.below_taken"

    def __init__(self, taken: int, wanted: int, receipt_numbers: tuple[str, ...]) -> None:
        super().__init__(f"{taken} people already hold a seat, so there cannot be only {wanted}. Please speak with them first.")
        self.taken = taken
        self.wanted = wanted
        self.receipt_numbers = receipt_numbers


class DrawNotPossible(LessonError):
    """`reason` is no_lottery, not_standing, still_open, not_sealed, already_sealed, sealed, already_drawn or no_public_value."""

    message_id = "lesson.error.draw"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The draw cannot take this step now ({reason.replace('_', ' ')}). Please follow the steps on the page in order.")
        self.reason = reason


class FeedUnknown(LessonError):
    message_id = "lesson.error.feed_unknown"

    def __init__(self) -> None:
        super().__init__("This calendar address opens nothing any more. Please ask for a new one.")


class TicketUnknown(LessonError):
    message_id = "lesson.error.ticket_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such request for help any more. Please ask again.")


class NothingToSay(LessonError):
    message_id = "lesson.error.nothing_to_say"

    def __init__(self) -> None:
        super().__init__("Nothing is written yet. Please write what the other should read.")


class CodeUnknown(LessonError):
    message_id = "lesson.error.code_unknown"

    def __init__(self) -> None:
        super().__init__("This number is wrong or too old. Please ask for a new one.")


class NotAllowed(LessonError):
    """A family member may do only what the learner agreed to, and only while it holds."""

    message_id = "lesson.error.not_allowed"

    def __init__(self) -> None:
        super().__init__("You have not been asked to do this for them, or no longer. Please ask them for a new number.")


class ScopeMissing(NotAllowed):
    """A family member may do something for the learner, but not this: `_scope` is book, cancel or see."""

    message_id = "lesson.error.scope_missing"

    def __init__(self, scope: str) -> None:
        LessonError.__init__(self, "They have not agreed that you do this for them. Please ask them to do it, or for a new number.")
        self._scope = scope


class NotToday(LessonError):
    message_id = "lesson.error.not_today"

    def __init__(self, starts: datetime) -> None:
        super().__init__(f"This class begins at {starts:%Y-%m-%d %H:%M}. Please say that you are here from one hour before.")
        self.starts = starts


class NotRemote(LessonError):
    message_id = "lesson.error.not_remote"

    def __init__(self) -> None:
        super().__init__("This class cannot be joined from home. Please come to the venue, or call us.")


class OpinionUnclear(LessonError):
    message_id = "lesson.error.opinion"

    def __init__(self) -> None:
        super().__init__("This is not one of the answers. Please press one of the buttons.")


class NoConsent(LessonError):
    message_id = "lesson.error.no_consent"

    def __init__(self) -> None:
        super().__init__("Nobody is tested without having agreed to it. Please agree first.")


class IllegalMove(LessonError):
    message_id = "lesson.error.illegal_move"

    def __init__(self, kind: str, present: str, wanted: str) -> None:
        super().__init__(f"This {kind} is '{present}' and cannot become '{wanted}'. Please reload the page to see how things stand.")
        self.kind = kind
        self.present = present
        self.wanted = wanted
