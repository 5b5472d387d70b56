"""The timetable in a telephone's calendar, reminders at the right hour, the sample month, and people who could not come."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from lessons import (
    alternatives,
    calendar_feed,
    call_off,
    cancel,
    check_in,
    close_class,
    etag_of,
    excuse,
    one_class,
    read_timetable,
    reminders_due,
    seed_samples,
    shown_in_feed,
    upcoming,
)
from lessons.samples import days_of

PACK = Path(__file__).parents[2] / "inclusion" / "municipalities" / "chiyoda" / "lessons"


def events(feed):
    return list(Calendar.from_ical(feed).walk("VEVENT"))


def test_the_feed_reads_back_as_it_was_written(plan, session, now):
    one = one_class(session, plan(name="電話とカメラ", sample=True))
    (event,) = events(calendar_feed([one], "教室", "見本 "))
    assert (str(event["summary"]), event.decoded("dtstart")) == ("見本 電話とカメラ", one.session.start_date)
    assert str(event["dtstart"].params["TZID"]) == "Asia/Tokyo"
    assert len(event.walk("VALARM")) == 2


def test_a_called_off_class_stays_in_the_feed_with_a_higher_sequence_and_the_same_uid(plan, session, now):
    room = plan()
    before = events(calendar_feed([one_class(session, room)], "教室"))[0]
    call_off(session, room, now)
    after = events(calendar_feed([one_class(session, room)], "教室"))[0]
    assert (after["uid"], int(after["sequence"]), str(after["status"])) == (before["uid"], int(before["sequence"]) + 1, "CANCELLED")
    assert shown_in_feed(one_class(session, room), now + timedelta(days=11))
    assert not shown_in_feed(one_class(session, room), now + timedelta(days=31))


def test_an_unchanged_feed_has_the_same_etag_and_a_changed_one_another(plan, session, now):
    room = plan()
    first = etag_of(calendar_feed([one_class(session, room)], "教室"))
    assert etag_of(calendar_feed([one_class(session, room)], "教室")) == first
    call_off(session, room, now)
    assert etag_of(calendar_feed([one_class(session, room)], "教室")) != first


def test_a_reminder_comes_a_week_and_a_day_and_two_hours_before(plan, join, session, now):
    room = plan(start_date=now + timedelta(days=10))
    join(room)
    due = [[one.kind for one in reminders_due(session, now + timedelta(days=days))] for days in (1, 4, 8.2, 9, 9.99)]
    assert due == [[], ["week_before"], ["week_before"], ["day_before"], ["hours_before"]]


def test_nobody_is_reminded_at_night_or_of_a_seat_given_up(plan, join, session, now):
    room = plan()
    seat = join(room)
    assert reminders_due(session, now + timedelta(days=9, hours=12)) == []  # ten in the evening in Tokyo
    cancel(session, seat.application_id, now)
    assert reminders_due(session, now + timedelta(days=9)) == []


def test_a_full_class_is_answered_with_the_nearest_of_the_same_topic(plan, session, now):
    full, near, far, step = (plan(start_date=now + timedelta(days=days)) for days in (10, 12, 20, 11))
    found = [one.id for one in alternatives(session, full, now)]
    assert found == [step, near, far]


def test_people_who_came_attended_and_people_who_did_not_may_be_excused(plan, join, session, now):
    room = plan()
    came, ill = join(room, "花子"), join(room, "太郎")
    check_in(session, came.application_id, now)
    close_class(session, [came.application_id, ill.application_id], now)
    assert excuse(session, ill.application_id, "かぜ", now).state == "excused"


def test_the_sample_month_is_made_once_and_marked_as_samples(session, now):
    made = seed_samples(session, read_timetable(PACK), "Asia/Tokyo", lambda day: day == date(2026, 12, 9), now)
    assert seed_samples(session, read_timetable(PACK), "Asia/Tokyo", lambda _: False, now) == 0
    classes = upcoming(session, now)
    assert made == len(classes) > 20
    assert all(one.session.sample for one in classes)
    assert not [one for one in classes if one.id.endswith("20261209")]
    assert Counter(one.session.allocation for one in classes)["lottery"] > 2


def test_a_town_without_a_folder_has_no_sample_classes(session, now, tmp_path):
    assert seed_samples(session, read_timetable(tmp_path), "Asia/Tokyo", lambda _: False, now) == 0


def test_a_rule_gives_its_days_without_holidays():
    closed = date(2026, 12, 8)
    found = days_of("FREQ=WEEKLY;BYDAY=TU", date(2026, 12, 1), date(2026, 12, 22), lambda day: day == closed)
    assert found == [date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 22)]


@pytest.mark.parametrize("name", ["courses", "venues", "classes"])
def test_every_sample_sheet_has_its_own_ids(name):
    rows = getattr(read_timetable(PACK), name)
    ids = [row.get("id") or row["code"] for row in rows]
    assert len(ids) == len(set(ids)) > 2, json.dumps(ids)
