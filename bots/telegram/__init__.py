"""Telegram: secret-marked updates in, messages with buttons out."""

from .incoming import event_id, events, message_from, verify
from .opening import open_telegram
from .outgoing import telegram_messages

__all__ = ["event_id", "events", "message_from", "open_telegram", "telegram_messages", "verify"]
