"""Secret calendars: a venue's and a person's, taken back with a new address; what was given up stays in them as cancelled."""

import pytest
from icalendar import Calendar

from lessons import (
    Feed,
    accept_offer,
    calendar_feed,
    call_off,
    cancel,
    classes_of,
    duties_feed,
    entries_with,
    feed_with,
    forget_learner,
    new_feed,
    one_class,
    put_back_in_queue,
    team,
)
from lessons.errors import FeedUnknown
from lessons.tables import Application

from .crew import helper, promised


def shown(session, secret, now):
    feed = calendar_feed(entries_with(session, feed_with(session, secret), now), "予定")
    return [(str(one["status"]), int(one["sequence"]), str(one["uid"])) for one in Calendar.from_ical(feed).walk("VEVENT")]


def test_a_venues_calendar_keeps_called_off_classes_and_a_new_address_ends_the_old(plan, session, now):
    rooms = [plan(), plan()]
    first = new_feed(session, "venue", "hall", now)
    call_off(session, rooms[0], now)
    assert sorted(status for status, _, _ in shown(session, first, now)) == ["CANCELLED", "CONFIRMED"]
    second = new_feed(session, "venue", "hall", now)
    assert len(shown(session, second, now)) == 2
    with pytest.raises(FeedUnknown):
        feed_with(session, first)


def test_only_a_digest_of_the_address_is_kept(session, now):
    secret = new_feed(session, "venue", "hall", now)
    assert secret not in str(session.get_one(Feed, feed_with(session, secret).digest).model_dump())


def test_a_learners_calendar_tells_hope_seat_and_loss_with_a_growing_sequence(plan, join, session, now, later):
    room = plan(room_capacity=1)
    first, second = join(room, "花子"), join(room, "太郎")
    secret = new_feed(session, "learner", session.get_one(Application, second.application_id).learner_id, now)
    steps = [shown(session, secret, now)]
    cancel(session, first.application_id, now)
    accept_offer(session, second.application_id, now)
    steps.append(shown(session, secret, now))
    cancel(session, second.application_id, now)
    steps.append(shown(session, secret, now))
    join(room, "太郎")
    steps.append(shown(session, secret, now))
    assert [one[0][0] for one in steps] == ["TENTATIVE", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert len({one[0][2] for one in steps}) == 1
    assert [one[0][1] for one in steps] == sorted({one[0][1] for one in steps})


def test_somebody_put_back_in_the_queue_is_not_overtaken_by_an_old_cancellation(plan, join, session, now, later):
    room = plan(room_capacity=1)
    first, second = join(room, "花子"), join(room, "太郎")
    secret = new_feed(session, "learner", session.get_one(Application, second.application_id).learner_id, now)
    cancel(session, first.application_id, now)
    cancel(session, second.application_id, later(hours=1))
    (gone,) = shown(session, secret, now)
    entry = session.get_one(Application, second.application_id)
    entry.reason = "offer_expired"
    with pytest.raises(Exception, match="cannot become"):
        put_back_in_queue(session, second.application_id, now)  # declined, not expired: the old place is gone
    assert gone[0] == "CANCELLED"


def test_erasing_a_learner_ends_the_calendar(plan, join, session, now):
    room = plan()
    learner = session.get_one(Application, join(room).application_id).learner_id
    secret = new_feed(session, "learner", learner, now)
    forget_learner(session, learner, now)
    with pytest.raises(FeedUnknown):
        feed_with(session, secret)


def test_a_helpers_calendar_shows_what_was_taken_over_and_called_off_as_cancelled(plan, session, now):
    rooms = [plan(room_capacity=8, helper_ratio=4) for _ in range(2)]
    ill, other = helper(session, now, "あお"), helper(session, now, "みどり")
    duty = promised(session, rooms[0], ill, now)
    team.want_cover(session, duty, now)
    ((asked, _),) = team.asks_of(session, team.request_of(session, duty).id)
    team.accept_cover(session, asked.id, now)
    promised(session, rooms[1], ill, now)
    assert [(one.of.id, one.status) for one in duties_feed(session, other.id, now)] == [(rooms[0], "CONFIRMED")]
    before = {one.of.id: one for one in duties_feed(session, ill.id, now)}
    call_off(session, rooms[1], now)
    after = {one.of.id: one for one in duties_feed(session, ill.id, now)}
    assert (before[rooms[0]].status, before[rooms[1]].status, after[rooms[1]].status) == ("CANCELLED", "CONFIRMED", "CANCELLED")
    assert after[rooms[1]].sequence > before[rooms[1]].sequence


def test_long_japanese_lines_are_folded_by_octets_and_read_back_whole(plan, session):
    name = "とても長い教室の名前、セミコロン;と改行\nもあります" * 4
    one = one_class(session, plan(name=name))
    feed = calendar_feed([one], "教室")
    assert max(len(line) for line in feed.split(b"\r\n")) <= 75
    (event,) = Calendar.from_ical(feed).walk("VEVENT")
    assert str(event["summary"]) == name
    assert len(classes_of(session)) == 1
