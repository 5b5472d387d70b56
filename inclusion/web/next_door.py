"""The other tool that hears of every webhook; without it we could not stand beside one the town already has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bots import Message
from bots.neighbour import Neighbour, handed_on
from inclusion import neighbours
from inclusion.group_commit import GroupCommit
from inclusion.settings import Settings

from .services import CameAs


def left_to_others(read: Callable[[Mapping[str, Any]], Message], settings: Settings) -> Callable[[Mapping[str, Any]], Message]:
    """`read`, with no answer of ours to the words and buttons that the other tool answers."""
    beginnings = tuple(word.strip() for word in settings.forward_only_words.split(",") if word.strip())

    def reads(raw: Mapping[str, Any]) -> Message:
        message = read(raw)
        theirs = message.kind in ("text", "choice") and message.text.strip().startswith(beginnings)
        return replace(message, may_answer=False) if theirs else message

    return reads if beginnings else read


class NextDoor:
    """The other tools, by channel, to which webhooks are handed on; empty (and idle) unless a town says otherwise."""

    def __init__(self, settings: Settings, commits: GroupCommit, clock: Callable[[], datetime]) -> None:
        urls = {"line": settings.line_forward_url, "telegram": settings.telegram_forward_url}
        self._urls = {channel: url for channel, url in urls.items() if url}
        self._commits, self._clock = commits, clock
        self._handing_on: neighbours.HandingOn | None = None

    def kept(self, channel: str, came_as: CameAs | None, now: datetime) -> Callable[[Session], None] | None:
        """What keeps this webhook for the other tool, in the transaction that keeps its events; None where there is no such tool."""
        if channel not in self._urls or came_as is None:
            return None
        return partial(neighbours.keep, channel=channel, body=came_as.body, headers=handed_on(came_as.headers), now=now)

    def notify(self) -> None:
        if self._handing_on is not None:
            self._handing_on.notify()

    def works(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """What runs in the background: nothing where there is nobody to hand on to."""
        return {"handing on": self._run} if self._urls else {}

    async def _run(self) -> None:
        async with AsyncExitStack() as doors:
            open_doors = {channel: await doors.enter_async_context(Neighbour(url)) for channel, url in self._urls.items()}
            self._handing_on = neighbours.HandingOn(open_doors, self._commits, self._clock)
            await self._handing_on.run()
