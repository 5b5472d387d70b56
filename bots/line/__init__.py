"""LINE: signed webhooks in, replies and pushes out."""

from .incoming import event_id, events, message_from, verify
from .opening import open_line
from .outgoing import line_messages

__all__ = ["event_id", "events", "line_messages", "message_from", "open_line", "verify"]
