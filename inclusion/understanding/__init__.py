"""From a resident's words to the town's ids: normalise, guard, link, count, decide."""

from .request import AskedItem, Question, Request
from .talk import Talk, WaitingItem
from .understanding import Understanding

__all__ = ["AskedItem", "Question", "Request", "Talk", "Understanding", "WaitingItem"]
