"""LINE: signed webhooks in, replies and pushes out."""

from .client import LineChannel, open_line
from .incoming import event_id, events, message_from, verify
from .outgoing import line_messages

__all__ = ["LineChannel", "event_id", "events", "line_messages", "message_from", "open_line", "verify"]
