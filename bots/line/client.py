"""The way out to LINE: one shared connection that sends parcels by reply or push; without it no answer would reach a LINE chat."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import aiohttp
from linebot.v3.messaging import (
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
)
from linebot.v3.messaging import Message as SdkMessage

from bots.addresses import is_loopback
from bots.delivery import Parcel, Receipt
from bots.errors import DeliveryError, OutcomeUnknown, TryLater, Undeliverable
from bots.message import Message

from .answers import Refusal, lower_case, read_refusal, trouble
from .at_once import AtOnce
from .content import Content
from .rich_menu import menu_of
from .tokens import LongLived, Stateless, Tokens

log = logging.getLogger(__name__)

REQUEST_TIMEOUT_S = 10.0
POOL_SIZE = 100
THINKING_S = 20
NO_CONNECTION_WAIT_S = 5.0


async def open_line(
    access_token: str,
    api_url: str = "",
    timeout_s: float = REQUEST_TIMEOUT_S,
    pool_size: int = POOL_SIZE,
    channel_id: str = "",
    channel_secret: str = "",
) -> LineChannel:
    """A LineChannel with its one client, made inside the running loop. `api_url` replaces both LINE hosts (a double in tests).

    With a `channel_id` its tokens are asked for with the channel's secret and renewed; otherwise `access_token` is used for ever.
    """
    configuration = Configuration(host=api_url.rstrip("/") or None, access_token=access_token)
    configuration.connection_pool_maxsize = pool_size
    client = AsyncApiClient(configuration)
    if is_loopback(api_url):
        await _leave_proxies_aside(client, pool_size)
    tokens = Stateless(channel_id, channel_secret, api_url, timeout_s) if channel_id else LongLived(access_token)
    return LineChannel(client, timeout_s, tokens, api_url.rstrip("/"), AtOnce(pool_size))


class LineChannel:
    """bots.delivery.Channel for LINE. Make it with `open_line`, keep one for the life of the server, `close` it at the end."""

    name = "line"

    def __init__(
        self,
        client: AsyncApiClient,
        timeout_s: float = REQUEST_TIMEOUT_S,
        tokens: Tokens | None = None,
        files_url: str = "",
        at_once: AtOnce | None = None,
    ) -> None:
        self._client = client
        self._api = AsyncMessagingApi(client)
        self._timeout_s = timeout_s
        self._at_once = at_once or AtOnce(POOL_SIZE)
        self._tokens = tokens or LongLived(client.configuration.access_token)
        self._content = Content(client.rest_client.pool_manager, self._tokens, files_url, timeout_s)

    async def send(self, parcel: Parcel, now: datetime) -> Receipt:
        """Reply while the token lives, push afterwards. Raises the DeliveryError kinds of bots.errors."""
        menu_id = menu_of(parcel)
        if menu_id:
            return await self._show_menu(parcel, menu_id)
        if _reply_token_lives(parcel, now):
            receipt = await self._reply(parcel)
            if receipt is not None:
                return receipt
        return await self._push(parcel)

    async def show_thinking(self, chat_id: str) -> None:
        """LINE's loading animation, up to twenty seconds or until we answer; one-to-one chats only. Never raises."""
        if not chat_id.startswith("U"):
            return
        request = ShowLoadingAnimationRequest(chatId=chat_id, loadingSeconds=THINKING_S)
        try:
            self._client.configuration.access_token = await self._tokens.current()
            await self._api.show_loading_animation_with_http_info(request, _request_timeout=self._timeout_s)
        except Exception as error:  # whatever it is, a sign of life must not cost the answer
            log.info("The loading animation could not be shown: %s", type(error).__name__)

    async def recording(self, message: Message, longest_s: float, most_bytes: int) -> bytes:
        return await self._content.fetch(message, longest_s, most_bytes)

    async def close(self) -> None:
        await self._client.close()
        await self._tokens.close()

    async def _show_menu(self, parcel: Parcel, menu_id: str) -> Receipt:
        """Give this person the rich menu of their language. It costs nothing and may be repeated."""
        answer = await self._call(self._api.link_rich_menu_id_to_user_with_http_info, parcel, False, parcel.chat_id, menu_id)
        if isinstance(answer, str):
            return Receipt(answer, "push")
        raise trouble(answer, parcel, replying=False)

    async def _reply(self, parcel: Parcel) -> Receipt | None:
        """The receipt, or None when the token turns out to be spent and the parcel must be pushed.

        After a try with unknown outcome, a spent token is the proof that the first try arrived: it still lives by the clock,
        so only its use can have spent it.
        """
        request = ReplyMessageRequest(replyToken=parcel.reply_token, messages=_ready(parcel), notificationDisabled=parcel.silent)
        answer = await self._call(self._api.reply_message_with_http_info, parcel, True, request)
        if isinstance(answer, str):
            return Receipt(answer, "reply")
        if not answer.reply_token_is_spent:
            raise trouble(answer, parcel, replying=True)
        return Receipt(answer.request_id, "already") if parcel.reply_tried else None

    async def _push(self, parcel: Parcel) -> Receipt:
        """Push with the parcel's retry key, which makes LINE answer 409 to a parcel it has already taken."""
        if not parcel.chat_id:
            raise Undeliverable("The reply token is no longer usable, and LINE withheld the id to push to.")
        request = PushMessageRequest(to=parcel.chat_id, messages=_ready(parcel), notificationDisabled=parcel.silent)
        answer = await self._call(self._api.push_message_with_http_info, parcel, False, request, x_line_retry_key=parcel.retry_key)
        if isinstance(answer, str):
            return Receipt(answer, "push")
        if answer.was_accepted_before:
            return Receipt(answer.accepted_request_id or answer.request_id, "already")
        raise trouble(answer, parcel, replying=False)

    async def _call(
        self, operation: Callable[..., Awaitable[Any]], parcel: Parcel, replying: bool, *request: Any, **headers: str
    ) -> str | Refusal:
        """LINE's request id when it accepted, its refusal otherwise. A token that ended early is renewed once."""
        answer = await self._call_once(operation, replying, *request, **headers)
        if isinstance(answer, Refusal) and answer.status == 401 and self._tokens.refused():
            return await self._call_once(operation, replying, *request, **headers)
        return answer

    async def _call_once(self, operation: Callable[..., Awaitable[Any]], replying: bool, *request: Any, **headers: str) -> str | Refusal:
        """One request, in its turn. A LINE that finds us too many at once is given fewer from then on."""
        self._client.configuration.access_token = await self._tokens.current()
        async with self._at_once.place() as began:
            answer = await self._ask(operation, replying, *request, **headers)
            if isinstance(answer, str):
                self._at_once.went_well()
            elif answer.says_too_many_at_once:
                self._at_once.crowded(began)
            return answer

    async def _ask(self, operation: Callable[..., Awaitable[Any]], replying: bool, *request: Any, **headers: str) -> str | Refusal:
        """LINE's answer as it came. Causes are cut off: they hold bodies."""
        try:
            accepted = await operation(*request, _request_timeout=self._timeout_s, **headers)
        except ApiException as error:
            return read_refusal(int(error.status or 0), error.headers, str(error.body or ""))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _no_answer(error, replying) from None
        return lower_case(accepted.headers).get("x-line-request-id", "")


class _ReadyMessage(SdkMessage):  # type: ignore[misc]  # the SDK ships no types
    """A message already in LINE's own form: 0.02 ms a request, where the SDK's `from_dict` takes 2 ms for a bubble of 30 texts."""

    form: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return self.form


def _ready(parcel: Parcel) -> list[_ReadyMessage]:
    return [_ReadyMessage(type=message["type"], form=message) for message in parcel.messages]


def _reply_token_lives(parcel: Parcel, now: datetime) -> bool:
    return parcel.reply_token is not None and parcel.reply_until is not None and now < parcel.reply_until


def _no_answer(error: Exception, replying: bool) -> DeliveryError:
    """A connection that never opened carried nothing; anything later may have reached LINE."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return TryLater("LINE cannot be reached: no connection.", NO_CONNECTION_WAIT_S)
    return OutcomeUnknown(f"LINE did not answer as expected ({type(error).__name__}).", used_reply_token=replying)


async def _leave_proxies_aside(client: AsyncApiClient, pool_size: int) -> None:
    """The SDK obeys proxy settings of the environment even for this very machine, where no proxy can reach."""
    await client.rest_client.close()
    client.rest_client.pool_manager = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=pool_size), trust_env=False)
