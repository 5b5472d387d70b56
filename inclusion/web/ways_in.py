"""The ways in that are on, each checking its signature over the raw bytes; without it a forged event could reach the inbox."""

from __future__ import annotations

from collections.abc import Mapping

from bots import BadSignature
from bots import line as line_bot
from bots import telegram as telegram_bot
from inclusion.settings import Settings

from .services import Events, Webhook


def webhooks(settings: Settings) -> Mapping[str, Webhook]:
    """The ways in that are on. Signatures are checked over the raw bytes before anything is parsed."""
    found = {}
    if settings.line_on:
        found["line"] = Webhook("line", lambda body, headers: _open_line(body, headers, settings))
    if settings.telegram_on:
        token = settings.telegram_webhook_secret.get_secret_value()
        found["telegram"] = Webhook("telegram", lambda body, headers: _open_telegram(body, headers, token))
    return found


def _open_line(body: bytes, headers: Mapping[str, str], settings: Settings) -> Events:
    """LINE's own signature, which also holds for a webhook handed on unchanged; or that of a tool which signs what it hands on."""
    signature, handed_on_by = headers.get("x-line-signature"), settings.line_forward_secret.get_secret_value()
    if not (handed_on_by and _signed(body, signature, handed_on_by)):
        line_bot.verify(body, signature, settings.line_channel_secret.get_secret_value())
    return [(line_bot.event_id(event), event) for event in line_bot.events(body)]


def _signed(body: bytes, signature: str | None, secret: str) -> bool:
    try:
        line_bot.verify(body, signature, secret)
    except BadSignature:
        return False
    return True


def _open_telegram(body: bytes, headers: Mapping[str, str], secret: str) -> Events:
    telegram_bot.verify(headers.get("x-telegram-bot-api-secret-token"), secret)
    return [(telegram_bot.event_id(update), update) for update in telegram_bot.events(body)]
