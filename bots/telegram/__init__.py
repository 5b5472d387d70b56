"""Telegram: secret-marked updates in, messages with buttons out."""

from .client import TelegramChannel, open_telegram
from .incoming import event_id, events, message_from, verify
from .outgoing import telegram_messages

__all__ = ["TelegramChannel", "event_id", "events", "message_from", "open_telegram", "telegram_messages", "verify"]
