"""What concerns one person alone, done to the end with and without a script.

Taking one's record along, erasing it, asking to be called, and the staff's answer to who asked for a person.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .browsing import CHROMIUM
from .busy_town import LOGIN, PASSWORD, BusyTown

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("pages"),  # where the one town of this folder runs
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]


def has_asked(page: Page) -> None:
    page.get_by_label("聞きたいこと").fill("扇風機はいくら？")
    page.get_by_role("button", name="聞く", exact=True).click()
    page.get_by_role("heading", name="300円").wait_for()
    page.get_by_role("link", name="私の記録").click()
    page.get_by_role("heading", name="私の記録").wait_for()


def record_of(page: Page) -> dict:
    with page.expect_download() as begun:
        page.get_by_role("link", name="記録を受け取る").click()
    return json.loads(Path(begun.value.path()).read_text(encoding="utf-8"))


def test_somebody_takes_the_record_along(page: Page) -> None:
    page.get_by_role("link", name="私の記録").click()
    assert record_of(page)["talk"] is None  # control: nothing was asked yet
    page.get_by_role("navigation", name="ほかのページ", exact=True).get_by_role("link", name="聞く").click()
    has_asked(page)
    assert "扇風機" in json.dumps(record_of(page)["talk"], ensure_ascii=False)


def test_somebody_erases_the_record_after_being_asked_once_more(page: Page) -> None:
    has_asked(page)
    page.get_by_role("link", name="記録を消す").click()
    page.get_by_role("link", name="いいえ").click()
    assert record_of(page)["talk"]  # control: turning back erases nothing
    page.get_by_role("link", name="記録を消す").click()
    page.get_by_role("button", name="はい、消します").click()
    page.get_by_text("記録を消しました。").wait_for()
    page.get_by_role("navigation", name="ほかのページ", exact=True).get_by_role("link", name="私の記録").click()
    assert record_of(page)["talk"] is None


@pytest.fixture
def nth(request: pytest.FixtureRequest) -> int:
    """Which of the two people waiting for an answer: one for each way, with and without a script."""
    return int(request.node.callspec.params["page"])


@pytest.fixture
def door(nth: int, town: BusyTown) -> str:
    return town.address + town.paths[f"call_back_{nth}"]


def test_somebody_asks_to_be_called(page: Page, door: str) -> None:
    page.goto(door)
    slot = page.get_by_role("radio").first
    slot.check()
    page.get_by_label("電話番号").fill("03-1234-5678")
    page.get_by_role("button", name="申し込む").click()
    page.get_by_text("申し込みました。").wait_for()
    page.goto(door)
    assert page.get_by_role("radio").count() == 1  # the time that was chosen is kept


def test_a_clerk_answers_somebody_who_asked_for_a_person(page: Page, town: BusyTown, nth: int) -> None:
    page.goto(f"{town.address}/staff/sign-in")
    page.get_by_label("ログイン名").fill(LOGIN)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.goto(f"{town.address}/staff/help")  # the menu is folded away on a telephone
    page.get_by_role("link", name="係の人と話したいです").nth(1 + nth).click()
    reply = "あした、こちらからお電話します。"
    assert page.get_by_text(reply).count() == 0
    page.get_by_label("返事を書く").fill(reply)
    page.get_by_role("button", name="送る").click()
    page.locator(".chat-log__line", has_text=reply).first.wait_for()
    assert page.get_by_label("返事を書く").input_value() == ""
