"""The page with nothing but forms: what a resident without JavaScript sees and does."""

from __future__ import annotations

import asyncio
import re
from html import unescape

import pytest
from httpx2 import ASGITransport, AsyncClient

from inclusion.web.app import create_app

from .fakes import FakeAsker, services


def carried(page) -> dict[str, str]:
    """The hidden fields, as a browser would send them back."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {name: unescape(value) for name, value in found}


def press(visitor, page, **button: str):
    return visitor.post("/", data=carried(page) | {"text": ""} | button)


def test_the_first_page_greets_and_offers_questions_and_a_person(visitor):
    page = visitor.get("/")
    assert page.status_code == 200 and "何かお困りですか？" in page.text
    assert "花野市" in page.text and "長いすを捨てたい。いくら？" in page.text
    assert 'href="tel:00-1234-5678"' in page.text and "人に聞く" in page.text


def test_a_question_is_answered_with_choices_and_source(visitor):
    page = press(visitor, visitor.get("/"), text="長いすを捨てたい")
    assert "長いすは何人掛けですか。" in page.text and 'value="2人掛けです"' in page.text
    assert '2026年<span class="together">5月</span>の情報・未照合' in page.text and "https://example.jp/sodai" in page.text


def test_pressing_a_choice_goes_on_in_the_same_conversation(visitor):
    first = press(visitor, visitor.get("/"), text="長いすを捨てたい")
    second = press(visitor, first, choice="2人掛けです")
    assert "1,600円" in second.text and "A券（200円）を2枚" in second.text and 'href="tel:00-2222-3333"' in second.text
    assert [talk for _, talk, _ in visitor.behind.asker.asked] == [None, "talk-1"]


def test_a_choice_wins_over_what_was_half_typed(visitor):
    press(visitor, visitor.get("/"), text="途中まで", choice="2人掛けです")
    assert visitor.asked == ["2人掛けです"]


def test_a_reload_shows_the_same_answer_and_does_not_ask_twice(visitor):
    start = visitor.get("/")
    pages = [press(visitor, start, text="長いす") for _ in range(3)]
    assert visitor.asked == ["長いす"]
    assert all("長いすは何人掛けですか。" in page.text for page in pages)


def test_another_question_from_the_same_page_is_asked(visitor):
    start = visitor.get("/")
    press(visitor, start, text="長いす")
    press(visitor, start, text="丸いす")
    assert visitor.asked == ["長いす", "丸いす"]


def test_after_a_restart_a_reload_is_left_to_the_person(visit):
    before, after = visit(), visit()
    start = before.get("/")
    press(before, start, text="長いす")
    after.cookies = before.cookies
    page = press(after, start, text="長いす")
    assert "さきほどお答えしました" in page.text and not after.asked and ">長いす</textarea>" in page.text


async def test_a_double_tap_is_asked_once():
    asker = FakeAsker()
    transport = ASGITransport(create_app(services(asker=asker)))
    async with AsyncClient(transport=transport, base_url="http://testserver") as browser:
        sent = [browser.post("/", data={"text": "長いす", "turn": "t1"}) for _ in range(5)]
        pages = await asyncio.gather(*sent)
    assert len(asker.asked) == 1 and {page.status_code for page in pages} == {200}


def test_once_more_shorter_and_in_full_do_not_ask_again(visitor):
    page = press(visitor, visitor.get("/"), text="2人掛け")
    shorter = press(visitor, page, again="shorter")
    assert "1,600円" in shorter.text and "前の日まで" not in shorter.text
    assert "前の日まで" in press(visitor, shorter, again="full").text and "前の日まで" in press(visitor, page, again="repeat").text
    assert visitor.asked == ["2人掛け"]


def test_larger_letters_are_kept_and_the_answer_stays(visitor):
    page = press(visitor, visitor.get("/"), text="2人掛け")
    assert 'data-letters="largest"' in press(visitor, page, again="larger").text
    assert "1,600円" in press(visitor, page, letters="standard").text
    assert 'data-letters="standard"' in visitor.get("/").text
    assert visitor.asked == ["2人掛け"]


@pytest.mark.parametrize(
    ("tongue", "lang", "greeting"),
    [
        ("en", "en", "How can we help you?"),
        ("zh-Hans", "zh-Hans", "您需要什么帮助"),
        ("ko", "ko", "무엇을"),
        ("ja-easy", "ja", "何か 困っていますか？"),
    ],
)
def test_the_language_is_switched_and_kept(visitor, tongue, lang, greeting):
    press(visitor, visitor.get("/"), tongue=tongue)
    page = visitor.get("/")
    assert f'<html lang="{lang}"' in page.text and greeting in page.text
    press(visitor, page, text="いす")
    assert visitor.behind.asker.asked[0][2] == {
        "language": lang,
        "easy": tongue == "ja-easy",
        "letter_size": "large",
        "furigana": False,
        "voice": True,
        "speed": 0.9,
        "loud": False,
    }


def test_what_a_person_tells_the_bot_about_reading_holds_for_the_page(visitor):
    page = press(visitor, visitor.get("/"), text="larger, please")
    assert 'lang="en" data-letters="largest"' in page.text
    assert 'lang="en" data-letters="largest"' in visitor.get("/").text


def test_what_was_half_typed_survives_a_change_of_letters(visitor):
    assert ">途中まで</textarea>" in press(visitor, visitor.get("/"), text="途中まで", letters="largest").text


def test_a_first_visitor_is_greeted_in_the_browsers_language(visitor):
    assert "How can we help" in visitor.get("/", headers={"Accept-Language": "fr, en-GB;q=0.8, ja;q=0.5"}).text
    assert "何かお困り" in visitor.get("/", headers={"Accept-Language": "fr"}).text


def test_an_empty_or_endless_question_gets_a_kind_sentence_and_keeps_the_words(visitor):
    start = visitor.get("/")
    assert "ひとこと書いてから" in press(visitor, start, text=" \u202e ").text
    long = press(visitor, start, text="あ" * 100_000)
    assert long.status_code == 422 and "長すぎて" in long.text and ">" + "あ" * 2_000 + "</textarea>" in long.text
    assert not visitor.asked


def test_what_a_person_types_is_never_markup(visitor):
    page = press(visitor, visitor.get("/"), text="<script>alert(1)</script>")
    assert "<script>alert" not in page.text and "&lt;script&gt;alert" in page.text


def test_an_answer_that_we_did_not_seal_is_not_shown(visitor):
    page = press(visitor, visitor.get("/"), text="2人掛け")
    forged = carried(page)["shown"][:-4] + "AAAA"
    assert "1,600円" in press(visitor, page, again="repeat").text
    assert "1,600円" not in press(visitor, page, again="repeat", shown=forged).text


def test_wrong_addresses_show_a_page_in_the_residents_language(visitor):
    page = visitor.get("/nowhere", headers={"Accept-Language": "en"})
    assert page.status_code == 404 and "There is nothing at this address." in page.text and "tel:" in page.text
    assert visitor.delete("/").status_code == 405


def test_our_own_fault_is_a_page_with_a_way_to_a_person(visit):
    page = visit(asker=FakeAsker(breaks=True)).post("/", data={"text": "いす"})
    assert page.status_code == 500 and "こちらの不具合" in page.text and 'href="tel:00-1234-5678"' in page.text


def test_a_failed_question_may_be_sent_again(visit):
    visitor = visit(asker=FakeAsker(breaks=True))
    start = visitor.get("/")
    press(visitor, start, text="長いす")
    visitor.behind.asker.breaks = False
    assert "何人掛け" in press(visitor, start, text="長いす").text


def test_an_uploaded_file_is_not_taken(visitor):
    reply = visitor.post("/", files={"text": ("a.txt", b"x")})
    assert reply.status_code == 400 and "読み取れませんでした" in reply.text


def test_the_press_opens_when_an_answer_is_shown_that_can_be_printed_and_not_before(visit):
    offered: list[str] = []
    visitor = visit(prints=lambda: offered.append("press"))
    visitor.get("/")
    assert offered == []
    page = visitor.post("/", data={"text": "扇風機はいくら", "turn": "t"}, headers={"origin": visitor.behind.public_url}).text
    assert offered == ["press"] and 'href="/paper/' in page
