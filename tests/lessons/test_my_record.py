"""The page "my record" shows the classes of this browser and erases them from every store."""

from __future__ import annotations

from sqlmodel import select
from starlette.testclient import TestClient

from accessibility import Person
from bots.accounts import Account, open_account
from inclusion.own_keys import new_key
from inclusion.web.platform import clock
from lessons import Wish, own_learner
from lessons import apply as apply_for
from lessons.tables import Learner

from .test_pages import app, apply, first_class, platform

__all__ = ["app", "platform"]


def test_my_record_shows_my_class_and_erasing_offers_my_seat_on(app, platform):
    me, other = (TestClient(app, headers={"accept-language": "ja"}) for _ in range(2))
    room = first_class(platform, seats=1)
    mine, theirs = apply(me, room, 71), apply(other, room, 72)
    assert "申し込んだ教室" in me.get("/mine").text and "花子71" in me.get("/mine/record").text
    assert "申し込んだ教室も取り消され" in me.get("/mine/erase").text
    me.post("/mine/erase")
    assert "席が空きました" in other.get(theirs.url.path).text
    assert "申し込んだ教室" not in me.get("/mine").text and "終わっています" in me.get(mine.url.path).text
    with platform.database.reading() as session:
        assert session.exec(select(Learner).where(Learner.name == "花子71")).all() == []


def test_another_browser_sees_nothing_of_it(app, platform):
    me, other = (TestClient(app, headers={"accept-language": "ja"}) for _ in range(2))
    apply(me, first_class(platform), 73)
    assert "申し込んだ教室" not in other.get("/mine").text and "花子73" not in other.get("/mine/record").text


def test_a_chat_opens_its_record_by_its_key_and_erasing_takes_the_chat_too(app, platform):
    room = first_class(platform)
    with platform.database.writing() as session:
        person = open_account(session, "line", "U-mine", clock()).person_id
        learner = own_learner(session, person, "ja", clock())
        apply_for(session, Wish(room, learner_id=learner.id, channel="line"), clock())
        key = new_key(session, person, clock())
    browser = TestClient(app, headers={"accept-language": "ja"})
    page = browser.get(f"/mine/enter/{key}").text
    assert "申し込んだ教室" in page and "LINEやTelegramでのお話と設定も" in page
    browser.post("/mine/erase")
    with platform.database.reading() as session:
        assert session.get(Person, person) is None and not session.exec(select(Account).where(Account.person_id == person)).all()


def test_a_wrong_key_shows_nothing(app):
    assert "申し込んだ教室" not in TestClient(app, headers={"accept-language": "ja"}).get("/mine/enter/guess").text
