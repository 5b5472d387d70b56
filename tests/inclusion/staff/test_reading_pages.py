"""Doubtful readings as a clerk settles them: one press, and the word is shown and spoken so, here and in every worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from accessibility import Furigana, Messages, OpenJTalk, Readings
from accessibility.speaking import SpeechShelf, Tone
from inclusion.database import Database
from inclusion.learning.growing import Growing
from inclusion.learning.teaching import Teaching
from inclusion.municipalities import Town
from inclusion.staff.accounts import Staff
from inclusion.staff.audit import last_entries
from inclusion.telling import Telling
from inclusion.understanding import Understanding
from inclusion.voices import Voices
from inclusion.web.assets import Assets
from inclusion.web.pages import Pages
from inclusion.web.staff.pages import staff_router
from inclusion.web.staff.readings import reading_router
from inclusion.web.staff.session import StaffServices
from inclusion.web.town_readings import town_names
from tests.towns import demo_town, town_understood

from .conftest import Browser, Clock

LIST = "/staff/readings"
WORD, OURS, OTHER = "管理会社", "かんりがいしゃ", "かんりかいしゃ"


@pytest.fixture(scope="module")
def town() -> Town:
    """One answer with one doubtful word, in the ward's own readings; of the platform's sentences a few: all take seconds to read."""
    whole = demo_town()
    few = Messages(dict(list(whole.messages.texts.items())[:50]))
    return replace(whole, items={}, guard=(), faqs={"f.where_put": whole.faqs["f.where_put"]}, messages=few)


@pytest.fixture(scope="module")
def understanding(town: Town) -> Understanding:
    return replace(town_understood(), town=town)


@pytest.fixture(scope="module")
def second_opinion() -> OpenJTalk:
    return OpenJTalk()


@pytest.fixture
def furigana(town: Town, second_opinion: OpenJTalk) -> Furigana:
    return Furigana(town_names(town), Readings(town_names(town)), lambda: second_opinion)


@pytest.fixture
def voices(tmp_path: Path) -> Iterator[Voices]:
    voices = Voices(SpeechShelf(tmp_path / "speech", Tone(), "secret"), "")
    yield voices
    voices.close()


@pytest.fixture
def growing(database: Database, understanding: Understanding, furigana: Furigana, voices: Voices) -> Growing:
    growing = Growing(database, understanding)
    growing.reads_with(furigana.correct, voices.correct)
    return growing


@pytest.fixture
def office(services: StaffServices, add: Callable[..., Staff], clock: Clock, growing: Growing, town: Town) -> Browser:
    messages = demo_town().messages
    services = replace(services, messages=messages)
    pages, app = Pages(town, messages, Assets.gather()), FastAPI()
    app.include_router(staff_router(services, pages))
    app.include_router(reading_router(services, pages, Teaching(services.database, growing, Telling(town, {}), clock), town))
    add("clerk", "clerk")
    add("lead", "volunteer_lead")
    return Browser(app)


def doubted(page: str) -> str:
    """The part with the words still to decide."""
    return page[: page.index('id="any-word"')]


def test_one_press_settles_a_word_for_eye_and_ear_and_another_takes_it_back(
    office: Browser, furigana: Furigana, voices: Voices, growing: Growing
) -> None:
    office.sign_in("clerk")
    assert f'value="{OURS}"' in doubted(office.get(LIST).text) and f"<mark>{WORD}</mark>" in office.get(LIST).text
    before = voices.order(WORD, "ja", 1.0)
    shown = office.fill_in(LIST, word=WORD, reading=OTHER, where="f.where_put").text
    assert "この読みにしました" in shown and f"{WORD}（{OTHER}）" in shown and WORD not in doubted(shown)
    assert OTHER in furigana.kana(f"{WORD}に聞いてください") and voices.order(WORD, "ja", 1.0) != before
    with growing._database.reading() as session:
        assert last_entries(session)[0].action == "learned_reading"
    assert WORD in doubted(office.fill_in(LIST, f"{LIST}/1/undoing").text)
    assert OURS in furigana.kana(WORD) and voices.order(WORD, "ja", 1.0) == before


def test_another_worker_reads_it_so_too(office: Browser, database: Database, understanding: Understanding) -> None:
    told: list[dict[str, str]] = []
    elsewhere = Growing(database, understanding)
    elsewhere.reads_with(lambda readings: told.append(dict(readings)))
    elsewhere.look()
    assert told == []
    office.sign_in("clerk")
    office.fill_in(LIST, word=WORD, reading="カンリカイシャ")
    elsewhere.look()
    elsewhere.look()
    assert told == [{WORD: OTHER}]


@pytest.mark.parametrize(
    ("word", "reading", "sentence"),
    [
        ("日", "ひ", "2字から40字"),
        ("ひらがな", "ひらがな", "漢字をふくむ"),
        (WORD, "kanri", "ひらがなで"),
        (WORD, "", "ひらがなで"),
        ("漢" * 41, "か", "40字"),
    ],
)
def test_what_cannot_be_a_reading_is_told_and_what_was_typed_stays(
    office: Browser, furigana: Furigana, word: str, reading: str, sentence: str
) -> None:
    office.sign_in("clerk")
    refused = office.fill_in(LIST, word=word, reading=reading)
    assert refused.status_code == 422 and 'role="alert"' in refused.text and sentence in refused.text
    assert f'value="{word}"' in refused.text and "日曜日" not in furigana.names


def test_only_clerks_decide_and_only_from_our_own_form(office: Browser, furigana: Furigana) -> None:
    assert office.get(LIST, follow_redirects=False).headers["location"] == "/staff/sign-in"
    office.sign_in("lead")
    assert office.get(LIST).status_code == 403
    office.sign_in("clerk")
    assert office.post(LIST, data={"word": WORD, "reading": OTHER, "key": "guessed"}).status_code == 403
    key = office.key_of(LIST, LIST)
    foreign = office.post(LIST, data={"word": WORD, "reading": OTHER, "key": key}, headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403 and OURS in furigana.kana(WORD)
    office.post(LIST, data={"word": WORD, "reading": OTHER, "key": key})
    assert OTHER in furigana.kana(WORD)  # the same press, from our own form


def test_what_was_undone_already_is_told(office: Browser) -> None:
    office.sign_in("clerk")
    office.fill_in(LIST, word=WORD, reading=OTHER)
    key = office.key_of(LIST, f"{LIST}/1/undoing")
    first, second = (office.post(f"{LIST}/1/undoing", data={"key": key}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 422) and "すでに元に戻されています" in second.text
