"""The page "my record" shows the classes of this browser and erases them from every store."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from accessibility import Person
from bots.accounts import Account, open_account
from inclusion.live.notices import ask_for_reminder
from inclusion.live.tables import LiveEvent
from inclusion.outbox import OutboxRow
from inclusion.own_keys import new_key
from inclusion.web.platform import clock
from lessons import ScheduledSession, Wish, may_act_for, new_consent_code, own_learner, use_consent_code
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


def two_chats(platform, scopes):
    """A mother and her daughter on LINE, each with the key of her own page; returns (mother's learner, daughter, keys)."""
    with platform.database.writing() as session:
        mother, daughter = (open_account(session, "line", f"U-{name}{clock():%f}", clock()).person_id for name in ("m", "d"))
        learner = own_learner(session, mother, "ja", clock())
        use_consent_code(session, new_consent_code(session, learner.id, scopes, clock()), daughter, clock())
        return learner.id, daughter, [new_key(session, one, clock()) for one in (mother, daughter)]


def opened(app, key):
    browser = TestClient(app, headers={"accept-language": "ja"})
    return browser, browser.get(f"/mine/enter/{key}").text


def ended(browser, page):
    return browser.post("/mine/family", data={"grant": re.search(r'name="grant" value="(\w+)"', page)[1]})


@pytest.mark.parametrize("side", [0, 1])
def test_either_side_sees_the_consent_ends_it_and_the_other_is_told(app, platform, side):
    _, daughter, keys = two_chats(platform, ("see", "book"))
    pages = [opened(app, key) for key in keys]
    assert "家族に任せていること" in pages[0][1] and "家族から任されていること" in pages[1][1]
    assert all("席に決めること" in page and "取り消すこと" not in page for _, page in pages)
    after = ended(*pages[side]).text
    assert "任せていること" not in after and "任されていること" not in after
    with platform.database.reading() as session:
        assert may_act_for(session, daughter, "see", clock()) == []
        told = session.exec(select(OutboxRow.payload).where(col(OutboxRow.dedup_key).contains("/ended/"))).all()
    words = "任されるのをやめました" if side else "任されていたのは、終わりになりました"
    assert words in json.dumps(told[-1], ensure_ascii=False)


def test_nobody_else_can_end_a_consent(app, platform):
    """Control."""
    _, daughter, keys = two_chats(platform, ("see",))
    _, page = opened(app, keys[0])
    stranger = TestClient(app, headers={"accept-language": "ja"})
    assert ended(stranger, page).status_code == 404
    with platform.database.reading() as session:
        assert len(may_act_for(session, daughter, "see", clock())) == 1


def test_my_record_tells_which_reminders_will_come_of_classes_and_of_live_events(app, platform):
    room = first_class(platform)
    with platform.database.writing() as session:
        place = session.get_one(ScheduledSession, room)
        start = (clock() + timedelta(days=5)).astimezone(ZoneInfo(place.tz)).replace(hour=13)  # by day: no reminder waits for the morning
        place.start_date, place.end_date, place.registration_closes = start, start + timedelta(hours=1), start
        account = open_account(session, "line", "U-coming", clock())
        learner = own_learner(session, account.person_id, "ja", clock())
        apply_for(session, Wish(room, learner_id=learner.id, channel="line"), clock())
        event = LiveEvent(room="coming", names={"ja": "町の盆踊り"}, start_at=start, end_at=start + timedelta(hours=2), made_at=clock())
        session.add(event)
        session.flush()
        ask_for_reminder(session, event, account.id, clock())
        key = new_key(session, account.person_id, clock())
    page = re.sub(r"<[^>]+>", "", opened(app, key)[1])  # a number and its unit are kept together in a tag of their own
    assert "これから届くお知らせ" in page and "前の日のお知らせ" in page and "2時間前のお知らせ" in page
    assert "町の盆踊り" in page and "始まる前のお知らせ" in page and "1週間前のお知らせ" not in page
