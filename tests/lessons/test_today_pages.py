"""Classes of today on the staff's first page, and classes that stay in sight until somebody closes them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import col, update

from inclusion.web.platform import clock
from lessons import ScheduledSession, call_off

from .test_day_pages import press
from .test_pages import app, apply, clerk, first_class, platform, visitor

__all__ = ["app", "clerk", "platform", "visitor"]


def move_to(platform, room: str, **ago: float) -> None:
    """Let the class have begun so long ago; it lasts an hour."""
    start = clock() - timedelta(**ago)
    with platform.database.writing() as session:
        moved = update(ScheduledSession).where(col(ScheduledSession.id) == room)
        session.exec(moved.values(start_date=start, end_date=start + timedelta(hours=1)))


def row_of(page: str, room: str) -> str:
    """What the table of classes says of one, "" where it is not in it."""
    found = re.search(rf'<th scope="row"><a href="/staff/lessons/{room}">.*?</tr>', page, re.DOTALL)
    return found[0] if found else ""


@pytest.fixture
def running(platform, visitor) -> str:
    """A class that began ten minutes ago, with one person in it."""
    room = first_class(platform)
    apply(visitor, room, 501)
    move_to(platform, room, minutes=10)
    return room


def test_today_shows_a_running_class_with_seats_helpers_and_the_way_to_its_door(clerk, platform, running):
    with platform.database.reading() as session:
        place = session.get_one(ScheduledSession, running)
        seats, helpers = f"{place.seats_taken} / {place.seats_offered}", place.confirmed_helpers
    row = row_of(clerk.get("/staff").text, running)
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
    assert seats.startswith("1 / ") and cells[1:3] == [seats, str(helpers)]
    assert "始まっています" in row and f'href="/staff/lessons/{running}/day"' in row


def test_a_class_of_another_day_is_not_todays_and_has_no_door_yet(clerk, platform):
    later = first_class(platform)
    assert row_of(clerk.get("/staff").text, later) == ""
    row = row_of(clerk.get("/staff/lessons").text, later)
    assert row and f"{later}/day" not in row


def test_a_class_stays_on_the_list_until_it_is_closed_and_not_longer(clerk, running):
    assert "始まっています" in row_of(clerk.get("/staff/lessons").text, running)
    press(clerk, f"/staff/lessons/{running}/day")
    assert row_of(clerk.get("/staff/lessons").text, running) == ""
    row = row_of(clerk.get("/staff").text, running)
    assert "終わりました" in row and "まだ締めていません" not in row and f"{running}/day" not in row


def test_a_class_nobody_closed_is_still_asked_for_days_later(clerk, platform, running):
    move_to(platform, running, days=3)
    assert "まだ締めていません" in row_of(clerk.get("/staff/lessons").text, running)
    assert row_of(clerk.get("/staff").text, running) == ""


def test_a_called_off_class_is_shown_today_so_that_nobody_opens_the_door(clerk, platform, running):
    with platform.database.writing() as session:
        call_off(session, running, clock())
    row = row_of(clerk.get("/staff").text, running)
    assert "中止になりました" in row and f"{running}/day" not in row
    assert row_of(clerk.get("/staff/lessons").text, running) == ""


def test_today_names_whom_to_call_and_only_behind_the_door(clerk, visitor, platform):
    room = first_class(platform, seats=1)
    first, _second = apply(visitor, room, 511), apply(visitor, room, 512)
    assert "花子512" not in clerk.get("/staff").text
    visitor.post(first.url.path, data={"step": "cancel"})
    page = clerk.get("/staff").text
    assert "花子512" in page and 'href="tel:0312345678"' in page
    outside = visitor.get("/staff")
    assert outside.url.path == "/staff/sign-in" and "花子512" not in outside.text
