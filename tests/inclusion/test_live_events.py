"""Live events as the tables know them: planning, places, links that end one by one, and reminders told once each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from accessibility import Messages
from bots.accounts import open_account
from inclusion.database import Database, open_database
from inclusion.live.events import (
    EventOver,
    EventPlan,
    LiveRefused,
    NameMissing,
    NoPlacesLeft,
    RoomUnfit,
    TimesWrong,
    cancel_event,
    change_event,
    end_event,
    move_on,
    plan_event,
    public_events,
)
from inclusion.live.notices import ask_for_reminder, drop_reminder, live_reminders_due
from inclusion.live.tickets import (
    TicketGone,
    TicketKeys,
    admitted,
    make_tickets,
    places_left,
    remember_removed,
    removed_from,
    revoke_ticket,
    revoked_tickets,
)
from tests.databases import migrated_sqlite

__all__ = ["migrated_sqlite"]

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(migrated_sqlite, tmp_path) -> Iterator[Database]:
    (tmp_path / "town.db").write_bytes(migrated_sqlite.read_bytes())
    opened = open_database(f"sqlite:///{tmp_path / 'town.db'}")
    yield opened
    opened.close()


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


def festival(**changes) -> EventPlan:
    usual = {"names": {"ja": "秋まつり", "en": "Autumn"}, "start_at": NOW + HOUR, "end_at": NOW + 3 * HOUR, "place": "広場", "room": "aki"}
    return EventPlan(**{**usual, **changes})


def test_an_event_is_planned_changed_and_cancelled(session):
    event = plan_event(session, festival(), NOW)
    change_event(session, event.number, festival(start_at=NOW + 2 * HOUR, place="公会堂"))
    assert (event.state, event.place, event.start_at, event.room) == ("scheduled", "公会堂", NOW + 2 * HOUR, "aki")
    cancel_event(session, event.number)
    assert public_events(session, NOW) == []
    with pytest.raises(EventOver):
        change_event(session, event.number, festival())


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"names": {"ja": " ", "en": "Autumn"}}, NameMissing),
        ({"end_at": NOW + HOUR}, TimesWrong),
        ({"end_at": NOW + 26 * HOUR}, TimesWrong),
        ({"room": "sample"}, RoomUnfit),
        ({"room": "../x"}, RoomUnfit),
    ],
)
def test_what_cannot_be_is_not_planned(session, wrong, why):
    with pytest.raises(why):
        plan_event(session, festival(**wrong), NOW)


def test_two_events_never_share_a_room_and_unnamed_rooms_never_meet(session):
    plan_event(session, festival(), NOW)
    with pytest.raises(RoomUnfit):
        plan_event(session, festival(), NOW)
    assert len({plan_event(session, festival(room=""), NOW).room for _ in range(3)}) == 3


def test_an_event_is_live_with_its_first_picture_and_over_when_time_and_picture_are(session):
    event = plan_event(session, festival(), NOW)
    states = []
    for at, rooms in ((NOW, {"aki"}), (NOW + HOUR, {"aki"}), (NOW + 2 * HOUR, set()), (NOW + 4 * HOUR, {"aki"}), (NOW + 4 * HOUR, set())):
        move_on(session, frozenset(rooms), at)
        states.append(event.state)
    assert states == ["scheduled", "live", "live", "live", "ended"]


def test_two_who_meet_one_to_one_need_no_picture_to_begin(session):
    event = plan_event(session, festival(mode="pair"), NOW)
    move_on(session, frozenset(), NOW + HOUR)
    assert (event.state, event.by_ticket, event.capacity) == ("live", True, 2)
    assert public_events(session, NOW) == []


def test_an_event_the_host_closed_stays_closed(session):
    event = plan_event(session, festival(), NOW)
    end_event(session, "aki")
    move_on(session, frozenset({"aki"}), NOW + HOUR)
    assert event.state == "ended"


def test_tickets_count_against_the_places_and_a_revoked_one_gives_its_place_back(session):
    event = plan_event(session, festival(by_ticket=True, capacity=3), NOW)
    first, *_ = make_tickets(session, event.number, 3, NOW)
    with pytest.raises(NoPlacesLeft) as full:
        make_tickets(session, event.number, 1, NOW)
    assert full.value.left == 0
    revoke_ticket(session, event.number, first.number, NOW)
    assert places_left(session, event, NOW) == 1
    assert len(make_tickets(session, event.number, 1, NOW)) == 1


def test_a_link_opens_its_own_room_until_an_hour_after_the_end(session):
    keys = TicketKeys("the town's secret")
    event = plan_event(session, festival(by_ticket=True, capacity=3), NOW)
    one, other = make_tickets(session, event.number, 2, NOW)
    assert admitted(session, "aki", keys.number(keys.key(one.number)), NOW).seat == one.seat != other.seat
    with pytest.raises(TicketGone):
        admitted(session, "natsu", one.number, NOW)
    with pytest.raises(TicketGone):
        admitted(session, "aki", one.number, NOW + 4 * HOUR)
    change_event(session, event.number, festival(by_ticket=True, capacity=3, end_at=NOW + 5 * HOUR))
    assert admitted(session, "aki", one.number, NOW + 4 * HOUR)


def test_revoking_one_link_leaves_the_others(session):
    event = plan_event(session, festival(by_ticket=True, capacity=3), NOW)
    one, other = make_tickets(session, event.number, 2, NOW)
    revoke_ticket(session, event.number, one.number, NOW)
    with pytest.raises(TicketGone):
        admitted(session, "aki", one.number, NOW)
    assert admitted(session, "aki", other.number, NOW)
    assert [ticket.seat for ticket in revoked_tickets(session, NOW)] == [one.seat]


@pytest.mark.parametrize("forged", ["", "1", "1-", "1-0000000000000000000000", "２-aa", "-1-aa", "x" * 500])
def test_a_forged_link_is_told_nothing(forged):
    with pytest.raises(TicketGone):
        TicketKeys("the town's secret").number(forged)


def test_control_the_same_number_under_the_right_secret_opens(session):
    keys = TicketKeys("the town's secret")
    assert keys.number(keys.key(1)) == 1
    with pytest.raises(TicketGone):
        TicketKeys("another secret").number(keys.key(1))


def test_who_was_sent_out_stays_out_for_two_days(session):
    for _ in range(2):
        remember_removed(session, "aki", "seat", NOW)
    assert removed_from(session, NOW + HOUR) == [("aki", "seat")]
    assert removed_from(session, NOW + timedelta(days=3)) == []


def due(session, at):
    return [one.kind for one in live_reminders_due(session, at)]


def reminded_event(session):
    event = plan_event(session, festival(), NOW)
    account = open_account(session, "line", "U1", NOW)
    for _ in range(2):
        ask_for_reminder(session, event, account.id, NOW)
    session.flush()
    return event, account


def test_who_asked_is_due_a_quarter_of_an_hour_before(session):
    event, account = reminded_event(session)
    assert due(session, NOW) == []
    (one,) = live_reminders_due(session, NOW + timedelta(minutes=46))
    assert (one.account_id, one.event.number, one.kind) == (account.id, event.number, "soon")
    drop_reminder(session, event.number, account.id)
    assert due(session, NOW + timedelta(minutes=46)) == []


def test_a_moved_event_and_a_cancelled_one_are_told(session):
    event, _ = reminded_event(session)
    change_event(session, event.number, festival(start_at=NOW + 2 * HOUR))
    assert due(session, NOW) == ["moved"]
    cancel_event(session, event.number)
    assert due(session, NOW) == ["cancelled"]


def test_refusals_name_a_sentence_of_the_tables():
    folder = files("inclusion.municipalities") / "messages"
    town_messages = Messages.from_files(sorted(folder.glob("live*.csv")))
    for refusal in (LiveRefused, NameMissing, TimesWrong, RoomUnfit, EventOver, TicketGone):
        assert town_messages.say(refusal.message_id, "ja")
    assert "2枚" in town_messages.say(NoPlacesLeft.message_id, "ja", left=2)
