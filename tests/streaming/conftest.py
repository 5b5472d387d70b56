"""A real server and a real Chromium for the live pages, one server for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.servers import free_port, python, running

from .chromium import CHROMIUM, FLAGS


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    port, var = free_port(), tmp_path_factory.mktemp("live")
    environment = {"INCLUSION_VAR": str(var), "LOG_LEVEL": "WARNING", "DATABASE_URL": ""}
    with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/healthz", environment, patience_s=60):
        yield f"http://127.0.0.1:{port}", var


@pytest.fixture
def browsers() -> Iterator:
    """Call it for each person: another cookie jar, opened as a telephone."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())

        def another_person() -> Callable[..., Page]:
            permissions = ["camera", "microphone"]
            context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", permissions=permissions)

            def open_one(address: str, script: str = "") -> Page:
                page = context.new_page()
                if script:
                    page.add_init_script(script)
                page.goto(address)
                return page

            return open_one

        yield another_person
        chromium.close()


@pytest.fixture
def open_page(browsers) -> Callable[..., Page]:
    """One person's own telephone."""
    return browsers()
