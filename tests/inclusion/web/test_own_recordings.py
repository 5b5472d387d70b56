"""A recording is kept only while the person who said it agrees; they see it, take it along and have it erased."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from accessibility.hearing import Heard, ScriptedEars
from inclusion.own_recordings import MOST_KEPT, OwnRecordings
from inclusion.web.assets import Assets
from inclusion.web.mine_pages import mine_router
from inclusion.web.pages import Pages
from inclusion.web.recording_pages import recording_router

from .fakes import NOW, FakeRecord, messages, town

SAID = b"what was said"


class Day:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def shelf(tmp_path: Path, day: Day) -> OwnRecordings:
    return OwnRecordings(tmp_path / "recordings", day)


@pytest.fixture
def visitor(visit, shelf):
    pages = Pages(town(), messages(), Assets.gather())
    routers = [
        mine_router(pages, FakeRecord(), lambda: NOW, "http://testserver", recordings=shelf),
        recording_router(shelf, "http://testserver"),
    ]
    return visit(extra_routers=routers, recordings=shelf, ears=ScriptedEars(Heard.of("長いすはいくら？")))


def ask(visitor) -> None:
    assert visitor.post("/spoken", files={"recording": ("question.m4a", SAID)}, data={"turn": "a"}).status_code == 200


def files(shelf: OwnRecordings) -> list[Path]:
    return list(shelf._folder.glob("*/*"))


def test_nobody_who_did_not_agree_has_a_recording_kept(visitor, shelf):
    ask(visitor)
    assert not files(shelf) and "すぐに消しています" in visitor.get("/mine").text


def test_who_agreed_sees_the_recording_and_gets_it_back(visitor, shelf):
    visitor.post("/mine/recordings", data={"keep": "yes"})
    ask(visitor)
    (link,) = visitor.get("/mine/record").json()["recordings"]
    assert link in visitor.get("/mine").text
    assert visitor.get(link).content == SAID
    assert visitor.get(link).headers["content-disposition"].startswith("attachment")


def test_nobody_else_gets_it(visitor, shelf):
    visitor.post("/mine/recordings", data={"keep": "yes"})
    ask(visitor)
    (link,) = visitor.get("/mine/record").json()["recordings"]
    visitor.cookies.delete("recordings")
    assert visitor.get(link).status_code == 404 and link not in visitor.get("/mine").text


@pytest.mark.parametrize(("path", "sent"), [("/mine/recordings", {"keep": "no"}), ("/mine/erase", {})])
def test_taking_the_word_back_erases_every_recording_and_keeps_no_more(visitor, shelf, path, sent):
    visitor.post("/mine/recordings", data={"keep": "yes"})
    ask(visitor)
    assert files(shelf)
    visitor.post(path, data=sent)
    assert not files(shelf) and "recordings" not in visitor.cookies
    ask(visitor)
    assert not files(shelf)


def test_another_site_cannot_agree_for_a_person(visitor):
    refused = visitor.post("/mine/recordings", data={"keep": "yes"}, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403 and "recordings" not in visitor.cookies


def test_after_a_month_a_recording_is_gone(shelf, day):
    key = shelf.agree()
    shelf.keep(key, SAID)
    day.now = NOW + timedelta(days=29)
    shelf.tidy()
    assert len(shelf.kept(key)) == 1
    day.now = NOW + timedelta(days=31)
    shelf.tidy()
    assert not shelf.kept(key) and shelf.agreed(key)


def test_only_the_newest_are_kept_and_never_more_than_there_is_room_for(shelf, day, tmp_path):
    key = shelf.agree()
    for second in range(MOST_KEPT + 2):
        day.now = NOW + timedelta(seconds=second)
        shelf.keep(key, SAID)
    assert len(shelf.kept(key)) == MOST_KEPT and shelf.kept(key)[0].at == day.now.replace(microsecond=0)
    small = OwnRecordings(tmp_path / "small", day, most_bytes=len(SAID))
    one, other = small.agree(), small.agree()
    small.keep(one, SAID)
    small.keep(other, SAID)
    assert small.kept(one) and not small.kept(other)


@pytest.mark.parametrize("name", ["../secret.key", "..", "20261128T120000-zzzzzzzz", ""])
def test_a_name_that_is_none_of_ours_finds_nothing(shelf, name):
    assert shelf.content(shelf.agree(), name) is None


def test_a_key_nobody_was_given_keeps_nothing(shelf):
    shelf.keep("guessed", SAID)
    assert not files(shelf) and not shelf.kept("guessed")
