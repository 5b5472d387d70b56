"""Whoever opens the kiosk's page has its ears and its voice loaded meanwhile, so that nobody waits for them after the press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from accessibility.hearing import EarsOff
from accessibility.speaking import VoiceAway
from inclusion.municipalities import load_town
from inclusion.web.assets import Assets
from inclusion.web.kiosk import Kiosk, kiosk_router
from inclusion.web.pages import Pages


@dataclass
class Engine:
    """Ears or a voice that count how often they were loaded."""

    fails: Exception | None = None
    loaded: int = 0
    pid: int | None = None

    def wake(self) -> None:
        self.loaded += 1
        if self.fails is not None:
            raise self.fails
        self.pid = 7


class QuietStage:
    on, relayed = True, False


def opened(ears: Engine, voice: Engine, wakes: bool = True, times: int = 1) -> None:
    town, web = load_town("chiyoda"), FastAPI()
    pages, stage = Pages(town, town.messages, Assets.gather()), QuietStage()
    parts: Any = (stage, None, ears, voice, pages, lambda: datetime.now(UTC))
    web.include_router(kiosk_router(Kiosk(*parts), pages, parts[0], lambda: None, wakes))
    for _ in range(times):
        assert TestClient(web).get("/kiosk").status_code == 200


def test_opening_the_page_loads_both_once() -> None:
    ears, voice = Engine(), Engine()
    opened(ears, voice, times=2)
    assert (ears.loaded, voice.loaded) == (1, 1)


def test_control_where_engines_are_loaded_with_the_first_word_the_page_loads_nothing() -> None:
    ears, voice = Engine(), Engine()
    opened(ears, voice, wakes=False)
    assert (ears.loaded, voice.loaded) == (0, 0)


@pytest.mark.parametrize("why", [EarsOff("no model"), VoiceAway("stopped")])
def test_an_engine_that_cannot_be_loaded_does_not_keep_the_page_from_being_shown(why: Exception) -> None:
    ears, voice = Engine(why if isinstance(why, EarsOff) else None), Engine(why if isinstance(why, VoiceAway) else None)
    opened(ears, voice)
    assert (ears.loaded, voice.loaded) == (1, 1)
