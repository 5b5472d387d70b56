"""What staff can see and do behind their door, with plain forms and without JavaScript."""

from __future__ import annotations

import asyncio
import csv
import re
import threading
from importlib.resources import files
from typing import Any

import pytest

from inclusion.database import Database
from inclusion.inbox import Inbox, IncomingEvent
from inclusion.outbox import Outgoing, put
from inclusion.web.staff.pages import CHECKS_AT_ONCE

from .conftest import PASSWORD, Browser, Clock


def figures(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", page))


def test_today_shows_what_waits_and_for_how_long(browser: Browser, database: Database, clock: Clock) -> None:
    inbox = Inbox(database)
    asyncio.run(inbox.save([IncomingEvent("line", "e1", {"text": "ひみつの質問"}, clock())]))
    with database.writing() as session:
        put(session, Outgoing("line", ({"text": "ひみつの答え"},), chat_id="G1"), clock())
    clock.advance(minutes=7)
    page = browser.sign_in().text
    assert figures(page) == {
        "まだ答えていない数": "1",
        "いちばん古いもの": "7分前",
        "答えられなかった数": "0",
        "送信を待っている数": "1",
        "後で送る数": "0",
        "無料通数が足りず止まっている数": "0",
        "送れなかった数": "0",
    }
    assert "ひみつ" not in page


def test_today_tells_who_did_what_in_the_towns_time(browser: Browser) -> None:
    page = browser.sign_in().text
    assert re.search(r"2026年.{0,40}?4月1日.*?午後6時.*?bossさん.*?サインインした", page, re.DOTALL)


def test_a_changed_password_works_and_the_old_one_does_not(browser: Browser) -> None:
    browser.sign_in()
    answer = browser.fill_in("/staff/password", present=PASSWORD, new="a new long one")
    assert "パスワードを変えました。" in answer.text
    browser.fill_in("/staff", "/staff/sign-out")
    assert browser.sign_in().status_code == 422
    assert browser.sign_in(password="a new long one").url.path == "/staff"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"present": "wrong password", "new": "a new long one"}, "今のパスワードが違います。"),
        ({"present": PASSWORD, "new": "short"}, "パスワードは12文字以上にしてください。"),
        ({"present": PASSWORD, "new": "I am the boss here"}, "パスワードにログイン名を入れないでください。"),
        ({"present": PASSWORD, "new": "x" * 201}, "パスワードが長すぎます。"),
    ],
)
def test_a_password_that_cannot_be_taken_is_explained(browser: Browser, fields: dict[str, str], sentence: str) -> None:
    browser.sign_in()
    answer = browser.fill_in("/staff/password", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields["new"] not in answer.text


def test_an_administrator_adds_a_colleague_who_can_sign_in(browser: Browser) -> None:
    browser.sign_in()
    answer = browser.fill_in("/staff/people", login="Taro", name="太郎", password="a new long one", roles=["clerk", "volunteer_lead"])
    assert "職員を加えました。" in answer.text
    assert re.search(r"太郎</th>\s*<td[^>]*>taro</td>\s*<td[^>]*>職員、ボランティアのまとめ役</td>", answer.text)
    assert browser.sign_in("taro", "a new long one").url.path == "/staff"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"login": "clerk"}, "このログイン名はすでに使われています。"),
        ({"login": "山田"}, "ログイン名は2文字から"),
        ({"name": " "}, "名前を80文字までで"),
        ({"roles": []}, "役割を一つ以上選んでください。"),
        ({"roles": ["mayor"]}, "役割を一つ以上選んでください。"),
        ({"password": "short"}, "パスワードは12文字以上"),
    ],
)
def test_a_colleague_who_cannot_be_added_is_explained_and_what_was_typed_stays(
    browser: Browser, changes: dict[str, Any], sentence: str
) -> None:
    browser.sign_in()
    typed = {"login": "taro", "name": "太郎<b>", "password": "a new long one", "roles": ["clerk"]} | changes
    answer = browser.fill_in("/staff/people", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed["name"] == " " or "太郎&lt;b&gt;" in answer.text


def test_switching_somebody_off_is_shown_and_the_last_administrator_stays(browser: Browser) -> None:
    browser.sign_in()
    assert "停止しました。" in browser.fill_in("/staff/people", "/staff/people/2/deactivation").text
    answer = browser.fill_in("/staff/people", "/staff/people/1/deactivation")
    assert answer.status_code == 422
    assert "最後の管理者は停止できません。" in answer.text


def test_an_unknown_colleague_cannot_be_switched_off(browser: Browser) -> None:
    browser.sign_in()
    key = browser.key_of("/staff", "/staff/sign-out")
    assert "この職員は見つからないか" in browser.post("/staff/people/999/deactivation", data={"key": key}).text


def test_a_notice_nobody_wrote_is_not_shown(browser: Browser) -> None:
    browser.sign_in()
    assert 'role="status"' not in browser.get("/staff/people?done=<script>").text


def test_english_readers_get_english_pages(browser: Browser) -> None:
    browser.headers["Accept-Language"] = "en-GB"
    assert "<h1>Today</h1>" in browser.sign_in().text


@pytest.mark.parametrize("page", ["/staff", "/staff/password", "/staff/people"])
def test_every_field_has_a_label_and_no_page_needs_a_script(browser: Browser, page: str) -> None:
    browser.sign_in()
    html = browser.get(page).text
    main = html[html.index("<main") : html.index("</main>")]
    fields = re.findall(r'<input (?:type="\w+" )?id="([\w-]+)"', main)
    assert all(f'<label for="{field}">' in main for field in fields)
    assert len(fields) == main.count("<input") - main.count('type="hidden"')
    assert "<script" not in main
    assert "style=" not in main


def test_a_flood_of_sign_ins_is_asked_to_wait_and_the_other_pages_go_on(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inclusion.web.staff.pages.LONGEST_TURN_S", 0.1)
    gate, entered = threading.Event(), threading.Semaphore(0)

    def slow_sign_in(*args: object, **kwargs: object) -> None:
        entered.release()
        gate.wait(10)

    browser.sign_in()
    key = browser.key_of("/staff/sign-in", "/staff/sign-in")
    with monkeypatch.context() as slowly:
        slowly.setattr("inclusion.web.staff.pages.sign_in", slow_sign_in)
        fields = {"key": key, "login": "boss", "password": PASSWORD}
        crowd = [threading.Thread(target=_post_quietly, args=(browser, fields)) for _ in range(CHECKS_AT_ONCE)]
        for one in crowd:
            one.start()
        for _ in crowd:
            entered.acquire(timeout=5)
        assert "混み合っています" in browser.post("/staff/sign-in", data=fields).text
        assert browser.get("/staff").url.path == "/staff"
        gate.set()
        for one in crowd:
            one.join()


def _post_quietly(browser: Browser, fields: dict[str, str]) -> None:
    try:
        browser.post("/staff/sign-in", data=fields)
    except AttributeError:  # the slow stand-in gives no session back
        return


def test_every_sentence_exists_in_japanese_and_english() -> None:
    text = (files("inclusion.municipalities") / "messages" / "staff.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == ["id", "ja", "ja-easy", "en", "zh-Hans", "ko", "note"]
    assert all(row["id"].startswith("staff.") and row["ja"] and row["en"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
