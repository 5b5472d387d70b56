"""A clerk's whole loop in a real Chromium: a question nobody could answer is taught with one press, and who waited on LINE is told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from inclusion.settings import Settings
from inclusion.staff.accounts import create_staff
from inclusion.staff.passwords import Passwords
from inclusion.web.platform import clock
from inclusion.web.serving import open_migrated_database
from tests.doubles.line_events import text_event

from .conftest import Town
from .test_classes_in_browser import CHROMIUM, FLAGS, PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("town server"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed, so the clerk's loop was not made in a browser."),
]
PHONE_NUMBER = "090-1234-5678"
WORD, MEANT, FEE = "せんぷうろん", "扇風機", "300円"
ASKED = f"{WORD}を捨てたい"
PATIENCE_S = 20


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def clerk(town: Town, chromium: Browser) -> Iterator[Page]:
    """A clerk who has signed in through the form."""
    database = open_migrated_database(Settings(inclusion_var=town.var, database_url="", _env_file=None))
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    create_staff(database, "hanako", "山田 花子", PASSWORD, ("clerk",), clock(), passwords=quick)
    database.close()
    context = chromium.new_context(locale="ja-JP", base_url=f"http://127.0.0.1:{town.server.port}")
    page = context.new_page()
    page.goto("/staff/sign-in")
    page.locator("#login").fill("hanako")
    page.locator("#password").fill(PASSWORD)
    page.locator(".main-action").click()
    page.wait_for_url("**/staff")
    yield page
    context.close()


@pytest.fixture
def resident(town: Town, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="ja-JP", base_url=f"http://127.0.0.1:{town.server.port}")
    yield context.new_page()
    context.close()


def test_a_clerk_teaches_a_word_and_who_asked_for_it_is_told(town: Town, clerk: Page, resident: Page) -> None:
    asker = "U" + "7" * 32
    assert "わかったら知らせて" in said_on_line(town, text_event(f"{ASKED}。電話は{PHONE_NUMBER}", asker))
    assert "お知らせします" in said_on_line(town, text_event("わかったら知らせて", asker))
    assert FEE not in asked_on_the_page(resident).inner_text()

    clerk.goto("/staff/questions")
    question = clerk.locator(".desk__question").filter(has_text=ASKED)
    assert PHONE_NUMBER not in clerk.content(), "The clerk would see the telephone number of whoever asked."
    nearest = question.locator("button[name=target]")
    expect(nearest).to_have_count(3)
    question.get_by_label("覚える言葉").fill(WORD)
    assert to_push(town, asker) == []
    nearest.filter(has_text=MEANT).click()

    taught = clerk.locator(".desk__question").filter(has_text=f"{WORD} → {MEANT}")
    expect(taught).to_be_visible()
    assert FEE in asked_on_the_page(resident).inner_text()
    told = first(town, asker)
    assert "お答えできるようになりました" in told and MEANT in told
    assert FEE in said_on_line(town, text_event(MEANT, asker)), "The button in the message does not lead to the answer."

    taught.get_by_role("button").click()
    expect(clerk.locator("h2", has_text=ASKED)).to_be_visible()
    assert FEE not in asked_on_the_page(resident).inner_text()


def asked_on_the_page(page: Page) -> Locator:
    """What the page says to the question, asked by somebody new."""
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("聞きたいこと").fill(ASKED)
    page.get_by_role("button", name="聞く", exact=True).click()
    answer = page.locator("main")
    expect(answer).to_contain_text(ASKED)
    return answer


def said_on_line(town: Town, event: dict[str, Any]) -> str:
    assert town.line(event) == 200
    return first(town, event["replyToken"])


def to_push(town: Town, user: str) -> list[dict[str, Any]]:
    return [one for one in town.delivered() if one["to"] == user]


def first(town: Town, receiver: str) -> str:
    """The first words that the double got for a reply token or a user, with patience."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for one in town.delivered():
            if one["to"] == receiver:
                return json.dumps(one["messages"], ensure_ascii=False)
        time.sleep(0.05)
    raise AssertionError("Nothing reached LINE in time.")
