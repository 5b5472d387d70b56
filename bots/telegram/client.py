"""The way out to Telegram: one bot that sends parcels; without it no answer would reach a Telegram chat."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bots.addresses import is_loopback
from bots.delivery import Parcel, Receipt
from bots.discretion import without_words_of
from bots.errors import DeliveryError, OutcomeUnknown, TryLater, Undeliverable
from bots.message import Message

from . import voices
from .outgoing import SPEECH
from .pacing import Pace, Pacing
from .voices import Recordings

log = logging.getLogger(__name__)

TELEGRAM = "https://api.telegram.org"
REQUEST_TIMEOUT_S = 10.0
POOL_SIZE = 100
STAFF_WAIT_S = 600.0
NO_CONNECTION_WAIT_S = 5.0
REMEMBERED_PARCELS = 1000
TYPING_EVERY_S = 4.0
TYPING_AT_MOST = 14
POLL_WAIT_S = 25
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


async def open_telegram(
    token: str,
    api_url: str = "",
    timeout_s: float = REQUEST_TIMEOUT_S,
    pace: Pace | None = None,
    recordings: Recordings = lambda _: None,
) -> TelegramChannel:
    """A TelegramChannel with its one connection pool. `api_url` replaces Telegram's host (a double in tests)."""
    _keep_the_token_out_of_logs()
    host = api_url.rstrip("/") or TELEGRAM
    direct = {"trust_env": False} if is_loopback(host) else None
    request = HTTPXRequest(
        connection_pool_size=POOL_SIZE, read_timeout=timeout_s, connect_timeout=timeout_s, pool_timeout=timeout_s, httpx_kwargs=direct
    )
    bot = Bot(token, base_url=f"{host}/bot", base_file_url=f"{host}/file/bot", request=request, get_updates_request=request)
    return TelegramChannel(bot, request, Pacing(pace), recordings)


class TelegramChannel:
    """bots.delivery.Channel for Telegram. Make it with `open_telegram`, keep one for the life of the server, `close` it at the end.

    Telegram knows no retry key. The messages of a parcel that were taken are remembered, so that a retry goes on after them; only a
    message whose own answer got lost can arrive twice.
    """

    name = "telegram"

    def __init__(self, bot: Bot, request: HTTPXRequest, pacing: Pacing, recordings: Recordings) -> None:
        self._bot, self._request, self._pacing, self._recordings = bot, request, pacing, recordings
        self._signs: dict[str, asyncio.Task[None]] = {}
        self._taken: OrderedDict[str, int] = OrderedDict()

    async def send(self, parcel: Parcel, now: datetime) -> Receipt:
        """Send what is not yet taken of the parcel. Raises the DeliveryError kinds of bots.errors."""
        await self._stop_waiting_sign(parcel.reply_token)
        self._stop_thinking(parcel.chat_id)
        message_id = ""
        for number in range(self._taken.get(parcel.retry_key, 0), len(parcel.messages)):
            message_id = await self._send_one(parcel, parcel.messages[number])
            self._remember(parcel.retry_key, number + 1)
        self._taken.pop(parcel.retry_key, None)
        return Receipt(message_id, "push" if message_id else "already")

    async def show_thinking(self, chat_id: str) -> None:
        """Telegram's "typing …", which lasts five seconds: shown again until we answer, for a minute at most. Never raises."""
        if not chat_id:
            return
        await self._typing(chat_id)
        self._stop_thinking(chat_id)
        self._signs[chat_id] = asyncio.create_task(self._keep_typing(chat_id))

    async def recording(self, message: Message, longest_s: float, most_bytes: int) -> bytes:
        return await voices.fetch(self._bot, message, longest_s, most_bytes)

    async def close(self) -> None:
        for chat_id in list(self._signs):
            self._stop_thinking(chat_id)
        await self._request.shutdown()

    async def updates(self, offset: int, wait_s: int = POLL_WAIT_S) -> list[dict[str, Any]]:
        """New updates from `offset` on, for a machine that Telegram cannot reach; waits up to `wait_s` for the first one."""
        with _library_trouble():
            found = await self._bot.get_updates(offset, timeout=wait_s, allowed_updates=[])
        return [update.to_dict() for update in found]

    async def forget_webhook(self) -> None:
        """Telegram sends updates to a webhook or hands them out, never both; what waits there is kept."""
        with _library_trouble():
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def _keep_typing(self, chat_id: str) -> None:
        try:
            for _ in range(TYPING_AT_MOST):
                await asyncio.sleep(TYPING_EVERY_S)
                await self._typing(chat_id)
        finally:
            if self._signs.get(chat_id) is asyncio.current_task():
                del self._signs[chat_id]

    async def _typing(self, chat_id: str) -> None:
        try:
            await self._bot.send_chat_action(_chat(chat_id), "typing")
        except Exception as error:  # whatever it is, a sign of life must not cost the answer
            log.info("The typing sign could not be shown: %s", type(error).__name__)

    def _stop_thinking(self, chat_id: str) -> None:
        task = self._signs.pop(chat_id, None)
        if task is not None:
            task.cancel()

    async def _stop_waiting_sign(self, query_id: str | None) -> None:
        """A pressed inline button shows a waiting sign until its query is answered; an old query is no reason to keep the answer."""
        if query_id is None:
            return
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            log.info("A button's waiting sign could not be stopped: %s", type(error).__name__)

    async def _send_one(self, parcel: Parcel, message: dict[str, Any]) -> str:
        """The message id. Causes are cut off: they hold the address, which holds the token."""
        await self._pacing.turn(parcel.chat_id)
        chat = _chat(parcel.chat_id)
        try:
            if SPEECH in message:
                return await voices.send(self._bot, chat, message[SPEECH], self._recordings, parcel.silent) or "none"
            fields = {name: value for name, value in message.items() if name != "text"}
            sent = await self._bot.send_message(chat, message["text"], disable_notification=parcel.silent, api_kwargs=fields)
        except TelegramError as error:
            trouble = _trouble(error, parcel)
            if isinstance(error, RetryAfter) and isinstance(trouble, TryLater):
                self._pacing.hold(parcel.chat_id, trouble.after_s)
            raise trouble from None
        return str(sent.message_id)

    def _remember(self, retry_key: str, taken: int) -> None:
        self._taken[retry_key] = taken
        while len(self._taken) > REMEMBERED_PARCELS:
            self._taken.popitem(last=False)


@contextmanager
def _library_trouble() -> Iterator[None]:
    """Causes are cut off: they hold the address, which holds the token."""
    try:
        yield
    except TelegramError as error:
        wait = _seconds(error.retry_after) if isinstance(error, RetryAfter) else NO_CONNECTION_WAIT_S
        raise TryLater(f"Telegram did not hand out updates ({type(error).__name__}).", wait) from None


def _chat(chat_id: str) -> int | str:
    return int(chat_id) if chat_id.lstrip("-").isdecimal() else chat_id


def _trouble(error: TelegramError, parcel: Parcel) -> DeliveryError:
    """Telegram's error as the one the outbox acts on."""
    if isinstance(error, RetryAfter):
        return TryLater("Telegram's flood control is active.", _seconds(error.retry_after))
    if isinstance(error, Forbidden):
        return Undeliverable("The resident has blocked the bot or left the chat.")
    if isinstance(error, InvalidToken):
        return TryLater("Telegram does not accept our bot token. Staff: check TELEGRAM_BOT_TOKEN.", STAFF_WAIT_S)
    if isinstance(error, BadRequest | ChatMigrated):
        return Undeliverable("Telegram refuses this parcel: " + without_words_of(parcel, error.message))
    if isinstance(error.__cause__, NEVER_LEFT):
        return TryLater("Telegram cannot be reached: no connection.", NO_CONNECTION_WAIT_S)
    return OutcomeUnknown(f"Telegram did not answer as expected ({type(error).__name__}).")


def _seconds(wait: int | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _keep_the_token_out_of_logs() -> None:
    """httpx logs every address, which holds the bot token; at debug level the library logs what is said."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.INFO)
