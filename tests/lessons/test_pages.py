"""Classes as people meet them: on the page, in the chat, by another program, and over the telephone with staff at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from inclusion.settings import Settings
from inclusion.staff.accounts import create_staff
from inclusion.staff.passwords import Passwords
from inclusion.web.platform import Platform, clock
from inclusion.web.wiring import build_app
from lessons import Application, Booking, ScheduledSession, upcoming
from lessons.learning_tables import TutoringTicket
from lessons.tables import Learner, Notice
from lessons.verify_draw import faults as disagreements
from tests.platforms import demo_platform

FORM = {"name": "山田 花子", "phone": "03-1234-5678", "consent": "yes"}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    settings = Settings(inclusion_var=tmp_path_factory.mktemp("var"), database_url="", public_url="http://testserver", _env_file=None)
    platform = demo_platform(settings)
    platform.lesson_keeping().open_timetable()
    yield platform
    platform.database.close()


@pytest.fixture(scope="module")
def app(platform: Platform):
    return build_app(platform)


@pytest.fixture
def visitor(app) -> TestClient:
    return TestClient(app, headers={"accept-language": "ja"})


@pytest.fixture
def clerk(app, platform: Platform) -> TestClient:
    """Signed in; once for all stories of an app."""
    client = TestClient(app, headers={"accept-language": "ja"})
    if not hasattr(app.state, "signed_in"):
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        create_staff(platform.database, "clerk", "係", "correct horse battery", ("clerk",), clock(), passwords=quick)
        key = key_in(client.get("/staff/sign-in").text)
        client.post("/staff/sign-in", data={"key": key, "login": "clerk", "password": "correct horse battery"})
        app.state.signed_in = client.cookies
    client.cookies = app.state.signed_in
    return client


def key_in(html: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', html)[1]


def first_class(platform: Platform, allocation: str = "first_come", seats: int | None = None) -> str:
    """An untouched class that is for everybody; with `seats` its room is made that small."""
    with platform.database.writing() as session:
        taken = select(Application.session_id)
        places = [one.session for one in upcoming(session, clock()) if one.session.allocation == allocation and not one.course.conditions]
        used = set(session.exec(taken).all())
        place = next(one for one in places if one.id not in used)
        if seats is not None:
            place.room_capacity = place.maximum_attendee_capacity = seats
            session.add(place)
        return place.id


def apply(visitor: TestClient, room: str, number: int = 0):
    return visitor.post(f"/lessons/{room}", data={**FORM, "name": f"花子{number}", "key": f"{room}-{number}"})


def test_the_list_marks_every_class_as_a_sample(visitor):
    page = visitor.get("/lessons").text
    assert page.count('class="class-card__sample"') == page.count('class="class-card"') > 20


def test_a_form_filled_in_gives_a_seat_a_receipt_and_a_way_back(visitor, platform):
    page = apply(visitor, first_class(platform))
    assert page.url.path.startswith("/lessons/applications/")
    assert "席が取れました" in page.text and "受付番号" in page.text and "申し込みを取り消す" in page.text


def test_a_form_with_gaps_comes_back_with_what_was_typed_and_links_to_each_gap(visitor, platform):
    page = visitor.post(f"/lessons/{first_class(platform)}", data={"name": "山田 花子", "phone": "12", "key": "k"})
    assert page.status_code == 422
    assert 'href="#phone"' in page.text and 'href="#consent"' in page.text and 'href="#name"' not in page.text
    assert 'value="山田 花子"' in page.text


def test_pressing_twice_is_one_application(visitor, platform):
    room = first_class(platform)
    assert apply(visitor, room).url == apply(visitor, room).url


def test_a_name_with_markup_is_shown_as_it_was_typed(visitor, platform):
    page = visitor.post(f"/lessons/{first_class(platform)}", data={"name": "<b>花子</b>", "phone": "1", "key": "k"})
    assert "<b>花子</b>" not in page.text and "&lt;b&gt;" in page.text


def test_the_last_seat_given_up_is_held_for_who_waits_and_taken_with_one_press(visitor, platform):
    room = first_class(platform, seats=1)
    first, second = apply(visitor, room, 1), apply(visitor, room, 2)
    assert '空きを待つ<span class="together">1番</span>目' in second.text and "ほかに、空きのある教室" in second.text
    visitor.post(first.url.path, data={"step": "cancel"})
    assert "席が空きました" in visitor.get(second.url.path).text
    assert "席が取れました" in visitor.post(second.url.path, data={"step": "accept"}).text


def test_a_form_from_another_site_is_not_believed(visitor, platform):
    answer = visitor.post(f"/lessons/{first_class(platform)}", data=FORM, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_what_does_not_exist_is_told_kindly(visitor):
    assert [visitor.get(f"/lessons/{path}").status_code for path in ("nowhere", "applications/x", "draws/x")] == [404, 404, 404]


def test_the_calendar_is_not_sent_again_while_nothing_changed(visitor):
    first = visitor.get("/lessons/calendar.ics")
    assert first.text.startswith("BEGIN:VCALENDAR") and "見本" in first.text
    assert visitor.get("/lessons/calendar.ics", headers={"if-none-match": first.headers["etag"]}).status_code == 304


def test_another_program_lists_books_twice_with_one_key_and_gives_up(visitor, platform):
    room = first_class(platform)
    assert room in {one["id"] for one in visitor.get("/api/v1/lessons/sessions").json()["sessions"]}
    body = {"name": "山田 花子", "phone": "0312345678", "consent": True}
    first, again = (
        visitor.post(f"/api/v1/lessons/sessions/{room}/applications", json=body, headers={"Idempotency-Key": f"k-{room}"}) for _ in range(2)
    )
    assert (first.status_code, first.json()["state"]) == (201, "confirmed")
    assert first.json() == again.json()
    assert visitor.delete(f"/api/v1/lessons/applications/{first.json()['id']}").status_code == 204


def test_another_program_hears_of_other_classes_waits_and_takes_the_freed_seat(visitor, platform):
    room = first_class(platform, seats=1)
    body = {"phone": "0312345678", "consent": True}
    one, other = (visitor.post(f"/api/v1/lessons/sessions/{room}/applications", json={"name": f"機械{n}", **body}).json() for n in range(2))
    assert one["alternatives"] == [] and len(other["alternatives"]) == 3 and other["position"] == 1
    mine = f"/api/v1/lessons/applications/{other['id']}"
    assert visitor.post(f"{mine}/acceptance").json()["error"]["code"] == "no_offer"
    visitor.delete(f"/api/v1/lessons/applications/{one['id']}")
    assert visitor.get(mine).json()["state"] == "offered" and visitor.get(mine).json()["holdUntil"]
    assert [visitor.post(f"{mine}/acceptance").json()["state"] for _ in range(2)] == ["confirmed", "confirmed"]
    assert visitor.get("/api/v1/lessons/applications/nobody").status_code == 404


def test_another_program_is_refused_with_a_sentence_in_two_languages(visitor):
    gone = visitor.post("/api/v1/lessons/sessions/nowhere/applications", json={"name": "花子", "phone": "0312345678", "consent": True})
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "session_unknown")
    assert "見つかりません" in gone.json()["error"]["message"] and "There is no such class" in gone.json()["error"]["message"]


def test_the_chat_leads_to_a_class_in_two_turns_without_asking_for_a_name(visitor):
    asked = visitor.post("/api/v1/ask", json={"text": "スマホ教室に申し込みたい"}).json()
    assert len(asked["choices"]) == 4 and all(len(one["label"]) <= 20 for one in asked["choices"])
    chosen = visitor.post("/api/v1/ask", json={"text": asked["choices"][0]["says"], "conversation": asked["conversation"]}).json()
    assert "http://testserver/lessons/" in chosen["text"] and "見本" in chosen["text"]


def test_staff_enter_a_caller_and_see_whom_to_call(clerk, visitor, platform):
    room = first_class(platform, seats=1)
    first = apply(visitor, room, 5)
    page = clerk.get(f"/staff/lessons/{room}").text
    assert "こちらの教室をご案内できます" in page and page.count('<li><a href="/staff/lessons/') == 3
    sent = {"key": key_in(page), "name": "電話 太郎", "phone": "03-9999-0000", "consent": "yes", "form_id": "f1", "needs": "step_free"}
    assert "空きを待つ1番目" in clerk.post(f"/staff/lessons/{room}/callers", data=sent).text
    visitor.post(first.url.path, data={"step": "cancel"})
    to_call = clerk.get("/staff/lessons").text
    assert "電話 太郎" in to_call and "席が空いた" in to_call and 'href="tel:0399990000"' in to_call


def test_a_class_with_its_own_conditions_and_deadline_says_so_on_the_page(visitor, platform):
    room = first_class(platform)
    with platform.database.writing() as session:
        place = session.get_one(ScheduledSession, room)
        place.conditions, place.cancel_deadline = {"prerequisites": ["電話に出る"]}, place.start_date - timedelta(days=1)
    assert "declared" not in visitor.post(f"/lessons/{room}", data={**FORM, "name": "条件 花子"}).url.path
    page = visitor.post(f"/lessons/{room}", data={**FORM, "name": "条件 花子", "declared": "yes"})
    assert 'name="declared"' in visitor.get(f"/lessons/{room}").text and "までにお願いします" in page.text
    with platform.database.writing() as session:
        session.get_one(ScheduledSession, room).cancel_deadline = clock() - timedelta(minutes=1)
    assert "ここで取り消せるのは" in visitor.post(page.url.path, data={"step": "cancel"}).text


def test_staff_see_whom_to_remind_what_to_say_and_note_it(clerk, visitor, platform):
    room = first_class(platform)
    apply(visitor, room, 61)
    with platform.database.writing() as session:
        application = session.exec(select(Application.id).where(Application.session_id == room)).one()
        start = session.get_one(ScheduledSession, room).start_date
        notice = Notice(kind="day_before", session_id=room, application_id=application, until=start, made_at=clock())
        session.add(notice)
        session.flush()
        number = notice.id
    page = clerk.get(f"/staff/lessons/{room}").text
    assert "前の日のお知らせ" in page and "このお電話で取り消せます" in page and "花子61" in page
    told = clerk.post(f"/staff/lessons/{room}/told", data={"key": key_in(page), "notice": number}).text
    assert "前の日のお知らせ" not in told


def test_staff_see_which_help_ended_by_itself(clerk, platform):
    assert "自動で終わりにした相談" not in clerk.get("/staff/tutoring").text
    with platform.database.writing() as session:
        learner = Learner(name="", name_key="forgotten", phone="", consented_at=clock())
        session.add(learner)
        session.flush()
        ended = {"state": "resolved", "ended_by": "itself", "queued_at": clock(), "changed_at": clock()}
        session.add(TutoringTicket(number="8642", learner_id=learner.id, **ended))
    page = clerk.get("/staff/tutoring").text
    assert "自動で終わりにした相談" in page and "8642" in page


def test_nobody_without_a_staff_account_sees_a_name(visitor, platform):
    room = first_class(platform)
    apply(visitor, room, 6)
    assert "花子6" not in visitor.get(f"/staff/lessons/{room}").text + visitor.get(f"/lessons/{room}").text
    assert visitor.get(f"/staff/lessons/{room}").url.path == "/staff/sign-in"


def test_a_staff_form_without_this_sessions_key_changes_nothing(clerk, visitor, platform):
    room = first_class(platform)
    assert clerk.post(f"/staff/lessons/{room}/helpers", data={"key": "wrong", "number": 9}).status_code == 403


def test_a_draw_led_by_staff_is_verified_by_anybody(clerk, visitor, platform):
    room = first_class(platform, "lottery", seats=2)
    pages = [apply(visitor, room, number) for number in range(5)]
    assert all("抽選に申し込みました" in page.text for page in pages)
    step(clerk, room, step="announce", source="公の数")
    with platform.database.writing() as session:
        close_now(session, room)
    step(clerk, room, step="seal")
    done = step(clerk, room, step="draw", value="38915.87")
    record = visitor.get(re.search(r'href="(/lessons/draws/\w+)"', done.text)[1]).text
    assert disagreements(record) == []
    states = [re.search(r"<h1>(.+?)</h1>", visitor.get(page.url.path).text)[1] for page in pages]
    assert (sum("当たりました" in one for one in states), sum("補欠" in one for one in states)) == (2, 3)


def test_an_offer_ends_on_time_though_nobody_opens_a_page(visitor, platform):
    room = first_class(platform, seats=1)
    first, second = apply(visitor, room, 7), apply(visitor, room, 8)
    visitor.post(first.url.path, data={"step": "cancel"})
    with platform.database.writing() as session:
        session.exec(update(Booking).where(col(Booking.state) == "held").values(hold_expires_at=clock() - timedelta(seconds=1)))
    platform.lesson_keeping().end_old_offers()
    assert "終わっています" in visitor.get(second.url.path).text


def step(clerk: TestClient, room: str, **fields: str):
    return clerk.post(f"/staff/lessons/{room}/draw", data={"key": key_in(clerk.get(f"/staff/lessons/{room}").text), **fields})


def close_now(session: Session, room: str) -> None:
    session.exec(
        update(ScheduledSession).where(col(ScheduledSession.id) == room).values(registration_closes=clock() - timedelta(seconds=1))
    )


def test_the_checker_offered_for_download_is_the_one_we_test(visitor):
    ours = (Path(__file__).parents[2] / "lessons" / "verify_draw.py").read_text(encoding="utf-8")
    assert visitor.get("/lessons/verify_draw.py").text == ours
