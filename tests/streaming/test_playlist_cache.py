"""Playlists through a real nginx as docs/streaming.md sets it up: kept a second for everybody, never for who has no ticket."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import uvicorn
from fastapi import APIRouter, FastAPI

from inclusion.web.live.files import FILES_COOKIE, add_files
from streaming import Gate
from tests.servers import free_port

from .nginx import NGINX, in_front_of

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed, so no playlist went through it.")
CARELESS = {
    "    proxy_cache_bypass $has_ticket;\n    proxy_no_cache $has_ticket;\n": "    proxy_cache_valid 200 5s;\n"
    "    proxy_ignore_headers Cache-Control X-Accel-Expires;\n"
}


@dataclass
class Halls:
    """What the files' addresses need of the stage: one open room, one that asks for tickets, each with a playlist."""

    gate: Gate = field(default_factory=lambda: Gate("town"))
    asked: list[str] = field(default_factory=list)

    def plan_of(self, room: str) -> SimpleNamespace:
        return SimpleNamespace(by_ticket=room == "ticketed")

    def admitted(self, room: str, token: str) -> object:
        return self.gate.admit(token, room, ("watch",), datetime.now(UTC))

    def hall(self, room: str) -> SimpleNamespace:
        async def playlist() -> str:
            self.asked.append(room)
            return f"#EXTM3U of {room}"

        return SimpleNamespace(playlist=playlist)


@pytest.fixture
def backend() -> Iterator[tuple[Halls, str]]:
    halls, router, app, port = Halls(), APIRouter(), FastAPI(), free_port()
    add_files(router, halls)
    app.include_router(router)
    app.add_api_route("/healthz", lambda: "ok")
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
    running = threading.Thread(target=server.run)
    running.start()
    while not server.started:
        time.sleep(0.01)
    yield halls, f"http://127.0.0.1:{port}"
    server.should_exit = True
    running.join(10)


def asker(front: str, cookie: str = "") -> Callable[[str], int]:
    def ask(room: str) -> int:
        request = urllib.request.Request(f"{front}/live/{room}/index.m3u8", headers={"Cookie": cookie} if cookie else {})
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    return ask


def cookie(halls: Halls) -> str:
    return f"{FILES_COOKIE}={halls.gate.issue('ticketed', 'watch', datetime.now(UTC), timedelta(minutes=5))}"


def test_a_ticketed_playlist_never_comes_out_of_the_cache(backend, tmp_path):
    halls, address = backend
    with in_front_of(address, tmp_path, tmp_path) as front:
        guest, stranger = asker(front, cookie(halls)), asker(front)
        assert [(guest("ticketed"), stranger("ticketed")) for _ in range(5)] == [(200, 403)] * 5
        assert halls.asked.count("ticketed") == 5


def test_an_open_playlist_is_asked_for_once_a_second_however_many_watch(backend, tmp_path):
    """Control: something is cached at all, also for somebody who has a ticket to another room."""
    halls, address = backend
    with in_front_of(address, tmp_path, tmp_path) as front:
        assert {asker(front)("open") for _ in range(20)} == {200}
    assert halls.asked.count("open") <= 3


def test_control_a_careless_configuration_shows_it_to_everybody(backend, tmp_path):
    halls, address = backend
    with in_front_of(address, tmp_path, tmp_path, CARELESS) as front:
        assert asker(front, cookie(halls))("ticketed") == 200
        assert asker(front)("ticketed") == 200
