"""One client per test, talking to a fresh app; without this file each story would begin with the same five lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.testclient import TestClient

from inclusion.web.app import create_app
from inclusion.web.services import WebServices

from .fakes import services


class Visitor(TestClient):
    """A client that knows which services stand behind its app. Its address is an ordinary one, not this machine."""

    def __init__(self, behind: WebServices) -> None:
        super().__init__(create_app(behind), client=("203.0.113.7", 50000))
        self.behind = behind

    @property
    def asked(self) -> list[str]:
        return [text for text, _, _ in self.behind.asker.asked]  # type: ignore[attr-defined]  # the fake remembers


@pytest.fixture
def visit() -> Iterator[Callable[..., Visitor]]:
    """`visit(changes…)` opens the app; its lifespan ends with the test."""
    with ExitStack() as open_apps:
        yield lambda **changes: open_apps.enter_context(Visitor(services(**changes)))


@pytest.fixture
def visitor(visit: Callable[..., Any]) -> Visitor:
    return visit()
