"""Where LINE and Telegram knock; without this file nothing a resident sends there would reach us.

The thinnest path in the house: signature over the raw bytes, save, acknowledge. Plain Starlette routes, nothing is parsed for FastAPI.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bots import BadBody, BadSignature

from .errors import ChannelOff, MalformedBody, Unsigned
from .services import CameAs, Webhook, WebServices

CHANNELS: Final = ("line", "telegram")


def webhook_routes(services: WebServices) -> list[Route]:
    """One route per channel, also for a channel that is off: it then says so."""
    return [Route(f"/webhooks/{channel}", _endpoint(channel, services), methods=["POST"]) for channel in CHANNELS]


def _endpoint(channel: str, services: WebServices) -> Callable[[Request], Awaitable[Response]]:
    webhook = services.webhooks.get(channel)

    async def receive(request: Request) -> Response:
        request.scope["named_route"] = request.url.path  # plain Starlette routes do not name themselves for figures and logs
        if webhook is None:
            raise ChannelOff(channel)
        return await _save(request, webhook, services)

    return receive


async def _save(request: Request, webhook: Webhook, services: WebServices) -> Response:
    body = await request.body()
    try:
        events = webhook.open(body, request.headers)
    except BadSignature:
        raise Unsigned() from None
    except BadBody:
        raise MalformedBody() from None
    if events:
        saved = await services.inbox.save(webhook.channel, events, services.clock(), CameAs(body, request.headers))
        services.metrics.events_saved(webhook.channel, saved)
    return Response(b"{}", media_type="application/json")
