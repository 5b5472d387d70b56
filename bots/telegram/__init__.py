"""Telegram: secret-marked updates in, messages with buttons out."""

from .incoming import event_id, events, message_from, verify
from .opening import open_telegram
from .outgoing import staff_messages, telegram_messages

__all__ = ["event_id", "events", "message_from", "open_telegram", "staff_messages", "telegram_messages", "verify"]
