"""What is Japanese on a page in another language says so, for eyes, ears and screen readers."""

from __future__ import annotations

import html
import json
import re

import pytest
from starlette.testclient import TestClient

from inclusion.settings import Settings
from inclusion.web.wiring import build_app
from tests.platforms import demo_platform

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    settings = Settings(inclusion_var=tmp_path_factory.mktemp("town"), database_url="", voice="off", whisper_model="off", _env_file=None)
    platform = demo_platform(settings)
    platform.lesson_keeping().open_timetable()
    return build_app(platform)


def answered(app, tongue: str, text: str) -> str:
    visitor = TestClient(app, base_url=ADDRESS, cookies={"reading": f"{tongue}.large.off.on.90.off"})
    return visitor.post("/", data={"text": text, "turn": "t"}, headers={"origin": ADDRESS}).text


def lines_of(page: str) -> list[tuple[str, str]]:
    """(language, words) of the headline and the lines below it."""
    reply = page[page.index('class="reply"') :]
    found = re.findall(r'<(?:h2 class="reply__headline"|li) lang="([^"]+)">(.*?)</(?:h2|li)>', reply, re.DOTALL)
    return [(tongue, html.unescape(re.sub("<[^>]+>", "", words)).strip()) for tongue, words in found]


@pytest.mark.parametrize(
    ("tongue", "asked"), [("en", "I smell gas in my kitchen"), ("zh-Hans", "厨房有煤气味"), ("ko", "가스 냄새가 나요")]
)
def test_in_danger_the_reviewed_japanese_says_that_it_is_japanese_and_the_english_line_english(app, tongue: str, asked: str):
    page = answered(app, tongue, asked)
    lines = {words: language for language, words in lines_of(page)}
    english = next(words for words in lines if words.startswith("Call 119"))
    assert f'<html lang="{tongue}"' in page and lines[english] == "en"
    japanese = [words for words in lines if re.search("[ぁ-ん]", words)]
    assert len(japanese) >= 2 and {lines[words] for words in japanese} == {"ja"}


def test_the_browsers_own_voices_are_told_which_line_is_whose(app):
    page = answered(app, "en", "I smell gas in my kitchen")
    told = json.loads(html.unescape(re.search(r'data-spoken="([^"]*)"', page).group(1)))
    assert {language for language, _ in told} == {"ja", "en"}
    assert all((language == "ja") == bool(re.search("[ぁ-んァ-ヶ一-龥]", words)) for language, words in told)


def test_a_translated_answer_stays_in_its_language(app):
    page = answered(app, "en", "How much for an electric fan?")
    assert "¥300" in page and lines_of(page)[0][0] == "en"


@pytest.mark.parametrize(
    ("tongue", "says"),
    [("en", "Chiyoda Call Center"), ("zh-Hans", "千代田区呼叫中心"), ("ko", "지요다구 콜센터"), ("ja-easy", "休みは ありません")],
)
def test_whom_to_call_is_told_in_the_readers_words_on_every_page(app, tongue: str, says: str):
    visitor = TestClient(app, base_url=ADDRESS, cookies={"reading": f"{tongue}.large.off.on.90.off"})
    office = re.sub("<[^>]+>", "", visitor.get("/settings").text.partition('help-bar__office"')[2].partition("</footer>")[0])
    assert says in office and "年中無休" not in office


@pytest.mark.parametrize(
    ("tongue", "name", "place"),
    [
        ("en", "Phone and camera", "Sample venue A 1F training room"),
        ("zh-Hans", "电话与相机", "样本会场A 1楼 研修室"),
        ("ko", "전화와 카메라", "견본 회장 A 1층 연수실"),
    ],
)
def test_a_class_is_named_in_the_readers_words_and_in_japanese_to_be_found(app, tongue: str, name: str, place: str):
    visitor = TestClient(app, base_url=ADDRESS, cookies={"reading": f"{tongue}.large.off.on.90.off"})
    listed = visitor.get("/lessons").text
    links = re.findall(r'href="(/lessons/[^"]+)" aria-describedby[^>]*>(.*?)</a>', listed, re.DOTALL)
    page = visitor.get(next(address for address, shown in links if name in shown)).text
    assert name in page and place in page
    assert re.search(r'<span lang="ja">(<span class="together[^>]*>)?電話とカメラ<', page) and "見本会場A</span>" in page


def test_whom_to_call_about_bulky_waste_is_named_in_both(app):
    page = answered(app, "en", "How much for an electric fan?")
    label = re.search(r'phone-link__label" lang="en">(.*?)</span>\n', page, re.DOTALL).group(1)
    assert "Bulky Waste Reception Center" in label and '<span lang="ja">粗大ごみ受付センター' in label
    assert 'phone-link__hours" lang="en"' in page


def test_whom_to_call_in_danger_is_named_as_it_was_reviewed(app):
    assert 'phone-link__label" lang="ja">火事・救急車' in re.sub(r'(lang="ja">)<span lang="ja">', r"\1", answered(app, "en", "fire! fire!"))
