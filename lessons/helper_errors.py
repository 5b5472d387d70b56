"""What can go wrong around helpers, rooms and rosters, each as a fact and a kind sentence.

LessonError
├── VolunteerUnknown, AwayUnknown, AssignmentUnknown, CoverUnknown, RosterUnknown, CourseUnknown, VenueUnknown
├── VolunteerIncomplete, NotYetHelping, AlreadyHelping
├── CoverGone
├── RosterOutdated
├── ClassClashes, ClassWrong, RuleWrong, PlaceIncomplete, NotThere, RoomInUse
└── SheetWrong (SheetDay, SheetNumber)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from .errors import LessonError
from .fields import Field

if TYPE_CHECKING:
    from .clashes import Clash
    from .terms import Fault


SHOWN: Final = 40


class VolunteerUnknown(LessonError):
    message_id = "lesson.error.volunteer_unknown"

    def __init__(self) -> None:
        super().__init__("This address opens nothing any more. Please ask the office for a new one.")


class AwayUnknown(LessonError):
    message_id = "lesson.error.away_unknown"

    def __init__(self) -> None:
        super().__init__("These days away are not noted any more. Please look at the list of days away.")


class AssignmentUnknown(LessonError):
    message_id = "lesson.error.assignment_unknown"

    def __init__(self) -> None:
        super().__init__("This request does not exist any more. Please look at your list of classes.")


class CoverUnknown(LessonError):
    message_id = "lesson.error.cover_unknown"

    def __init__(self) -> None:
        super().__init__("Nobody is looked for here any more. Please look at your list of classes.")


class RosterUnknown(LessonError):
    message_id = "lesson.error.roster_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such roster. Please make a new draft.")


class CourseUnknown(LessonError):
    message_id = "lesson.error.course_unknown"

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no course '{code}'. Please choose one from the list.")
        self.code = code


class VenueUnknown(LessonError):
    message_id = "lesson.error.venue_unknown"

    def __init__(self, venue_id: str) -> None:
        super().__init__(f"There is no venue '{venue_id}'. Please choose one from the list.")
        self.venue_id = venue_id


class VolunteerIncomplete(LessonError):
    message_id = "lesson.error.volunteer_incomplete"

    def __init__(self, field: Field) -> None:
        super().__init__(f"The {field} is missing or cannot be read. Please write it again.")
        self.field = field


class NotYetHelping(LessonError):
    message_id = "lesson.error.not_yet_helping"

    def __init__(self) -> None:
        super().__init__("The office has not confirmed this helper yet, or the check has run out. Please speak with the office.")


class AlreadyHelping(LessonError):
    message_id = "lesson.error.already_helping"

    def __init__(self) -> None:
        super().__init__("This person already helps at this class. Nothing more is needed.")


class CoverGone(LessonError):
    message_id = "lesson.error.cover_gone"

    def __init__(self) -> None:
        super().__init__("Somebody else was a moment earlier and comes instead. Thank you for offering.")


class RosterOutdated(LessonError):
    message_id = "lesson.error.roster_outdated"

    def __init__(self) -> None:
        super().__init__("Something has changed since this roster was worked out. Please make the draft again.")


class ClassClashes(LessonError):
    """Carries every clash, so that all of them can be shown at once."""

    message_id = "lesson.error.clashes"

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__(f"The class cannot take place like this ({len(clashes)} clashes). Please choose one of the free times.")
        self._clashes = tuple(clashes)
        self.count = len(clashes)

    @property
    def clashes(self) -> tuple[Clash, ...]:
        return self._clashes


class ClassWrong(LessonError):
    """Carries every part of the form that must be written again."""

    message_id = "lesson.error.class_wrong"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"The class cannot be made like this: {', '.join(one.code for one in faults)}. Please write these parts again.")
        self._faults = tuple(faults)
        self.count = len(faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self._faults


class RuleWrong(LessonError):
    """`reason` is unreadable, empty, endless or long; `most` is how many classes one series may have."""

    message_id = "lesson.error.rule"

    def __init__(self, reason: str, most: int) -> None:
        super().__init__(f"The rule of the series cannot be used ({reason}). Please choose one that ends within {most} classes.")
        self._reason, self.most = reason, most

    @property
    def reason(self) -> str:
        return self._reason


class PlaceIncomplete(LessonError):
    message_id = "lesson.error.place_incomplete"

    def __init__(self, field: Field) -> None:
        super().__init__(f"The {field} is missing or cannot be used. Please write it again.")
        self.field = field


class NotThere(LessonError):
    """What a button or a form names (a notice, closed days, a room, telephones) is gone, or never was."""

    message_id = "lesson.error.not_there"

    def __init__(self) -> None:
        super().__init__("This is not there any more. Please reload the page to see how things stand.")


class RoomInUse(LessonError):
    message_id = "lesson.error.room_in_use"

    def __init__(self, name: str, count: int) -> None:
        super().__init__(f"{count} classes to come are planned in '{name}'. Please move them first.")
        self.name, self.count = name, count


class SheetWrong(LessonError):
    """A row of an imported sheet that cannot be used: its line, column and what stands there (its beginning)."""

    message_id = "lesson.error.sheet"
    rule = ""

    def __init__(self, line: int, column: str, found: str) -> None:
        found = found if len(found) <= SHOWN else f"{found[:SHOWN]}…"
        super().__init__(
            f"Line {line}, column '{column}': '{found}' cannot be used.{self.rule} Please correct the cell and import the sheet again."
        )
        self.line, self.column, self.found = line, column, found


class SheetDay(SheetWrong):
    message_id = "lesson.error.sheet_day"
    rule = " Days are written 2026-12-01, moments 2026-12-01T10:00:00+09:00, from 2000 to 2199."


class SheetNumber(SheetWrong):
    message_id = "lesson.error.sheet_number"
    rule = " Numbers are whole and at most 1000000, degrees between -180 and 180."
