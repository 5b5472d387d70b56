"""Days outside the years a town plans for: every form says so and every page opens afterwards; and one too far away can be taken back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from inclusion.web.platform import clock
from lessons import Availability, Closure, team

from .test_day_pages import press
from .test_keeping_pages import PLACES
from .test_pages import app, clerk, platform, visitor

__all__ = ["app", "clerk", "platform", "visitor"]

NOT_OURS = ("0001-01-01", "1999-12-31", "2200-01-01", "9999-12-31", "day 1")


@pytest.fixture
def own_pages(platform):
    with platform.database.writing() as session:
        volunteer, key = team.register(session, team.Profile("支援 者", "0311112222"), clock())
        return volunteer.id, f"/volunteers/{key}"


def kept(platform, table):
    with platform.database.reading() as session:
        return session.exec(select(table)).all()


@pytest.mark.parametrize("day", NOT_OURS)
def test_no_closed_day_is_kept_there_and_the_page_opens_afterwards(clerk, platform, day):
    before = len(kept(platform, Closure))
    for first, last in ((day, ""), ("2026-12-01", day)):
        assert press(clerk, PLACES, f"{PLACES}/closures", venue="", first=first, last=last).status_code == 422
    assert len(kept(platform, Closure)) == before
    assert clerk.get(PLACES).status_code == 200


def test_control_the_last_of_our_days_is_kept_and_one_kept_before_there_were_bounds_goes_by_its_button(clerk, platform):
    press(clerk, PLACES, f"{PLACES}/closures", venue="", first="2199-12-31", reason="大晦日")
    with platform.database.writing() as session:
        session.add(Closure(venue_id="", first_day=date(1, 1, 1), last_day=date(9999, 12, 31), reason="うちまちがい"))
    assert "大晦日" in clerk.get(PLACES).text
    for one in kept(platform, Closure):
        assert press(clerk, PLACES, f"{PLACES}/away", kind="closure", row=one.id).status_code == 200
    assert kept(platform, Closure) == []


@pytest.mark.parametrize("day", NOT_OURS)
def test_no_class_is_planned_there_no_days_away_are_noted_and_no_report_is_counted(clerk, visitor, platform, own_pages, day):
    plan = {"course": "call", "room": "hall_a/研修室", "day": day, "starts": "10:00", "seats": "6", "all_the_same": "yes"}
    assert press(clerk, "/staff/lessons/plan", **plan).status_code == 422
    assert visitor.post(f"{own_pages[1]}/plan", data=plan).status_code == 422
    assert visitor.post(f"{own_pages[1]}/away", data={"first": day}).status_code == 422
    assert visitor.post(f"{own_pages[1]}/away", data={"first": "2026-12-01", "last": day}).status_code == 422
    for asked in ({"since": day}, {"until": day}):
        assert clerk.get("/staff/report", params=asked).status_code == 422
        assert clerk.get("/staff/report.csv", params=asked).status_code == 422


def test_control_on_a_day_of_ours_the_same_is_done(clerk, visitor, platform, own_pages):
    assert visitor.post(f"{own_pages[1]}/away", data={"first": "2199-12-31"}).status_code == 200
    assert date(2199, 12, 31) in [one.first_day for one in kept(platform, Availability)]
    assert clerk.get("/staff/report", params={"since": "2000-01-01", "until": "2199-12-31"}).status_code == 200
