"""Staff keep places and closed days, volunteers their profile, a class its hours, and calendars come and go, all on plain pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlmodel import col, select, update

from inclusion.web.platform import clock
from lessons import Assignment, Closure, Course, CoverRequest, ScheduledSession, Volunteer, close_sample, team
from lessons.errors import DrawNotPossible

from .test_day_pages import press, today
from .test_pages import FORM, app, apply, clerk, first_class, platform, visitor

__all__ = ["app", "clerk", "platform", "today", "visitor"]

PLACES = "/staff/places"


def test_a_closed_day_is_kept_named_with_its_class_and_stops_a_plan(clerk, platform):
    with platform.database.reading() as session:
        one = session.exec(select(ScheduledSession).order_by(col(ScheduledSession.start_date))).first()
        day, name = one.start_date.astimezone(platform.town.timezone).date(), one.name
    page = press(clerk, PLACES, f"{PLACES}/closures", venue="", first=day.isoformat(), reason="点検")
    assert "点検" in page.text and name in page.text and "この日に教室があります" in page.text
    with platform.database.reading() as session:
        shut = session.exec(select(Closure)).one()
    assert press(clerk, PLACES, f"{PLACES}/away", kind="closure", row=shut.id).text.count("点検") == 0


def test_every_helper_of_the_sample_month_stands_there_for_a_reason(clerk, platform):
    with platform.database.reading() as session:
        standing = session.exec(select(Assignment)).all()
        room = session.exec(
            select(ScheduledSession.id).order_by(col(ScheduledSession.start_date)).where(ScheduledSession.state == "published")
        ).all()[-1]
        there = {row.volunteer_id for row, _ in team.helpers_of(session, room)}
        free = next(one for one in team.all_volunteers(session) if one.id not in there)
    assert standing and all(one.reasons for one in standing)
    page = f"/staff/teams/{room}"
    assert "係がこの方にお願いしました" in press(clerk, page, step="ask", volunteer=free.id).text


def test_staff_note_what_those_asked_to_step_in_say_on_the_telephone(clerk, platform):
    with platform.database.reading() as session:
        search = session.exec(select(CoverRequest).where(CoverRequest.state == "asking")).one()
        first, second, third = [ask.id for ask, _ in team.asks_of(session, search.id)][:3]
    page = f"/staff/teams/{search.session_id}"
    assert "来られません" in press(clerk, page, step="not_this_time", ask=first).text
    assert "代わりが来ます" in press(clerk, page, step="step_in", ask=second).text
    assert "ほかの方が先に" in press(clerk, page, step="step_in", ask=third).text
    with platform.database.reading() as session:
        assert session.get_one(CoverRequest, search.id).state == "filled"


def test_a_day_that_ends_before_it_begins_is_refused_with_a_sentence(clerk):
    page = press(clerk, PLACES, f"{PLACES}/closures", first="2027-02-02", last="2027-02-01")
    assert page.status_code == 422 and "書き直すところがあります" in page.text


def test_rooms_and_telephones_are_kept_changed_and_a_used_room_stays(clerk, platform):
    assert "和室 — 12人まで" in press(clerk, PLACES, f"{PLACES}/rooms", venue="hall_a", name="和室", capacity="12").text
    assert "和室 — 9人まで" in press(clerk, PLACES, f"{PLACES}/rooms", venue="hall_a", name="和室", capacity="9").text
    assert "予備（iPhone）4台" in press(clerk, PLACES, f"{PLACES}/devices", name="予備", system="iphone", quantity="4").text
    used = re.search(r'name="row" value="(\w+)"><button class="pill" aria-label="研修室', clerk.get(PLACES).text)[1]
    assert "予定されています" in press(clerk, PLACES, f"{PLACES}/away", kind="room", row=used).text


def test_a_national_topic_becomes_a_course_with_its_source(clerk, platform):
    assert "e-Tax" in press(clerk, PLACES, f"{PLACES}/topics", code="etax").text
    with platform.database.reading() as session:
        course = session.get_one(Course, "etax")
    assert course.source and course.material_version and course.material_ref.endswith("/etax")


def test_a_venues_calendar_is_read_by_anybody_with_the_address_until_it_is_taken_back(clerk, visitor):
    page = press(clerk, PLACES, f"{PLACES}/calendars", venue="hall_a", step="new").text
    path = re.search(r"http://testserver(/lessons/calendars/[\w-]+\.ics)", page)[1]
    feed = visitor.get(path)
    assert len(list(Calendar.from_ical(feed.content).walk("VEVENT"))) > 3
    assert visitor.get(path, headers={"if-none-match": feed.headers["etag"]}).status_code == 304
    press(clerk, PLACES, f"{PLACES}/calendars", venue="hall_a", step="end")
    assert visitor.get(path).status_code == 404


def test_ones_own_classes_come_as_a_calendar_and_nobody_elses(visitor, platform, app):
    room = first_class(platform)
    apply(visitor, room, 77)
    page = visitor.post("/mine/calendar").text
    path = re.search(r"http://testserver(/lessons/calendars/[\w-]+\.ics)", page)[1]
    events = list(Calendar.from_ical(visitor.get(path).content).walk("VEVENT"))
    assert [str(one["status"]) for one in events] == ["CONFIRMED"]


def test_without_the_staff_key_no_place_is_changed(clerk, visitor):
    assert clerk.post(f"{PLACES}/rooms", data={"key": "wrong", "venue": "hall_a", "name": "x", "capacity": 3}).status_code == 403
    assert visitor.get(PLACES).url.path == "/staff/sign-in"


@pytest.fixture
def own_page(platform):
    with platform.database.writing() as session:
        volunteer, key = team.register(session, team.Profile("支援 者", "0311112222"), clock())
        return volunteer.id, f"/volunteers/{key}/profile"


def test_a_volunteer_keeps_the_own_profile_but_not_the_own_check(visitor, platform, own_page):
    volunteer_id, page = own_page
    typed = {"name": "支援 者", "phone": "03-3333-4444", "skills": ["map"], "languages": ["ja", "ko"], "phone_systems": ["android"]}
    visitor.post(page, data={**typed, "hours_week": 6, "travel_minutes": 30, "check_expires": "2099-01-01"})
    with platform.database.reading() as session:
        kept = session.get_one(Volunteer, volunteer_id)
    assert (kept.phone, kept.skills, kept.languages, kept.max_minutes_week) == ("0333334444", ["map"], ["ja", "ko"], 360)
    assert kept.check_expires is None and kept.state == "applied"


def test_a_profile_with_a_wrong_number_comes_back_with_a_sentence(visitor, own_page):
    page = visitor.post(own_page[1], data={"name": "支援 者", "phone": "12"})
    assert page.status_code == 422 and 'role="alert"' in page.text


def test_closing_a_class_counts_its_helpers_hours_and_who_did_not_come(clerk, platform, today):
    room, _ = today
    with platform.database.writing() as session:
        ids = []
        for name in ("あお二", "みどり二"):
            volunteer, _ = team.register(session, team.Profile(name, ""), clock())
            team.change_state(session, volunteer.id, "approved")
            made = team.assign(session, room, volunteer.id, clock())
            team.ask(session, made, clock())
            ids.append((volunteer.id, team.accept(session, made.id, clock()).id))
    page = press(clerk, f"/staff/lessons/{room}/day", absent=ids[1][1])
    assert "みどり二 — 来ませんでした" in page.text and "あお二 — 手伝いました" in page.text
    with platform.database.reading() as session:
        assert [team.given_by(session, volunteer).hours for volunteer, _ in ids] == [1, 0]
        assert session.get_one(ScheduledSession, room).state == "completed"
    report = clerk.get("/staff/report.csv").text
    assert re.search(r"支援者,活動した時間,[1-9]", report)


def test_a_class_for_some_people_asks_on_the_page_and_says_kindly_why_not(visitor, platform):
    with platform.database.reading() as session:
        room = session.exec(select(ScheduledSession.id).where(ScheduledSession.course_code == "safe")).first()
    page = visitor.get(f"/lessons/{room}").text
    assert '<span class="together">60歳</span>からの方' in page and 'name="residency"' in page
    asked = visitor.post(f"/lessons/{room}", data={**FORM, "key": "e1"})
    assert asked.status_code == 422 and "当てはまるかどうかを教えてください" in asked.text
    young = visitor.post(f"/lessons/{room}", data={**FORM, "birth_year": "1999", "residency": "lives", "key": "e2"})
    assert "からの方のためのものです" in young.text
    older = {**FORM, "birth_year": "１９５０", "residency": "works", "key": "e3"}
    assert "/lessons/applications/" in visitor.post(f"/lessons/{room}", data=older).url.path


def test_joining_from_home_by_the_page_notes_the_arrival(visitor, platform, today):
    room, application = today
    with platform.database.writing() as session:
        session.exec(
            update(ScheduledSession).where(col(ScheduledSession.id) == room).values(remote_address="/live/sample", state="published")
        )
    page = visitor.get(f"/lessons/applications/{application}")
    assert "家から参加する" in page.text
    sent = visitor.post(f"/lessons/applications/{application}", data={"step": "join"}, follow_redirects=False)
    assert sent.headers["location"] == "/live/sample"


def test_the_sample_month_has_a_roster_drafted_with_reasons(clerk, platform):
    page = clerk.get("/staff/roster").text
    assert "この題目を教えられます" in page
    with platform.database.reading() as session:
        assert session.exec(select(Assignment).where(Assignment.state == "proposed")).first() is not None


def test_the_roster_page_does_not_ask_the_database_once_for_each_helper(clerk, platform):
    from sqlalchemy import event  # counts what the page asks

    asked: list[str] = []
    event.listen(platform.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    clerk.get("/staff/roster")
    assert len(asked) < 60, len(asked)


def test_a_newcomer_ends_a_samples_applications_and_draws_but_no_real_class(clerk, visitor, platform):
    room = first_class(platform, "lottery", seats=1)
    for number in range(3):
        apply(visitor, room, 900 + number)
    page = f"/staff/lessons/{room}"
    press(clerk, page, f"{page}/draw", step="announce", source="公の数")
    assert press(clerk, page, f"{page}/draw", step="seal").status_code == 422
    press(clerk, page, f"{page}/draw", step="close")
    press(clerk, page, f"{page}/draw", step="seal")
    assert "/lessons/draws/" in press(clerk, page, f"{page}/draw", step="draw", value="38915.87").text
    with platform.database.writing() as session:
        real = session.get_one(ScheduledSession, first_class(platform))
        real.sample = False
        session.add(real)
        with pytest.raises(DrawNotPossible):
            close_sample(session, real.id, clock())


def test_a_draw_that_nobody_has_held_stands_on_the_first_page_until_it_is_held(clerk, visitor, platform):
    room = first_class(platform, "lottery", seats=1)
    apply(visitor, room, 940)
    page, waits = f"/staff/lessons/{room}", "抽選を待っている教室"
    press(clerk, page, f"{page}/draw", step="announce", source="公の数")
    assert waits not in clerk.get("/staff").text  # applications are still taken
    press(clerk, page, f"{page}/draw", step="close")
    assert waits in clerk.get("/staff").text and page in clerk.get("/staff").text.partition(waits)[2]
    press(clerk, page, f"{page}/draw", step="seal")
    assert waits in clerk.get("/staff").text
    press(clerk, page, f"{page}/draw", step="draw", value="38915.87")
    assert waits not in clerk.get("/staff").text


def test_times_of_the_sample_are_in_the_future(platform):
    with platform.database.reading() as session:
        starts = session.exec(select(ScheduledSession.start_date).where(col(ScheduledSession.sample).is_(True))).all()
    assert max(starts) > clock() + timedelta(days=20)


def test_staff_choose_whether_others_may_be_moved_and_see_what_publishing_changes(clerk, platform):
    page = press(clerk, "/staff/roster", "/staff/roster", days="7", move="yes").text
    assert "来なくてよくなる方" in page and "そのままの方" in page and "新しくお願いする方" in page and 'name="move" value="yes"' in page
    number = re.search(r'action="/staff/roster/(\w{32})"', page)[1]
    published = press(clerk, "/staff/roster", f"/staff/roster/{number}", step="publish").text
    assert "空いたところを埋める下書きを作る" in published and "変わったところがあります" not in published
