"""How anything we say reaches a person's eyes and ears."""

from typing import TYPE_CHECKING, Any

from .answer import Action, Answer, Choice, Fee, Link, Phone, Source, Tickets
from .chat_readings import in_chat, with_readings
from .errors import AccessibilityError, MessageBroken, MessageMissing, ReadingEngineMissing
from .furigana import Doubt, Furigana
from .messages import Messages
from .open_jtalk import Engine, OpenedBeside, OpenJTalk
from .preferences import LANGUAGES, Preferences
from .readings import Readings, Ruby, Word
from .rendering import Aloud, Rendered, phone_line, render
from .tongues import originals, tongue_of, with_original, without_originals

if TYPE_CHECKING:
    from .people import Person

__all__ = [
    "LANGUAGES",
    "AccessibilityError",
    "Action",
    "Aloud",
    "Answer",
    "Choice",
    "Doubt",
    "Engine",
    "Fee",
    "Furigana",
    "Link",
    "MessageBroken",
    "MessageMissing",
    "Messages",
    "OpenJTalk",
    "OpenedBeside",
    "Person",
    "Phone",
    "Preferences",
    "ReadingEngineMissing",
    "Readings",
    "Rendered",
    "Ruby",
    "Source",
    "Tickets",
    "Word",
    "in_chat",
    "originals",
    "phone_line",
    "render",
    "tongue_of",
    "with_original",
    "with_readings",
    "without_originals",
]


def __getattr__(name: str) -> Any:
    """`Person` is a table, the only thing here that needs a database: it is opened by who keeps people, not by who only reads."""
    if name != "Person":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .people import Person  # heavy: SQLModel and SQLAlchemy, a quarter of a second and 25 MB

    return Person
