"""From a resident's words to the town's ids: normalise, guard, link, count, decide."""

from .believing import Believed, believe
from .request import AskedItem, Question, Request
from .talk import Talk, WaitingItem
from .topics import learn
from .trunk import learn_trunk
from .understanding import Understanding

__all__ = ["AskedItem", "Believed", "Question", "Request", "Talk", "Understanding", "WaitingItem", "believe", "learn", "learn_trunk"]
