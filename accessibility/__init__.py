"""How anything we say reaches a person's eyes and ears."""

from .answer import Action, Answer, Choice, Fee, Link, Phone, Source, Tickets
from .errors import AccessibilityError, MessageBroken, MessageMissing
from .messages import Messages
from .people import LANGUAGES, Person, Preferences
from .readings import Readings, Ruby, Word
from .rendering import Rendered, render

__all__ = [
    "LANGUAGES",
    "AccessibilityError",
    "Action",
    "Answer",
    "Choice",
    "Fee",
    "Link",
    "MessageBroken",
    "MessageMissing",
    "Messages",
    "Person",
    "Phone",
    "Preferences",
    "Readings",
    "Rendered",
    "Ruby",
    "Source",
    "Tickets",
    "Word",
    "render",
]
