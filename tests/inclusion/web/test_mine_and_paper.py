"""What is kept can be seen, taken along and erased; an answer can be printed on one sheet."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from accessibility.printing import Printer
from inclusion.web.assets import Assets
from inclusion.web.mine_pages import mine_router
from inclusion.web.own_record import KeptTalk
from inclusion.web.pages import Pages
from inclusion.web.paper_pages import paper_pages
from inclusion.web.sheets import Sheets
from tests.printed import Printed

from .fakes import NOW, FakeRecord, messages, services, town

SHEET = re.compile(r'href="(/paper/[^"]+)"')


@pytest.fixture
def record() -> FakeRecord:
    return FakeRecord({"talk-1": KeptTalk("1,600円です。", NOW + timedelta(hours=24), {"talk": {"asked": 1}})})


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    printer = Printer(Assets.gather().by_name["paper.css"].content.decode())
    yield printer
    printer.close()


@pytest.fixture
def visitor(visit, record, printer):
    assets, secret = Assets.gather(), services().secret
    pages = Pages(town(), messages(), assets)
    routers = [
        mine_router(pages, record, lambda: NOW, "http://testserver"),
        paper_pages(Sheets(pages, printer, "https://example.jp", lambda: NOW), secret),
    ]
    return visit(extra_routers=routers, prints=lambda: None)


def test_a_person_sees_what_is_kept_and_until_when(visitor):
    visitor.post("/", data={"text": "2人掛け", "turn": "a"})
    page = visitor.get("/mine").text
    assert "1,600円です。" in page and "2026年11月3日 18:30" in page and "お話の番号" in page


def test_who_never_asked_anything_has_no_record(visitor):
    assert "覚えているお話はありません。" in visitor.get("/mine").text


def test_a_key_that_no_cookie_can_hold_opens_nothing(visitor):
    page = visitor.get("/mine/enter/😀", follow_redirects=False)
    assert page.status_code == 404 and "このページはありません" in page.text and "set-cookie" not in page.headers


def test_the_record_can_be_taken_along(visitor):
    visitor.post("/", data={"text": "2人掛け", "turn": "a"})
    taken = visitor.get("/mine/record")
    assert taken.json()["talk"] == {"talk": {"asked": 1}} and "attachment" in taken.headers["content-disposition"]


def test_erasing_asks_once_more_and_then_nothing_is_left(visitor, record):
    visitor.post("/", data={"text": "2人掛け", "turn": "a"})
    assert "本当に消しますか？" in visitor.get("/mine/erase").text and record.talks
    assert "記録を消しました。" in visitor.post("/mine/erase").text
    assert not record.talks and not visitor.cookies and "何もありません。" in visitor.get("/mine").text


def test_another_site_cannot_erase(visitor, record):
    refused = visitor.post("/mine/erase", headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403 and record.talks


def test_furigana_voice_and_speed_are_set_by_one_button_each_and_kept(visitor):
    for name, value in (("furigana", "on"), ("voice", "off"), ("speed", "75")):
        visitor.post("/", data={name: value})
    visitor.post("/", data={"text": "2人掛け", "turn": "b"})
    told = visitor.behind.asker.asked[0][2]
    assert (told["furigana"], told["voice"], told["speed"]) == (True, False, 0.75)


@pytest.mark.parametrize("letters", ["standard", "largest"])
def test_an_answer_is_one_tagged_sheet_in_about_a_second(visitor, letters):
    visitor.post("/", data={"letters": letters})
    address = SHEET.search(visitor.post("/", data={"text": "2人掛け", "turn": "a"}).text)[1]
    visitor.get(address)  # the first one also loads the printer
    start = time.monotonic()
    sheet = visitor.get(address)
    assert time.monotonic() - start < 5 and sheet.headers["content-type"] == "application/pdf"
    assert len(Printed(sheet.content).pages) == 1 and b"/StructTreeRoot" in Printed(sheet.content).whole


def test_words_that_we_did_not_seal_are_not_printed(visitor):
    refused = visitor.get("/paper/bm90IG91cnM")
    assert refused.status_code == 404 and "もう印刷できません" in refused.text
