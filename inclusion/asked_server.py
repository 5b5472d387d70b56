"""Asks a running server as any other program would, over the public contract; without it only our own process could be measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import httpx

from inclusion.understanding.evaluation import Came, Wanted

PATH: Final = "/api/v1/ask"
PATIENCE_S: Final = 30.0
LONGEST_WAIT_S: Final = 60  # that a server may ask us to come back later
MOST_TRIES: Final = 5
TOO_MANY: Final = 429


class ServerUnusable(Exception):
    """The server cannot be asked; says why and what to do."""


class AskedServer:
    """Asks one server question after question, each in a conversation of its own. Closes its connection at the end of a `with`."""

    def __init__(
        self, url: str, transport: httpx.BaseTransport | None = None, clock: Callable[[], float] = time.perf_counter,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._url, self._clock, self._wait = url.rstrip("/"), clock, wait
        self._client = httpx.Client(timeout=PATIENCE_S, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def ask(self, wanted: Wanted) -> Came:
        """What the server answers after the question's earlier turns. Raises ServerUnusable."""
        conversation: str | None = None
        for earlier in wanted.context:
            conversation = str(self._said(earlier, conversation)[0]["conversation"])
        reply, ms = self._said(wanted.q, conversation)
        outcome = {name: reply[name] for name in ("action", "ids", "counts", "total_yen")}
        return Came(outcome, float(reply["confidence"]), ms)

    def _said(self, text: str, conversation: str | None) -> tuple[dict[str, Any], float]:
        """The reply and how many milliseconds it took; a server that is asked too often is asked again when it wants to be."""
        for _ in range(MOST_TRIES):
            started = self._clock()
            answer = self._sent({"text": text, "conversation": conversation})
            ms = (self._clock() - started) * 1000
            if answer.status_code != TOO_MANY:
                return self._read(answer), ms
            self._wait(min(float(answer.headers.get("retry-after", 1)), LONGEST_WAIT_S))
        raise ServerUnusable(f"{self._url} refuses to be asked so often. Measure from the machine it runs on, which is not counted.")

    def _sent(self, body: dict[str, Any]) -> httpx.Response:
        try:
            return self._client.post(self._url + PATH, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            why = f"{self._url} cannot be reached ({type(failed).__name__}). Is the server running, and is this its address?"
            raise ServerUnusable(why) from failed

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            reply = answer.json()
        except ValueError:
            reply = None
        if answer.status_code != httpx.codes.OK or not isinstance(reply, dict) or "action" not in reply:
            raise ServerUnusable(f"{self._url} answered {answer.status_code} and nothing we can grade. Is it a server of this platform?")
        return reply
