"""Staff plan a class or a series: drafted with every fault and clash told at once, changed, published, or taken back unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from lessons import Closure, Contact, Course, Learner, LoanDevice, Room, Venue, Wish, apply, team, upcoming, wanted_of
from lessons.eligibility import check_eligible
from lessons.errors import ConditionsNotKnown, IllegalMove, PrerequisitesMissing, SessionUnknown, TooYoung
from lessons.series_days import days_of
from lessons.team import ClassClashes, ClassWrong, Proposal, RuleWrong, Terms

from .programme import open_engine

TOKYO = ZoneInfo("Asia/Tokyo")
START = datetime(2026, 12, 15, 10, tzinfo=TOKYO)  # a Tuesday
CLASS = Proposal("call", "hall", "A", START, seats=6, devices=0)

USUAL = Terms()


def closed(day: date) -> bool:
    return day == date(2026, 12, 29)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    file: Path = tmp_path_factory.mktemp("opening") / "classes.db"
    engine = open_engine(f"sqlite:///{file}")
    with Session(engine) as session, session.begin():
        session.add_all([Course(code="call", name="電話の使い方"), Venue(id="hall", name="会場")])
        session.flush()
        session.add_all([Room(venue_id="hall", name="A", capacity=8), Room(venue_id="hall", name="B", capacity=8)])
    return engine


@pytest.fixture
def session(books: Engine):
    """A story each; nothing of it stays."""
    with Session(books, expire_on_commit=False) as session:
        yield session
        session.rollback()


def planned(session: Session, now: datetime, rule: str = "", terms: Terms = USUAL, **changes: object) -> team.Planned:
    return team.plan_classes(session, replace(CLASS, **changes), terms, rule, closed, now)


def test_a_series_by_its_rule_leaves_out_the_day_that_clashes_and_keeps_each_deadlines_distance(session, now):
    terms = Terms(closes=START - timedelta(days=2), allocation="lottery", first_timer_seats=2)
    made, left_out = (found := planned(session, now, "FREQ=WEEKLY;COUNT=4", terms)).made, found.left_out
    assert [f"{one.start_date.astimezone(TOKYO):%m-%d}" for one in made] == ["12-15", "12-22", "01-05"]
    assert [(f"{day:%m-%d}", [one.code for one in why]) for day, why in left_out] == [("12-29", ["holiday"])]
    assert {one.start_date - one.registration_closes for one in made} == {timedelta(days=2)}
    assert len({one.super_event for one in made}) == 1 and {one.allocation for one in made} == {"lottery"}


def test_nobody_sees_a_draft_or_takes_a_seat_in_it_until_one_press_publishes_the_series(session, now):
    made = planned(session, now, "FREQ=WEEKLY;COUNT=2").made
    wish = Wish(made[0].id, Contact("花子", "0312345678", consent=True))
    with pytest.raises(SessionUnknown):
        apply(session, wish, now)
    assert upcoming(session, now) == [] and len(team.drafts_of_staff(session, now)) == 2 and not team.proposals(session, now)
    team.publish_class(session, made[0].id, now)
    assert len(upcoming(session, now)) == 2 and apply(session, wish, now + timedelta(seconds=1)).state == "waitlisted"


def test_a_discarded_series_is_never_heard_of(session, now):
    made = planned(session, now, "FREQ=WEEKLY;COUNT=2").made
    assert team.discard_drafts(session, made[0].id, now, whole_series=True) == 2
    assert upcoming(session, now) == [] and {one.state for one in made} == {"discarded"}
    with pytest.raises(IllegalMove):
        team.publish_class(session, made[0].id, now)


def test_a_later_opening_is_kept_when_it_is_published(session, now):
    opens = now + timedelta(days=3)
    one = planned(session, now, terms=Terms(opens=opens)).made[0]
    team.publish_class(session, one.id, now)
    assert one.registration_opens == opens


def test_every_clash_is_told_at_once_and_staff_may_open_on_a_holiday_all_the_same(session, now):
    planned(session, now, start=START.replace(day=29, hour=10) + timedelta(days=1))
    session.add(Closure(venue_id="hall", first_day=date(2026, 12, 30), last_day=date(2026, 12, 30), reason="点検"))
    with pytest.raises(ClassClashes) as refused:
        planned(session, now, start=START.replace(day=30), seats=9)
    assert {one.code for one in refused.value.clashes} == {"closed", "room_small", "room_taken"}
    with pytest.raises(ClassClashes):
        planned(session, now, start=START.replace(day=29))
    assert team.plan_classes(session, replace(CLASS, start=START.replace(day=29)), Terms(), "", closed, now, overrule=True).made


def test_own_telephones_are_not_counted_as_lent_and_do_not_limit_the_seats(session, now):
    session.add(LoanDevice(name="貸出機", phone_system="android", quantity=5))
    own = planned(session, now, devices=0).made[0]
    assert (own.maximum_attendee_capacity, own.own_phones) == (6, True)
    assert planned(session, now, room="B", devices=5).made
    with pytest.raises(ClassClashes) as refused:
        planned(session, now, room="C", devices=1)
    assert [one.code for one in refused.value.clashes] == ["devices"]


@pytest.mark.parametrize(
    ("code", "terms", "changes"),
    [
        ("minutes", Terms(), {"minutes": 5}),
        ("seats", Terms(), {"seats": -1}),
        ("devices", Terms(), {"devices": -1}),
        ("helper_ratio", Terms(), {"helper_ratio": -1}),
        ("first_timers", Terms(allocation="lottery", first_timer_seats=7), {}),
        ("first_timers_unlotted", Terms(first_timer_seats=1), {}),
        ("fee", Terms(fee_yen=-1), {}),
        ("closes_late", Terms(closes=START + timedelta(hours=1)), {}),
        ("closes_past", Terms(closes=datetime(2026, 11, 1, tzinfo=TOKYO)), {}),
        ("opens_late", Terms(opens=START), {}),
        ("cancel_late", Terms(cancel_until=START + timedelta(days=1)), {}),
        ("allocation", Terms(allocation="auction"), {}),
        ("language", Terms(), {"language": "la"}),
        ("ages", Terms(conditions={"age_from": -1}), {}),
        ("ages_crossed", Terms(conditions={"age_from": 70, "age_to": 60}), {}),
        ("home", Terms(conditions={"residency": ["moon"]}), {}),
        ("mode", Terms(mode="Dream"), {}),
        ("address", Terms(remote_address="javascript:alert(1)"), {}),
        ("address_missing", Terms(mode="Online"), {}),
    ],
)
def test_what_cannot_be_is_named(session, now, code, terms, changes):
    with pytest.raises(ClassWrong) as refused:
        planned(session, now, terms=terms, **changes)
    assert [one.code for one in refused.value.faults] == [code]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=WEEKLY", "endless"),
        ("FREQ=DAILY;COUNT=40", "long"),
        ("FREQ=DAILY;INTERVAL=0;COUNT=2", "unreadable"),
        ("FREQ=SECONDLY;COUNT=2", "unreadable"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "unreadable"),
        ("FREQ=WEEKLY;COUNT=many", "unreadable"),
        ("FREQ=WEEKLY;UNTIL=20200101T000000", "empty"),
        ("every Tuesday", "unreadable"),
    ],
)
def test_a_rule_that_does_not_end_or_cannot_be_read_is_refused(rule, reason):
    with pytest.raises(RuleWrong) as refused:
        days_of(rule, START)
    assert refused.value.reason == reason


def test_rules_as_they_are_written_elsewhere_are_read():
    days = days_of("RRULE:FREQ=MONTHLY;BYDAY=3TU;COUNT=3", START)
    assert [f"{day:%m-%d %H:%M %Z}" for day in days] == ["12-15 10:00 JST", "01-19 10:00 JST", "02-16 10:00 JST"]


def test_a_changed_series_moves_together_and_does_not_clash_with_itself(session, now):
    first, second = planned(session, now, "FREQ=WEEKLY;COUNT=2").made
    later = replace(CLASS, start=START + timedelta(minutes=30), what_to_bring="めがね")
    changed = team.change_draft(session, first.id, later, Terms(), closed, now, whole_series=True)
    assert [one.id for one in changed.made] == [first.id, second.id]
    assert {(f"{one.start_date.astimezone(TOKYO):%H:%M}", one.what_to_bring) for one in (first, second)} == {("10:30", "めがね")}


def test_what_a_volunteer_proposed_or_is_published_is_not_written_over(session, now):
    one = planned(session, now).made[0]
    team.publish_class(session, one.id, now)
    with pytest.raises(IllegalMove):
        team.change_draft(session, one.id, CLASS, Terms(), closed, now)
    one.state, one.proposed_by = "draft", None
    assert team.change_draft(session, one.id, CLASS, Terms(), closed, now).made == [one]


@pytest.mark.parametrize(
    ("own", "birth_year", "refused"),
    [({"age_from": 75}, 1960, TooYoung), (None, None, ConditionsNotKnown), ({"prerequisites": ["電話"]}, None, PrerequisitesMissing)],
)
def test_conditions_of_its_own_stand_in_place_of_the_topics(session, now, own, birth_year, refused):
    session.get_one(Course, "call").conditions = {"age_from": 60}
    place = planned(session, now, terms=Terms(conditions=own)).made[0]
    learner = Learner(name="花子", name_key="花子", phone="1", birth_year=birth_year, consented_at=now)
    with pytest.raises(refused):
        check_eligible(session, place, learner, False, now)
    place.conditions = {}
    check_eligible(session, place, learner, False, now)
    assert wanted_of(place, session.get_one(Course, "call")) == {}
