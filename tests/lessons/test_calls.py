"""Whom staff call to remind: people without a chat, once for each occasion, until it is handled, overtaken or past."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from lessons import call_off, cancel, notices_to_tell, reminders_due, tell
from lessons.reminders_due import note_call
from lessons.tables import Notice, ScheduledSession

DAY = timedelta(days=1)


@pytest.fixture
def seat(plan, join):
    return join(plan())


def remind(session, at) -> list[bool]:
    return [note_call(session, one, at) for one in reminders_due(session, at)]


def kinds(session, at) -> list[str]:
    return [one.notice.kind for one in notices_to_tell(session, at)]


def test_a_reminder_stands_on_the_list_once_until_it_is_handled(session, now, seat):
    assert remind(session, now + 4 * DAY) == [True]
    assert remind(session, now + 4 * DAY) == [False]
    assert kinds(session, now + 4 * DAY) == ["week_before"]
    tell(session, session.exec(select(Notice.id).where(Notice.kind == "week_before")).one(), "staff 1", now + 4 * DAY)
    assert kinds(session, now + 4 * DAY) == [] and remind(session, now + 4 * DAY) == [False]


def test_a_later_reminder_overtakes_one_that_nobody_handled_and_ends_with_the_class(session, now, seat):
    remind(session, now + 4 * DAY)
    assert remind(session, now + 9 * DAY) == [True]
    assert kinds(session, now + 9 * DAY) == ["day_before"]
    assert kinds(session, now + 10 * DAY) == []


def test_nobody_is_called_for_a_seat_given_up_or_a_class_called_off(session, now, plan, join):
    given_up, called_off = join(plan(), "花子"), join(plan(), "太郎")
    remind(session, now + 9 * DAY)
    assert kinds(session, now + 9 * DAY) == ["day_before", "day_before"]
    cancel(session, given_up.application_id, now + 9 * DAY)
    place = session.exec(select(ScheduledSession).join(Notice).where(Notice.application_id == called_off.application_id)).first()
    call_off(session, place.id, now + 9 * DAY)
    assert "day_before" not in kinds(session, now + 9 * DAY)


def test_a_class_that_was_moved_is_reminded_of_anew(session, now, seat):
    remind(session, now + 9 * DAY)
    place = session.exec(select(ScheduledSession)).one()
    place.start_date, place.end_date, place.sequence = place.start_date + 2 * DAY, place.end_date + 2 * DAY, place.sequence + 1
    session.add(place)
    session.flush()
    assert kinds(session, now + 9 * DAY) == []
    assert remind(session, now + 11 * DAY) == [True]
