"""LINE's own browser lends no page its microphone: every page that wants one shows the way to the usual browser, and only there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from inclusion.web.assets import Assets
from inclusion.web.kiosk import kiosk_router
from inclusion.web.pages import Pages
from tests.inclusion.staff.conftest import Browser
from tests.towns import demo_town

from .test_live_hosts import host_links
from .test_live_pages import ADDRESS, app, plan, settings, tickets

__all__ = ["app", "settings"]
MOBILE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
IN_LINE = {"accept-language": "ja", "user-agent": f"{MOBILE} Safari Line/14.20.0"}
ELSEWHERE = {"accept-language": "ja", "user-agent": f"{MOBILE} Safari/604.1 LinearBrowser/3"}


@dataclass
class QuietStage:
    """A stage on which nothing happens."""

    on: bool = True
    relayed: bool = False


@pytest.fixture(scope="module")
def kiosk() -> TestClient:
    town, web = demo_town(), FastAPI()
    stage: Any = QuietStage()
    nobody: Any = None
    web.include_router(kiosk_router(nobody, Pages(town, town.messages, Assets.gather()), stage, lambda: None))
    return TestClient(web, base_url=ADDRESS)


def ways_out(visitor: TestClient, address: str, headers: dict[str, str]) -> list[str]:
    page = visitor.get(address, headers=headers)
    assert page.status_code == 200
    return [unescape(one) for one in re.findall(r'<a class="outside" href="([^"]*openExternalBrowser=1[^"]*)"', page.text)]


def test_a_viewers_page_shows_it(app: Browser):
    plan(app, room="out-1")
    assert ways_out(app, "/live/out-1", IN_LINE) == ["/live/out-1?openExternalBrowser=1"]
    assert ways_out(app, "/live/out-1", ELSEWHERE) == []


def test_the_hosts_and_a_ticket_holders_way_keeps_the_key(app: Browser):
    page = plan(app, room="out-2", entry="ticket", capacity="1")
    app.fill_in(page, f"{page}/tickets", count="1")
    for link in (host_links(app, page)[0], tickets(app, page)[0]):
        (way,) = ways_out(app, link, IN_LINE)
        assert way.partition("?")[0] == link.partition("?")[0]
        assert ways_out(TestClient(app.app, base_url=ADDRESS), way, ELSEWHERE) == []  # the seat opens there too


def test_the_kiosk_shows_it(kiosk: TestClient):
    assert ways_out(kiosk, "/kiosk", IN_LINE) == ["/kiosk?openExternalBrowser=1"]
    assert ways_out(kiosk, "/kiosk", ELSEWHERE) == []
