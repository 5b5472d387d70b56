"""How anything we say reaches a person's eyes and ears."""

from .answer import Action, Answer, Choice, Fee, Link, Phone, Source, Tickets
from .chat_readings import in_chat, with_readings
from .errors import AccessibilityError, MessageBroken, MessageMissing, ReadingEngineMissing
from .furigana import Doubt, Furigana
from .messages import Messages
from .open_jtalk import Engine, OpenedBeside, OpenJTalk
from .people import LANGUAGES, Person, Preferences
from .readings import Readings, Ruby, Word
from .rendering import Aloud, Rendered, phone_line, render
from .tongues import tongue_of

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
    "phone_line",
    "render",
    "tongue_of",
    "with_readings",
]
