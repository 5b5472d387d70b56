"""The page on which staff make a class: typed, refused with every reason, drafted, changed, published to everybody; no script is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from argon2 import PasswordHasher
from sqlmodel import col, select
from starlette.testclient import TestClient

from inclusion.settings import Settings
from inclusion.staff.accounts import create_staff
from inclusion.staff.passwords import Passwords
from inclusion.web.platform import Platform, clock
from inclusion.web.wiring import build_app
from lessons import Course, Room, ScheduledSession, SessionSeries, Venue
from tests.platforms import demo_platform

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    settings = Settings(inclusion_var=tmp_path_factory.mktemp("var"), database_url="", public_url="http://testserver", _env_file=None)
    platform = demo_platform(settings)
    with platform.database.writing() as session:
        session.add_all([Course(code="call", name="電話とカメラ"), Venue(id="hall_a", name="会場A"), Venue(id="hall_b", name="会場B")])
        session.flush()
        session.add_all([Room(venue_id="hall_a", name="研修室", capacity=20), Room(venue_id="hall_b", name="会議室", capacity=20)])
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    for login, role in (("clerk", "clerk"), ("lead", "volunteer_lead")):
        create_staff(platform.database, login, "係", PASSWORD, (role,), clock(), passwords=quick)
    yield platform
    platform.database.close()


@pytest.fixture(scope="module")
def app(platform: Platform):
    return build_app(platform)


def signed_in(app, login: str) -> TestClient:
    client = TestClient(app, headers={"accept-language": "ja"})
    client.post("/staff/sign-in", data={"key": key_in(client.get("/staff/sign-in").text), "login": login, "password": PASSWORD})
    return client


@pytest.fixture(scope="module")
def clerk(app) -> TestClient:
    return signed_in(app, "clerk")


def key_in(html: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', html)[1]


def a_day(weeks: int = 6) -> str:
    """A Sunday; the series of the first story takes every second one after six weeks."""
    day = clock().date() + timedelta(weeks=weeks)
    return (day + timedelta(days=6 - day.weekday())).isoformat()


def typed(clerk: TestClient, **fields: object) -> dict[str, object]:
    page = clerk.get("/staff/lessons/plan").text
    where = {"course": "call", "room": "hall_a/研修室", "day": a_day(), "starts": "10:00", "seats": "6", "devices": "0"}
    return {"key": key_in(page), **where, "all_the_same": "yes", **fields}


def kept(platform: Platform, name: str) -> list[ScheduledSession]:
    with platform.database.reading() as session:
        found = select(ScheduledSession).where(ScheduledSession.name == name).order_by(col(ScheduledSession.start_date))
        return list(session.exec(found).all())


def test_a_lottery_series_with_everything_in_it_goes_from_form_to_the_residents_page(clerk, app, platform):
    closes = f"{a_day(5)}T17:00"
    asked = {"name": "写真の送り方", "repeat": "biweekly", "times": "3", "allocation": "lottery", "first_timers": "2", "closes": closes}
    whom = {"whom": "own", "age_from": "６５", "home": ["lives", "works"], "skills": "電話に出る、文字を打つ", "language": "en"}
    notes = {"bring": "めがね", "fee": "100", "audience": "写真が好きな方", "contact": "高齢介護課"}
    draft = clerk.post("/staff/lessons/plan", data=typed(clerk, **asked, **whom, **notes))
    assert draft.status_code == 200 and "まだ、だれにも見えていません" in draft.text and "続きの回（3回）" in draft.text
    made = kept(platform, "写真の送り方")
    visitor = TestClient(app, headers={"accept-language": "ja"})
    assert visitor.get(f"/lessons/{made[0].id}").status_code == 404
    listed = clerk.post(f"{draft.url.path}/settle", data={"key": key_in(draft.text), "step": "publish"})
    assert listed.url.path == "/staff/lessons"
    made = kept(platform, "写真の送り方")
    assert {one.state for one in made} == {"published"} and {one.first_timer_seats for one in made} == {2}
    assert len({one.start_date - one.registration_closes for one in made}) == 1 and {one.fee_yen for one in made} == {100}
    shown = re.sub(r"<rt>.*?</rt>|<rp>.*?</rp>|<[^>]+>", "", visitor.get(f"/lessons/{made[0].id}").text)
    assert "65歳からの方" in shown and "この町に住んでいる方またはこの町で働いている方" in shown and "めがね" in shown
    with platform.database.reading() as session:
        assert session.get_one(SessionSeries, made[0].super_event).event_schedule == "FREQ=WEEKLY;INTERVAL=2;COUNT=3"


def test_too_long_a_name_is_told_at_its_field_and_nothing_typed_is_lost(clerk, platform):
    page = clerk.post("/staff/lessons/plan", data=typed(clerk, name="長い" * 300, bring="めがね"))
    assert page.status_code == 422 and "教室の名前を、60文字までに縮めてください" in page.text
    assert '<a href="#name">' in page.text and 'value="めがね"' in page.text and 'value="長い長い' in page.text
    assert kept(platform, "長い" * 300) == []


def test_everything_wrong_is_told_at_once_beside_its_field_and_nothing_typed_is_lost(clerk, platform):
    wrong = {"name": "まちがい", "seats": "たくさん", "closes": "2020-01-01T10:00", "age_from": "80", "age_to": "60", "whom": "own"}
    page = clerk.post("/staff/lessons/plan", data=typed(clerk, **wrong))
    assert page.status_code == 422 and "書き直すところが3つあります" in page.text
    assert all(f'<a href="#{field}">' in page.text for field in ("seats", "closes", "age_from"))
    assert 'value="まちがい"' in page.text and 'value="たくさん"' in page.text and page.text.count('aria-invalid="true"') == 3
    assert kept(platform, "まちがい") == []


def test_a_rule_of_ones_own_is_taken_and_an_endless_one_is_not(clerk, platform):
    page = clerk.post("/staff/lessons/plan", data=typed(clerk, name="決まり", repeat="rule", rule="FREQ=DAILY"))
    assert "終わりのない決まりです" in page.text and kept(platform, "決まり") == []
    rule = "FREQ=MONTHLY;BYDAY=1SU;COUNT=2"
    clerk.post("/staff/lessons/plan", data=typed(clerk, name="決まり", repeat="rule", rule=rule, room="hall_b/会議室"))
    assert len(kept(platform, "決まり")) == 2


def test_clashes_are_shown_with_the_nearest_free_time_as_one_press(clerk, platform):
    day = a_day(7)
    clerk.post("/staff/lessons/plan", data=typed(clerk, name="先の教室", day=day))
    page = clerk.post("/staff/lessons/plan", data=typed(clerk, name="後の教室", day=day, starts="10:30"))
    assert page.status_code == 422 and "部屋は「先の教室」" in page.text and "近くの空いている時間" in page.text
    offered = re.search(r'<form method="post" action="/staff/lessons/plan">(.+?)</form>', page.text, re.DOTALL)[1]
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', offered)}
    assert clerk.post("/staff/lessons/plan", data=fields).url.path.startswith("/staff/lessons/plan/")
    assert len(kept(platform, "後の教室")) == 1


def test_an_hour_in_the_night_is_held_only_where_staff_say_so(clerk, platform):
    asked = typed(clerk, name="星の教室", day=a_day(9), starts="20:30", all_the_same="")
    page = clerk.post("/staff/lessons/plan", data=asked)
    assert "それでも、この日時に開く" in page.text
    assert clerk.post("/staff/lessons/plan", data={**asked, "all_the_same": "yes"}).status_code == 200 and kept(platform, "星の教室")


def test_a_draft_is_changed_with_its_series_and_can_be_taken_back(clerk, platform):
    made = clerk.post("/staff/lessons/plan", data=typed(clerk, name="直す教室", day=a_day(11), repeat="weekly", times="2"))
    asked = typed(clerk, name="直した教室", day=a_day(11), starts="13:00", series="yes", bring="充電器")
    assert clerk.post(made.url.path, data=asked).status_code == 200
    assert {one.what_to_bring for one in kept(platform, "直した教室")} == {"充電器"} and len(kept(platform, "直した教室")) == 2
    clerk.post(f"{made.url.path}/settle", data={"key": key_in(made.text), "step": "discard", "series": "yes"})
    assert {one.state for one in kept(platform, "直した教室")} == {"discarded"}


def test_another_class_like_one_there_is_begins_filled_in(clerk, platform):
    clerk.post("/staff/lessons/plan", data=typed(clerk, day=a_day(13), bring="お持ちのスマホ"))
    one = kept(platform, "電話とカメラ")[0]
    page = clerk.get("/staff/lessons/plan", params={"like": one.id}).text
    assert 'value="電話とカメラ"' in page and 'value="お持ちのスマホ"' in page and 'action="/staff/lessons/plan"' in page


def test_only_a_clerk_may_plan(app):
    lead = signed_in(app, "lead")
    assert lead.get("/staff/lessons/plan").status_code == 403 and "/staff/lessons/plan" not in lead.get("/staff/lessons").text
    assert TestClient(app).get("/staff/lessons/plan").url.path == "/staff/sign-in"


def test_a_form_without_this_sessions_key_makes_nothing(clerk, platform):
    """Control."""
    assert clerk.post("/staff/lessons/plan", data=typed(clerk, key="x", name="よその用紙")).status_code == 403
    assert kept(platform, "よその用紙") == []
