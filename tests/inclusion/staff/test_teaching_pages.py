"""The list of what we could not answer, as a clerk uses it: one press teaches, another takes it back, and only clerks may."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from inclusion.database import Database
from inclusion.learning.growing import Growing
from inclusion.learning.teaching import Teaching
from inclusion.learning.unanswered import Missed, note
from inclusion.staff.accounts import Staff
from inclusion.telling import Telling
from inclusion.understanding import Talk, Understanding
from inclusion.web.assets import Assets
from inclusion.web.pages import Pages
from inclusion.web.staff.pages import staff_router
from inclusion.web.staff.session import StaffServices
from inclusion.web.staff.teaching import teaching_router
from tests.towns import demo_town, town_understood

from .conftest import Browser, Clock

LIST = "/staff/questions"


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return town_understood()


@pytest.fixture
def growing(database: Database, understanding: Understanding) -> Growing:
    return Growing(database, understanding)


@pytest.fixture
def office(services: StaffServices, add: Callable[..., Staff], clock: Clock, growing: Growing) -> Iterator[Browser]:
    town = demo_town()
    services = replace(services, messages=town.messages)
    pages, app = Pages(town, town.messages, Assets.gather()), FastAPI()
    app.include_router(staff_router(services, pages))
    app.include_router(teaching_router(services, pages, Teaching(services.database, growing, Telling(town, {}), clock), lambda: None))
    add("clerk", "clerk")
    add("lead", "volunteer_lead")
    clock.now = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    with services.database.writing() as session:
        note(session, Missed("ポポリンを<b>捨てたい", "ほほりん", "unanswered"), "U1", "m1", clock())
    yield Browser(app)


def test_one_press_teaches_the_word_and_another_takes_it_back(office: Browser, growing: Growing, clock: Clock) -> None:
    office.sign_in("clerk")
    assert "ポポリンを&lt;b&gt;捨てたい" in office.get(LIST).text
    shown = office.fill_in(LIST, f"{LIST}/alias", numbers="1", word="ポポリン", target="S00246").text
    assert "覚えました" in shown and "ポポリン → 扇風機" in shown and "ポポリンを&lt;b&gt;" not in shown
    assert growing.renew().understand("ポポリンを捨てたい", Talk(), clock())[0].ids == ("S00246",)
    assert "ポポリンを&lt;b&gt;捨てたい" in office.fill_in(LIST, f"{LIST}/1/undoing").text


def test_a_draft_is_written_and_published(office: Browser, growing: Growing, clock: Clock) -> None:
    office.sign_in("clerk")
    key = office.key_of(LIST, f"{LIST}/alias")
    draft = office.post(f"{LIST}/drafts", data={"key": key, "numbers": "1", "word": "ポポリン"})
    page = re.sub(r"^.*?(/staff/questions/drafts/\d+).*$", r"\1", str(draft.url))
    assert office.fill_in(page, title="", body="", source="none").status_code == 422
    assert "新しい答えを出しました" in office.fill_in(page, title="ポポリンとは", body="窓口で受け付けます。", source="none").text
    assert growing.renew().understand("ポポリン", Talk(), clock())[0].ids == ("f.taught_1",)


@pytest.mark.parametrize(("word", "target"), [("", "S00246"), ("ポポリン", "S_nothing"), ("あ" * 81, "S00246")])
def test_what_cannot_be_taught_is_told_in_a_sentence(office: Browser, word: str, target: str) -> None:
    office.sign_in("clerk")
    refused = office.fill_in(LIST, f"{LIST}/alias", numbers="1", word=word, target=target)
    assert refused.status_code == 422 and 'role="alert"' in refused.text


def test_only_clerks_teach_and_only_with_their_own_form(office: Browser) -> None:
    office.sign_in("lead")
    assert office.get(LIST).status_code == 403
    office.sign_in("clerk")
    forged = office.post(f"{LIST}/alias", data={"key": "x", "numbers": "1", "word": "ポポリン", "target": "S00246"})
    assert forged.status_code == 403 and "ポポリンを" in office.get(LIST).text
