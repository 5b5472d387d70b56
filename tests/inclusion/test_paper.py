"""Answer, class and event on real sheets, taken apart: one tagged page of A4 that leads back, names the telephone and can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
import segno
from starlette.testclient import TestClient

from accessibility.printing import Printer
from inclusion.database import open_database
from inclusion.settings import Settings
from inclusion.web.shown_answer import Seal, ShownAnswer
from inclusion.web.wiring import run_time_secret
from lessons import Course, ScheduledSession
from tests.inclusion.staff.conftest import Browser
from tests.printed import Printed
from tests.towns import demo_town

from .test_live_pages import ADDRESS, app, plan, settings

__all__ = ["app", "settings"]
KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
TOWN = demo_town()
PHONE = TOWN.contacts[TOWN.help_contact].phone
Open = Callable[..., Printed]


@pytest.fixture(scope="module")
def classes(app: Browser) -> list[str]:
    return re.findall(r'<a href="(/lessons/[^"/?#]+)" aria-describedby', app.get("/lessons").text)


@pytest.fixture(scope="module")
def places(app: Browser, classes: list[str]) -> dict[str, tuple[str, str]]:
    """Where each sheet lies, and which page its code leads to."""
    plan(app, room="paper-1", name_ja="秋まつり", place="駅前広場")
    answer = app.post("/", data={"text": "扇風機を捨てたい", "turn": "a"}).text
    paper = unescape(re.search(r'href="(/paper/[^"]+)"', answer)[1])
    return {"answer": (paper, ""), "class": (f"{classes[0]}/paper", classes[0]), "event": ("/live/paper-1/paper", "/live/paper-1")}


@pytest.fixture(scope="module")
def sheet(app: Browser) -> Iterator[Open]:
    def fetch(address: str, letters: str = "standard", furigana: str = "on") -> Printed:
        client = TestClient(app.app, base_url=ADDRESS, cookies={"reading": f"ja.{letters}.{furigana}.on.90.off"})
        reply = client.get(address)
        assert reply.status_code == 200 and reply.headers["content-type"] == "application/pdf", reply.text
        return Printed(reply.content)

    yield fetch


def leads_to(printed: Printed, address: str) -> bool:
    return printed.code == [bytearray(row) for row in segno.make(address, error="m").matrix]


@pytest.mark.parametrize("letters", ["standard", "largest"])
@pytest.mark.parametrize("kind", ["answer", "class", "event"])
def test_a_sheet_is_one_page_with_a_way_back_a_number_and_letters_one_can_read(sheet: Open, places, kind: str, letters: str):
    address, page = places[kind]
    printed = sheet(address, letters)
    assert len(printed.pages) == 1 and re.search(rb"/MediaBox\s*\[0 0 595\.\d+ 841\.\d+\]", printed.whole)
    assert b"/StructTreeRoot" in printed.whole and b"/MarkInfo" in printed.whole
    assert leads_to(printed, f"{ADDRESS}{page}") and PHONE in printed.text
    assert printed.small and all(KANA.fullmatch(run.text.strip()) and run.points >= 6.99 for run in printed.small)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("answer", "扇風機"), ("class", "日時"), ("event", f"{ADDRESS}/live/paper-1")],
)
def test_without_furigana_nothing_is_smaller_than_14_points(sheet: Open, places, kind: str, said: str):
    printed = sheet(places[kind][0], furigana="off")
    assert printed.small == [] and said in printed.text


def test_an_endless_answer_is_shortened_and_says_where_the_rest_stands(sheet: Open, settings: Settings):
    lines = tuple(f"{number}番目の決まりです。前の日までに電話でお申し込みください。" for number in range(1, 61))
    shown = ShownAnswer("あ" * 2_000, "ja", "決まりは60あります。", lines, (), (), (), (), (), ())
    printed = sheet(f"/paper/{Seal(run_time_secret(settings.inclusion_var)).close(shown)}", furigana="off")
    assert len(printed.pages) == 1 and not printed.small and PHONE in printed.text and leads_to(printed, ADDRESS)
    assert "1番目の決まり" in printed.text and "60番目" not in printed.text
    assert f"この紙に入らなかった続きは、{ADDRESS}か、下の電話番号で" in printed.text


@pytest.mark.parametrize("headline", ["長い見出しです。" * 12, "長い見出しです。" * 300], ids=["shrinks", "is cut"])
def test_a_long_headline_still_leaves_one_sheet_with_number_and_code(sheet: Open, settings: Settings, headline: str):
    shown = ShownAnswer("いつですか", "ja", headline, ("前の日までです。",), (), (), (), (), (), ())
    printed = sheet(f"/paper/{Seal(run_time_secret(settings.inclusion_var)).close(shown)}", furigana="off")
    assert len(printed.pages) == 1 and not printed.small and PHONE in printed.text and leads_to(printed, ADDRESS)
    whole = printed.text.count("長い見出しです。") == headline.count("長い")
    assert whole == ("前の日まで" in printed.text) == ("この紙に入らなかった続き" not in printed.text) == (len(headline) < 100)


def test_a_festival_with_endless_names_still_is_one_sheet(sheet: Open, app: Browser):
    plan(app, room="paper-long", name_ja="とても長い名前の秋まつり" * 8, place="駅前の広場とその周りの商店街" * 7)
    printed = sheet("/live/paper-long/paper", "largest")
    assert len(printed.pages) == 1 and PHONE in printed.text and leads_to(printed, f"{ADDRESS}/live/paper-long")


@pytest.fixture
def endless(app: Browser, settings: Settings, classes: list[str]) -> Iterator[str]:
    """A class whose description never ends."""
    database, number = open_database(settings.effective_database_url), classes[-1].rpartition("/")[2]

    def describe(words: str) -> str:
        with database.writing() as session:
            course = session.get_one(Course, session.get_one(ScheduledSession, number).course_code)
            before, course.description = course.description, words
            session.add(course)
        return before

    before = describe("写真の撮り方をゆっくり学びます。" * 120)
    yield classes[-1]
    describe(before)
    database.close()


def test_a_class_with_an_endless_description_keeps_when_and_where(sheet: Open, endless: str):
    printed = sheet(f"{endless}/paper", furigana="off")
    assert len(printed.pages) == 1 and leads_to(printed, f"{ADDRESS}{endless}")
    assert "日時" in printed.text and "写真の撮り方をゆっくり" not in printed.text
    assert f"続きは、{ADDRESS}{endless}か、" in printed.text


def test_the_measures_notice_another_code(sheet: Open, places):
    assert not leads_to(sheet(places["event"][0]), f"{ADDRESS}/live/paper-2")


def test_the_measures_notice_a_second_page_and_small_letters():
    printer = Printer("@page { size: A4 } html { font-family: sans-serif }")
    pages = "<p>大きい</p><p style='break-before: page; font-size: 10pt'>小さい</p>"
    html = f"<html lang='ja'><head><title>紙</title></head><body>{pages}</body></html>"
    printed = Printed(printer.sheet(html, (14,)))
    printer.close()
    assert len(printed.pages) == 2 and [(run.text, round(run.points)) for run in printed.small] == [("小さい", 10)]
