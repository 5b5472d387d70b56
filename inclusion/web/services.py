"""What the web asks of the rest of the platform; without these names the pages and what is behind them could not be built apart."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from fastapi import APIRouter

from accessibility import Answer, Furigana, Messages, Preferences, Rendered
from accessibility.hearing import Ears, Heard
from inclusion.municipalities.town import Town
from inclusion.own_recordings import OwnRecordings
from inclusion.voices import Voices

from .metrics import Metrics

Events = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class CameAs:
    """A webhook as it came, for whoever it is handed on to."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskReply:
    """One finished turn. `conversation` is the opaque id that continues the talk.

    `preferences` are the person's after this turn, so that the page follows "write larger" too. `asked` are the words that were
    answered: of a spoken question, the hearing that was believed.
    """

    conversation: str
    answer: Answer
    rendered: Rendered
    preferences: Preferences | None = None
    asked: str = ""


class Asker(Protocol):
    """Answers one question. A plain function: the web runs it in a thread."""

    def ask(self, text: str | Heard, conversation: str | None, preferences_changes: Mapping[str, Any], now: datetime) -> AskReply:
        """Answer what was typed, or heard; an unknown `conversation` starts a new one."""
        ...

    def expects(self, conversation: str | None, language: str, now: datetime) -> tuple[str, ...]:
        """Words that may be said next, the likeliest first, for ears that can be told."""
        ...


class EventInbox(Protocol):
    """Keeps what a channel sent before anything is done with it."""

    async def save(self, channel: str, events: Events, now: datetime, came_as: CameAs | None = None) -> int:
        """Save (event id, raw event) pairs and say how many were new. `came_as` is the webhook that brought them."""
        ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """One channel's way in. `open` checks the signature over the raw bytes, then reads the events.

    It raises bots.errors.BadSignature or bots.errors.BadBody.
    """

    channel: str
    open: Callable[[bytes, Mapping[str, str]], Events]


@dataclass(frozen=True, slots=True)
class WebServices:
    """Everything the web needs, handed over once at start.

    A channel missing from `webhooks` is off. `secret` seals what a page carries for us; give all workers the same one.
    `furigana` puts kana above kanji for who asks for it; `nav` are the pages offered at the foot of every page.
    `prints` offers every answer as a sheet of paper, and is called when one is shown: the press opens beside. `voices` offers it as sound;
    `ears` hear spoken questions; `recordings` keeps those of people who agreed.
    `trusted_proxies` are the addresses of proxies of ours: only from them is X-Forwarded-For believed.
    """

    asker: Asker
    inbox: EventInbox
    webhooks: Mapping[str, Webhook]
    town: Town
    messages: Messages
    clock: Callable[[], datetime]
    public_url: str
    metrics: Metrics = field(default_factory=Metrics)
    extra_routers: Sequence[APIRouter] = ()
    readiness: Callable[[], Mapping[str, bool]] = dict
    on_start: Sequence[Callable[[], Awaitable[None]]] = ()
    on_stop: Sequence[Callable[[], Awaitable[None]]] = ()
    max_body_bytes: int = 1_000_000
    secret: str = field(default_factory=secrets.token_hex, repr=False)
    trusted_proxies: Sequence[str] = ()
    asks_at_once: int = 120
    asks_per_second: float = 2.0
    furigana: Furigana | None = None
    nav: Sequence[str] = ()
    prints: Callable[[], None] | None = None
    voices: Voices | None = None
    ears: Ears | None = None
    recordings: OwnRecordings | None = None
