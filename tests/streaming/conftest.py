"""A real server and a real Chromium for the live pages, one server for all tests of this folder."""

from __future__ import annotations

import inspect
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import free_port, python, running

from .chromium import CHROMIUM, FLAGS

TURNSERVER: Final = shutil.which("turnserver")
RELAY_SECRET: Final = "north"


@pytest.fixture(scope="session")
def coturn(tmp_path_factory) -> Iterator[int]:
    """As docs/streaming.md sets it up, on this machine only; its port, 0 where it is not installed."""
    if TURNSERVER is None:
        yield 0
        return
    port, folder = free_port(), tmp_path_factory.mktemp("coturn")
    options = ["--use-auth-secret", f"--static-auth-secret={RELAY_SECRET}", "--realm=town.example", f"--listening-port={port}"]
    options += ["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers"]
    options += ["-n", "--log-file=stdout", f"--pidfile={folder / 'pid'}", f"--userdb={folder / 'users'}"]
    process = subprocess.Popen([TURNSERVER, *options], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield port
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def served(tmp_path_factory, coturn) -> Iterator[tuple[str, Path]]:
    port, var = free_port(), tmp_path_factory.mktemp("live")
    environment = {"INCLUSION_VAR": str(var), "LOG_LEVEL": "WARNING", "DATABASE_URL": ""}
    if coturn:
        environment |= {"LIVE_RELAYS": f"turn:127.0.0.1:{coturn}?transport=udp", "LIVE_RELAY_SECRET": RELAY_SECRET}
    with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/healthz", environment):
        yield f"http://127.0.0.1:{port}", var


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def one_chromium() -> Iterator[Browser]:
    """Starting one takes longer than many a story."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def browsers(request) -> Iterator:
    """Call it for each person: another cookie jar, opened as a telephone."""
    with ExitStack() as ending:
        waits = any(inspect.iscoroutinefunction(one) for one in vars(request.module).values())
        # Playwright's loop would break a module's own stories that wait: there each browser ends with its story.
        launched = ending.enter_context(chromium()) if waits else request.getfixturevalue("one_chromium")

        def another_person() -> Callable[..., Page]:
            permissions = ["camera", "microphone"]
            context = launched.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", permissions=permissions)
            ending.callback(context.close)

            def open_one(address: str, script: str = "") -> Page:
                page = context.new_page()
                if script:
                    page.add_init_script(script)
                page.goto(address)
                return page

            return open_one

        yield another_person


@pytest.fixture
def open_page(browsers) -> Callable[..., Page]:
    """One person's own telephone."""
    return browsers()
