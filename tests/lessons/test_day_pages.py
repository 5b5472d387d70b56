"""The day of a class, help by one person and the report as staff and learners see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select, update
from starlette.testclient import TestClient

from inclusion.web.platform import clock
from lessons import ScheduledSession
from lessons.learning_tables import CheckInCode, Feedback, SkillEvidence

from .test_pages import app, apply, clerk, first_class, key_in, platform, visitor

__all__ = ["app", "clerk", "platform", "visitor"]


@pytest.fixture
def today(platform, visitor):
    """A class that begins in ten minutes, with one person in it: (class, page of the application)."""
    room = first_class(platform)
    page = apply(visitor, room, 301)
    with platform.database.writing() as session:
        start = clock() + timedelta(minutes=10)
        moved = update(ScheduledSession).where(col(ScheduledSession.id) == room)
        session.exec(moved.values(start_date=start, end_date=start + timedelta(hours=1)))
    return room, page.url.path.rsplit("/", 1)[1]


def press(clerk: TestClient, path: str, to: str = "", **fields: str):
    return clerk.post(to or path, data={"key": key_in(clerk.get(path).text), **fields})


def test_staff_tick_who_came_and_what_was_shown_and_print_the_certificate(clerk, visitor, today):
    room, application = today
    day, one = f"/staff/lessons/{room}/day", f"/staff/lessons/{room}/day/{application}"
    assert visitor.get(f"/lessons/applications/{application}/certificate").status_code == 404
    assert "来ています" in press(clerk, day, one, step="arrive").text
    skill = re.search(r'name="value" value="([^"]+)"', clerk.get(day).text)[1]
    assert f"✓ {skill}" in press(clerk, day, one, step="shown", value=skill).text
    sheet = visitor.get(f"/lessons/applications/{application}/certificate")
    assert sheet.headers["content-type"] == "application/pdf" and sheet.content.startswith(b"%PDF")


def closed_with_a_skill(platform, clerk, room, application) -> str:
    """They came, showed one skill, and the class is over; returns the skill."""
    day = f"/staff/lessons/{room}/day"
    press(clerk, day, f"{day}/{application}", step="arrive")
    skill = re.search(r'name="value" value="([^"]+)"', clerk.get(day).text)[1]
    press(clerk, day, f"{day}/{application}", step="shown", value=skill)
    press(clerk, day)
    return skill


def test_who_was_asked_by_telephone_how_it_was_is_noted_by_staff(platform, clerk, visitor, today):
    room, application = today
    closed_with_a_skill(platform, clerk, room, application)
    day, one = f"/staff/lessons/{room}/day", f"/staff/lessons/{room}/day/{application}"
    assert press(clerk, day, one, step="opinion", value="9").status_code == 422
    assert "満足度 やや満足" in press(clerk, day, one, step="opinion", value="4").text
    with platform.database.reading() as session:
        assert session.get_one(Feedback, application).channel == "phone"


def test_the_page_asks_three_taps_and_later_whether_the_skill_is_still_there(platform, clerk, visitor, today):
    room, application = today
    address, after = f"/lessons/applications/{application}", f"/lessons/applications/{application}/after"
    assert visitor.post(after, data={"tap": "satisfaction", "value": "5"}).status_code == 404  # nobody judges what they were not at
    skill = closed_with_a_skill(platform, clerk, room, application)
    page = visitor.get(address).text
    assert "いかがでしたか" in page and "できたことの証" in page and "取り消す" not in page and "今もおひとりで" not in page
    for tap, value, then in (("satisfaction", "4", "進む速さ"), ("pace", "right", "また来たい"), ("again", "yes", "次の教室に生かします")):
        assert then in visitor.post(after, data={"tap": tap, "value": value}).text
    visitor.post(after, data={"tap": "satisfaction", "value": "1"})  # a late or a second press
    visitor.post(after, data={"tap": "review", "value": "alone", "skill": skill})  # nobody asked yet
    with platform.database.writing() as session:
        given = session.get_one(Feedback, application)
        assert (given.satisfaction, given.pace, given.again, given.channel) == (4, "right", "yes", "web")
        session.exec(update(SkillEvidence).where(col(SkillEvidence.skill) == skill).values(observed_at=clock() - timedelta(days=2)))
    assert f"「{skill}」は、今もおひとりでできますか" in visitor.get(address).text.replace("<wbr>", "")
    for _ in range(2):
        assert "今もおひとりで" not in visitor.post(after, data={"tap": "review", "value": "alone", "skill": skill}).text
    with platform.database.reading() as session:
        seen = select(SkillEvidence.result, SkillEvidence.observed_by).where(SkillEvidence.kind == "review")
        assert session.exec(seen).all() == [("alone", "self")]


def test_a_newcomer_begins_a_sample_and_holds_the_certificate_a_minute_later(platform, clerk, visitor):
    room = first_class(platform)
    application = apply(visitor, room, 311).url.path.rsplit("/", 1)[1]
    day = f"/staff/lessons/{room}/day"
    too_early = press(clerk, day)
    assert too_early.status_code == 422 and "来ていない" not in clerk.get(f"/staff/lessons/{room}").text  # closing it now blames nobody
    assert "今から始める" in clerk.get(day).text
    assert "今から始める" not in press(clerk, day, f"/staff/lessons/{room}/begin").text
    press(clerk, day, f"{day}/{application}", step="arrive")
    skill = re.search(r'name="value" value="([^"]+)"', clerk.get(day).text)[1]
    press(clerk, day, f"{day}/{application}", step="shown", value=skill)
    assert visitor.get(f"/lessons/applications/{application}/certificate").content.startswith(b"%PDF")


def test_a_real_class_keeps_its_day(platform, clerk):
    room = first_class(platform)
    with platform.database.writing() as session:
        session.exec(update(ScheduledSession).where(col(ScheduledSession.id) == room).values(sample=False))
    day = f"/staff/lessons/{room}/day"
    assert "今から始める" not in clerk.get(day).text
    assert press(clerk, day, f"/staff/lessons/{room}/begin").status_code == 422


def test_who_did_not_come_is_asked_why_and_not_blamed(clerk, today):
    room, application = today
    day = f"/staff/lessons/{room}/day"
    assert "来ていない" in press(clerk, day).text
    assert "来られなかった： 体調" in press(clerk, day, f"{day}/{application}", step="excuse", value="ill").text


def test_the_qr_on_the_board_checks_in_with_one_press(platform, clerk, visitor, today):
    room, _application = today
    clerk.get(f"/staff/lessons/{room}/day")
    with platform.database.reading() as session:
        code = session.exec(select(CheckInCode.code).where(CheckInCode.session_id == room)).one()
    page = visitor.get(f"/lessons/here/{room}/{code}").text
    receipt = re.search(r'name="receipt"[^>]*value="([A-Z0-9-]+)"', page)[1]
    assert "受付しました" in visitor.post(f"/lessons/here/{room}/{code}", data={"receipt": receipt}).text
    assert visitor.get(f"/lessons/here/{room}/0000").status_code == 404
    assert visitor.post(f"/lessons/here/{room}/{code}", data={"receipt": "AAAA-AAAA"}).status_code == 422


def test_a_walk_in_gets_a_number_and_the_next_free_helper(clerk):
    press(clerk, "/staff/tutoring", "/staff/tutoring/walk-in", language="ja")
    page = press(clerk, "/staff/tutoring", "/staff/tutoring/duty", name="甲", languages="ja")
    ticket = re.search(r"/staff/tutoring/begin/(\w+)", page.text)[1]
    page = press(clerk, "/staff/tutoring", f"/staff/tutoring/begin/{ticket}")
    assert f"/staff/tutoring/resolve/{ticket}" in page.text
    assert ticket not in press(clerk, "/staff/tutoring", f"/staff/tutoring/resolve/{ticket}").text
    assert press(clerk, "/staff/tutoring", f"/staff/tutoring/resolve/{ticket}").status_code == 422
    page = press(clerk, "/staff/tutoring", "/staff/tutoring/walk-in", language="ko")
    gone = re.search(r"/staff/tutoring/left/(\w+)", page.text)[1]
    assert gone not in press(clerk, "/staff/tutoring", f"/staff/tutoring/left/{gone}").text
    assert press(clerk, "/staff/tutoring", f"/staff/tutoring/left/{gone}").status_code == 422


def test_the_report_shows_bars_with_a_table_beside_each_and_a_csv(clerk, today):
    page = clerk.get("/staff/report").text
    assert page.count('<svg class="chart"') >= 2 and page.count("<table ") >= 4 and "見本の教室の数字" in page
    sheet = clerk.get("/staff/report.csv").text
    assert sheet.startswith("\ufeff") and "申し込みの方法" in sheet and "5未満" in sheet


def test_nobody_without_a_staff_account_sees_the_day_the_queue_or_the_report(visitor, today):
    for path in (f"/staff/lessons/{today[0]}/day", "/staff/tutoring", "/staff/report", "/staff/report.csv"):
        assert visitor.get(path).url.path == "/staff/sign-in"
