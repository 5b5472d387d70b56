"""Builds the web application from its services; without this file nobody could reach the platform over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import monotonic

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from inclusion import __version__

from . import ask_audio
from .api import api_router
from .assets import Assets
from .chat_page import SPOKEN, chat_router
from .doorway import Doorway
from .faults import Faults
from .health import health_router
from .limits import RateLimit, TokenBuckets
from .openapi import describe
from .pages import Pages
from .recent_turns import RecentTurns
from .services import WebServices
from .settings_pages import settings_router
from .speech import speech_router
from .webhooks import webhook_routes

FORM_BYTES = 100_000  # what a page sends beside a recording


def create_app(services: WebServices) -> FastAPI:
    """The whole web side. Nothing starts before the server does; `on_start` and `on_stop` run in its lifespan."""
    app = FastAPI(
        title=f"{services.town.name} — inclusion",
        summary="Ask a municipality in one's own words, and get the right answer with its source.",
        version=__version__,
        docs_url=None,  # it would load scripts from another host
        redoc_url=None,
        redirect_slashes=False,  # it would build its address from the Host header, which anybody can write
        lifespan=_lifespan(services),
        # FastAPI's own telemetry can record what was said in a request.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False},
    )
    assets = Assets.gather()
    pages = Pages(services.town, services.messages, assets, services.furigana, services.nav)
    _add_routes(app, services, pages, assets)
    _add_faults(app, services, pages)
    app.openapi = describe(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend its schema
    return app


def _add_routes(app: FastAPI, services: WebServices, pages: Pages, assets: Assets) -> None:
    limit = RateLimit(TokenBuckets(services.asks_at_once, services.asks_per_second, monotonic), services.trusted_proxies)
    app.router.routes.extend(webhook_routes(services))  # first: the busiest and the most hurried
    app.router.routes.append(assets.route())
    app.include_router(chat_router(services, pages, RecentTurns(monotonic), limit))
    app.include_router(settings_router(pages, services.public_url))
    app.include_router(api_router(services, limit))
    app.include_router(ask_audio.ask_audio_router(services, limit))
    app.include_router(health_router(services))
    if services.voices is not None:
        app.include_router(speech_router(services.voices))
    for router in services.extra_routers:
        app.include_router(router)


def _add_faults(app: FastAPI, services: WebServices, pages: Pages) -> None:
    faults = Faults(services.messages, pages)
    app.add_exception_handler(HTTPException, faults.on_http)
    app.add_exception_handler(RequestValidationError, faults.on_validation)
    app.add_middleware(
        Doorway,
        respond=faults.respond,
        metrics=services.metrics,
        max_body_bytes=services.max_body_bytes,
        larger={ask_audio.PATH: ask_audio.MOST_BYTES, SPOKEN: ask_audio.MOST_BYTES + FORM_BYTES},
        https=services.public_url.startswith("https://"),
    )


def _lifespan(services: WebServices) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        for start in services.on_start:
            await start()
        try:
            yield
        finally:
            for stop in reversed(services.on_stop):
                await stop()

    return lifespan
