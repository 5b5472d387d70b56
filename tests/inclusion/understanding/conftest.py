"""One understanding of the demo town for all stories here: building it takes a second."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accessibility import Readings
from inclusion.municipalities import Town
from inclusion.understanding import Request, Talk, Understanding
from tests.towns import demo_town

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


class Conversation:
    """Says one thing after another and keeps the talk, as a channel would."""

    def __init__(self, understanding: Understanding) -> None:
        self.understanding, self.talk, self.now = understanding, Talk(), NOW

    def say(self, text: str) -> Request:
        request, self.talk = self.understanding.understand(text, self.talk, self.now)
        return request


@pytest.fixture(scope="session")
def town() -> Town:
    return demo_town()


@pytest.fixture(scope="session")
def readings() -> Readings:
    return Readings()


@pytest.fixture(scope="session")
def understanding(town: Town, readings: Readings) -> Understanding:
    built = Understanding.of(town, readings)
    built.understand("椅子", Talk(), NOW)  # opens the encoder, so that no story is measured with it
    return built


@pytest.fixture
def conversation(understanding: Understanding) -> Conversation:
    return Conversation(understanding)
