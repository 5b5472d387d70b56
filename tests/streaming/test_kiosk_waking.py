"""Whoever opens the kiosk's page has its ears and its voice loaded meanwhile, so that nobody waits for them after the press; who reads with
kana is told them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from accessibility.hearing import EarsOff
from accessibility.speaking import VoiceAway
from inclusion.web.assets import Assets
from inclusion.web.kiosk import Kiosk, kiosk_router
from inclusion.web.kiosk_talk import Shown
from inclusion.web.pages import Pages
from tests.towns import demo_town


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
    on, relayed, closing = True, False, False


def opened(ears: Engine, voice: Engine, wakes: bool = True, times: int = 1) -> None:
    town, web = demo_town(), FastAPI()
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


class Over:
    """A talk that is over: one question and its answer."""

    def __init__(self) -> None:
        self.talk, self.ended, self.shown = self, True, Shown()
        for event in (
            {"heard": "粗大ごみ"},
            {"answer": "電話で申し込みます。", "lines": ["Call 119 for an ambulance."], "notes": []},
            {"state": "ended"},
        ):
            self.shown.tell(**event)

    def line(self, room: str, token: str) -> Over:
        return self


@pytest.mark.parametrize(
    ("reading", "has_kana"), [("ja.large.on.on.100.off", True), ("ja.large.off.on.100.off", False), ("en.large.on.on.100.off", False)]
)
def test_who_reads_with_kana_is_told_them_with_every_japanese_line(reading: str, has_kana: bool) -> None:
    web, stage, over = FastAPI(), QuietStage(), Over()
    parts: Any = (over, None, stage, lambda: None, False, lambda text: [(text, "かな")])
    web.include_router(kiosk_router(*parts))
    told = TestClient(web, cookies={"reading": reading}).get("/kiosk/talks/one").text
    events = [json.loads(line.removeprefix("data: ")) for line in told.splitlines() if line.startswith("data: ")]
    found = {line for event in events for line in event.get("kana", {})}
    assert len(events) == 3 and found == ({"粗大ごみ", "電話で申し込みます。"} if has_kana else set())
