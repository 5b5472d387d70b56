"""LINE: signed webhooks in, replies and pushes out."""

from .incoming import event_id, events, message_from, verify
from .opening import open_line
from .outgoing import Quote, line_messages, staff_messages
from .rich_menu import Button, Tab, menu_parcel

__all__ = [
    "Button",
    "Quote",
    "Tab",
    "event_id",
    "events",
    "line_messages",
    "menu_parcel",
    "message_from",
    "open_line",
    "staff_messages",
    "verify",
]
