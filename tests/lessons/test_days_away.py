"""Days away are noted, taken back by the volunteer or by staff, and the roster and the search for cover see both at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from inclusion.staff.audit import AuditEntry
from inclusion.web.platform import clock
from lessons import Availability, ScheduledSession, team
from lessons.helper_errors import AwayUnknown, RosterOutdated

from .crew import helper, promised
from .programme import books
from .test_day_pages import press
from .test_pages import app, clerk, platform, visitor

__all__ = ["app", "clerk", "platform", "visitor"]
ZONE = "Asia/Tokyo"


@pytest.fixture
def room(plan):
    return plan(room_capacity=8, helper_ratio=4)


@pytest.fixture
def blue(session, now):
    return helper(session, now, "あお")


@pytest.fixture
def day(session, room):
    return books(session, room).start_date.date()


def drafted(session, day, now):
    problem = team.read_problem(session, day, day, ZONE, now)
    return team.keep_draft(session, problem, team.solve(problem, 5.0), day, day, now)


def test_who_takes_days_back_is_in_the_next_draft_and_a_draft_from_before_is_out_of_date(session, room, blue, day, now):
    away = team.block_days(session, blue.id, day, day)
    without = drafted(session, day, now)
    assert not team.changes_of(session, without).new and any(one["code"] == "away" for one in without.gaps[0]["reasons"])
    team.unblock_days(session, blue.id, away.id)
    with pytest.raises(RosterOutdated):
        team.publish(session, without.id, ZONE, now)
    assert [one.volunteer_id for one in team.changes_of(session, drafted(session, day, now)).new] == [blue.id]


def test_who_takes_days_back_is_asked_for_cover_again(session, room, blue, day, now):
    sick = helper(session, now, "あか")
    away = team.block_days(session, blue.id, day, day)
    team.unblock_days(session, blue.id, away.id)
    search = team.request_of(session, team.want_cover(session, promised(session, room, sick, now), now).assignment_id)
    assert [volunteer.id for _, volunteer in team.asks_of(session, search.id)] == [blue.id]


def test_days_of_another_and_days_taken_back_already_are_refused_and_the_week_stays(session, blue, day, now):
    away, other = team.block_days(session, blue.id, day, day), helper(session, now, "みどり")
    weekly = session.exec(select(Availability).where(Availability.volunteer_id == blue.id, Availability.kind == "available")).one()
    for volunteer_id, row in ((other.id, away.id), (blue.id, weekly.id), (blue.id, "x")):
        with pytest.raises(AwayUnknown):
            team.unblock_days(session, volunteer_id, row)
    team.unblock_days(session, blue.id, away.id)
    with pytest.raises(AwayUnknown):
        team.unblock_days(session, blue.id, away.id)


def test_the_same_days_noted_twice_stand_once(session, blue, day):
    assert team.block_days(session, blue.id, day, day).id == team.block_days(session, blue.id, day, day).id
    assert len(team.days_away(session, blue.id, day)) == 1 and not team.days_away(session, blue.id, day + timedelta(days=1))


@pytest.fixture
def own_pages(platform):
    with platform.database.writing() as session:
        volunteer, key = team.register(session, team.Profile("支援 者", "0311112222"), clock())
        return volunteer.id, f"/volunteers/{key}"


def noted(platform, volunteer_id):
    with platform.database.reading() as session:
        return [one.id for one in team.days_away(session, volunteer_id, clock().date())]


def test_a_volunteer_takes_days_back_on_the_own_page_and_a_second_press_is_told_so(visitor, platform, own_pages):
    volunteer_id, page = own_pages
    shown = visitor.post(f"{page}/away", data={"first": "2099-12-03", "last": "2099-12-05"}).text
    away = noted(platform, volunteer_id)[0]
    assert away in shown and away in visitor.get(f"{page}/week").text
    assert "承りました" in visitor.post(f"{page}/back", data={"id": away}).text and not noted(platform, volunteer_id)
    again = visitor.post(f"{page}/back", data={"id": away})
    assert again.status_code == 422 and "もう取り消されています" in again.text


def test_staff_note_and_take_back_for_somebody_on_the_telephone_and_both_are_journalled(clerk, platform, own_pages):
    page = f"/staff/volunteers/{own_pages[0]}"
    assert "この休みを取り消す" in press(clerk, page, f"{page}/away", first="2099-12-03").text
    away = noted(platform, own_pages[0])[0]
    assert "入っていません" in press(clerk, page, f"{page}/back", id=away).text
    assert press(clerk, page, f"{page}/back", id=away).status_code == 422
    with platform.database.reading() as session:
        kept = session.exec(select(AuditEntry).where(AuditEntry.subject_id == own_pages[0]).order_by(col(AuditEntry.number))).all()
    assert [one.action for one in kept] == ["team.away", "team.back"] and all(one.staff_id for one in kept)


def test_nobody_takes_back_the_days_of_another(visitor, clerk, platform, own_pages):
    with platform.database.writing() as session:
        _, key = team.register(session, team.Profile("別の 人", "0311113333"), clock())
    visitor.post(f"{own_pages[1]}/away", data={"first": "2099-12-03"})
    away = noted(platform, own_pages[0])[0]
    assert visitor.post(f"/volunteers/{key}/back", data={"id": away}).status_code == 422
    assert visitor.post("/volunteers/x/back", data={"id": away}).status_code == 404
    assert clerk.post(f"/staff/volunteers/{own_pages[0]}/back", data={"key": "wrong", "id": away}).status_code == 403
    assert noted(platform, own_pages[0]) == [away]


def test_a_class_promised_for_days_away_is_named_beside_them(visitor, clerk, platform, own_pages):
    volunteer_id, page = own_pages
    with platform.database.writing() as session:
        team.change_state(session, volunteer_id, "approved")
        ahead = select(ScheduledSession).where(ScheduledSession.state == "published", ScheduledSession.start_date > clock())
        place = session.exec(ahead.order_by(col(ScheduledSession.start_date).desc())).first()
        promised(session, place.id, team.known_volunteer(session, volunteer_id), clock())
        day = place.start_date.astimezone(platform.town.timezone).date().isoformat()
    shown = visitor.post(f"{page}/away", data={"first": day}).text
    assert "予定の教室" in shown and "代わりをお願いします" in shown
    assert "予定の教室" in clerk.get(f"/staff/volunteers/{volunteer_id}").text
