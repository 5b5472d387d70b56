"""Helpers say yes and no, somebody steps in, and the seats follow; whoever is second is thanked and not put down twice."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

import lessons.cover
from lessons import Assignment, CoverAsk, VolunteerNotice, team
from lessons.errors import IllegalMove
from lessons.helper_errors import AlreadyHelping, CoverGone, NotYetHelping, VolunteerIncomplete, VolunteerUnknown

from .crew import helper, promised
from .programme import books, plan_class
from .rush import all_at_once

ZONE = "Asia/Tokyo"


@pytest.fixture
def crew(session, now):
    return [helper(session, now, name) for name in ("あお", "みどり", "きいろ", "あか", "しろ")]


@pytest.fixture
def room(plan):
    return plan(room_capacity=8, helper_ratio=4)


def told(session, kind):
    return [one.volunteer_id for one in session.exec(select(VolunteerNotice).where(VolunteerNotice.kind == kind)).all()]


def asks(session, state="asked"):
    return session.exec(select(CoverAsk).where(CoverAsk.state == state).order_by(CoverAsk.rank)).all()


def test_seats_open_with_every_helper_who_says_yes(session, room, crew, now):
    assert books(session, room).seats_offered == 0
    promised(session, room, crew[0], now)
    assert books(session, room).seats_offered == 4


def test_saying_yes_twice_counts_once(session, room, crew, now):
    assert team.accept(session, promised(session, room, crew[0], now), now).state == "accepted"
    assert books(session, room).confirmed_helpers == 1


def test_nobody_is_put_down_twice_for_one_class(session, room, crew, now):
    promised(session, room, crew[0], now)
    with pytest.raises(AlreadyHelping):
        team.assign(session, room, crew[0].id, now)


def test_who_is_not_approved_or_whose_check_ran_out_is_not_asked(session, room, now):
    new, _ = team.register(session, team.Profile("新人", ""), now)
    late = helper(session, now, "期限切れ", check_expires=date(2026, 12, 5))
    for one in (new, late):
        with pytest.raises(NotYetHelping):
            team.assign(session, room, one.id, now)


def test_a_sick_helper_takes_no_seat_from_anybody_and_three_others_are_asked(session, room, crew, join, now):
    duty = promised(session, room, crew[0], now)
    join(room)
    team.want_cover(session, duty, now)
    assert books(session, room).at_risk and books(session, room).seats_taken == 1
    assert len(asks(session)) == 3 and len(told(session, "cover_asked")) == 3


def test_the_first_to_step_in_comes_and_everybody_hears_of_it(session, room, crew, now):
    duty = promised(session, room, crew[0], now)
    team.want_cover(session, duty, now)
    first, *others = asks(session)
    team.accept_cover(session, first.id, now)
    assert books(session, room).confirmed_helpers == 1
    assert told(session, "covered") == [crew[0].id, None] and told(session, "thanks") == [first.volunteer_id]
    assert sorted(told(session, "cover_settled")) == sorted(one.volunteer_id for one in others)


def test_who_is_asked_for_the_class_itself_is_not_also_asked_to_step_in(session, room, crew, now):
    """Staff ask somebody whom the search has asked too: one person cannot stand in a class twice."""
    request = team.want_cover(session, promised(session, room, crew[0], now), now)
    ask, volunteer = team.asks_of(session, request.id)[0]
    made = team.assign(session, room, volunteer.id, now)
    with pytest.raises(CoverGone), session.begin_nested():
        team.accept_cover(session, ask.id, now)
    team.ask(session, made, now)
    assert team.accept(session, made.id, now).state == "accepted"


def test_a_roster_that_is_only_drafted_keeps_nobody_from_stepping_in(session, room, crew, now):
    """The draft fills the same gap with the person who was asked: before, their yes broke on it."""
    request = team.want_cover(session, promised(session, room, crew[0], now), now)
    ask, volunteer = team.asks_of(session, request.id)[0]
    key = f"{room}/{volunteer.id}"
    session.add(Assignment(session_id=room, volunteer_id=volunteer.id, active_key=key, run_id="draft", changed_at=now))
    session.flush()
    assert team.accept_cover(session, ask.id, now).state == "accepted"
    assert books(session, room).confirmed_helpers == 1


def test_who_steps_in_for_one_is_not_asked_any_more_to_step_in_for_another_of_the_same_class(session, room, crew, now):
    """Two helpers of one class fall ill and the same people are asked twice: the second yes of one hand is refused with a sentence."""
    one, other = (team.want_cover(session, promised(session, room, ill, now), now) for ill in crew[:2])
    hand = next(ask.volunteer_id for ask in asks(session) if ask.request_id == one.id and ask.volunteer_id != crew[1].id)
    mine = {ask.request_id: ask for ask in asks(session) if ask.volunteer_id == hand}
    team.accept_cover(session, mine[one.id].id, now)
    with pytest.raises(CoverGone), session.begin_nested():
        team.accept_cover(session, mine[other.id].id, now)
    assert books(session, room).confirmed_helpers == 1


def test_a_search_ends_with_a_late_yes_of_the_helper_and_with_the_class(session, room, crew, now):
    duty = promised(session, room, crew[0], now)
    request = team.want_cover(session, duty, now)
    team.accept(session, duty, now)  # an old button, pressed again
    assert request.state == "withdrawn" and asks(session) == []
    again = team.want_cover(session, duty, now)
    team.close_helpers(session, room, [duty], now)
    assert again.state == "withdrawn" and asks(session) == [] and team.tend_cover(session, now + timedelta(days=11)) == 0


def test_the_second_is_thanked_and_not_put_down(session, room, crew, now):
    team.want_cover(session, promised(session, room, crew[0], now), now)
    first, second, _ = asks(session)
    team.accept_cover(session, first.id, now)
    with pytest.raises(CoverGone, match="Thank you"):
        team.accept_cover(session, second.id, now)
    assert books(session, room).confirmed_helpers == 1


def test_the_same_hand_pressing_twice_steps_in_once(session, room, crew, now):
    team.want_cover(session, promised(session, room, crew[0], now), now)
    first = asks(session)[0].id
    assert team.accept_cover(session, first, now).id == team.accept_cover(session, first, now).id


def test_when_all_of_a_wave_say_no_the_next_are_asked_and_then_staff(session, room, crew, now):
    team.want_cover(session, promised(session, room, crew[0], now), now)
    for one in asks(session):
        team.decline_cover(session, one.id, now)
    (last,) = asks(session)
    assert last.wave == 2
    team.decline_cover(session, last.id, now)
    assert told(session, "cover_not_found") == [None]


def test_a_wave_ends_by_time_and_who_was_asked_may_still_say_yes(session, room, crew, now):
    team.want_cover(session, promised(session, room, crew[0], now), now)
    assert team.tend_cover(session, now + timedelta(hours=1)) == 0
    assert team.tend_cover(session, now + timedelta(hours=4)) == 1
    assert team.accept_cover(session, asks(session)[0].id, now + timedelta(hours=5)).state == "accepted"


def test_a_helper_who_can_come_after_all_does(session, room, crew, now):
    duty = promised(session, room, crew[0], now)
    team.want_cover(session, duty, now)
    assert team.can_come_after_all(session, duty, now).state == "accepted"
    assert books(session, room).confirmed_helpers == 1 and asks(session) == []


def test_nobody_is_looked_for_any_more_once_staff_withdraw_the_request(session, room, crew, now):
    duty = promised(session, room, crew[0], now)
    team.want_cover(session, duty, now)
    team.withdraw(session, duty, now)
    assert asks(session) == [] and len(told(session, "cover_settled")) == 3


def test_who_knows_the_course_is_asked_before_who_does_not(session, room, now):
    sick, _, able = (helper(session, now, name, skills) for name, skills in (("病", ("call",)), ("他", ()), ("可", ("call",))))
    team.want_cover(session, promised(session, room, sick, now), now)
    assert asks(session)[0].volunteer_id == able.id


def test_who_is_away_or_elsewhere_is_not_asked(session, room, plan, crew, now):
    elsewhere = plan(room_capacity=8, helper_ratio=4)
    promised(session, elsewhere, crew[1], now)
    day = books(session, room).start_date.date()
    team.block_days(session, crew[2].id, day, day)
    team.want_cover(session, promised(session, room, crew[0], now), now)
    assert {one.volunteer_id for one in asks(session)} == {crew[3].id, crew[4].id}


def test_after_the_class_hours_are_counted_and_the_absent_are_not(session, room, crew, now):
    came, away = (promised(session, room, one, now) for one in crew[:2])
    assert team.close_helpers(session, room, [away], now) == 1
    assert team.given_by(session, crew[0].id).minutes == 60 and team.given_by(session, crew[1].id).classes == 0
    with pytest.raises(IllegalMove):
        team.withdraw(session, came, now)


def test_a_page_opens_by_its_key_only_until_there_is_a_new_one(session, now):
    volunteer, key = team.register(session, team.Profile("花子", "03-1234-5678"), now)
    assert team.volunteer_with_key(session, key).id == volunteer.id
    team.new_key(session, volunteer)
    with pytest.raises(VolunteerUnknown):
        team.volunteer_with_key(session, key)


def test_a_forgotten_volunteer_leaves_no_name(session, crew, now):
    team.forget_volunteer(session, crew[0].id)
    assert (crew[0].name, crew[0].phone, crew[0].state, crew[0].key_digest) == ("", "", "left", "")


@pytest.mark.parametrize(("profile", "field"), [(("", ""), "name"), (("花子", "12"), "phone")])
def test_a_form_with_a_gap_is_refused_with_its_field(session, now, profile, field):
    with pytest.raises(VolunteerIncomplete) as refused:
        team.register(session, team.Profile(*profile), now)
    assert refused.value.field == field


def searching(engine, now):
    with Session(engine) as session, session.begin():
        room = plan_class(session, now, room_capacity=8, helper_ratio=4)
        crew = [helper(session, now, name) for name in ("あお", "みどり", "きいろ", "あか")]
        team.want_cover(session, promised(session, room, crew[0], now), now)
        return room, [one.id for one in asks(session)]


def standing(engine, room):
    with Session(engine) as session:
        return session.exec(select(Assignment).where(Assignment.session_id == room, Assignment.state == "accepted")).all()


def test_two_who_step_in_at_once_are_one(engine, now):
    room, found = searching(engine, now)

    def press(number):
        with Session(engine) as session, session.begin():
            team.accept_cover(session, found[number], now)

    raised = all_at_once(3, press)
    assert [type(one) for one in raised] == [CoverGone, CoverGone]
    assert len(standing(engine, room)) == 1


def test_control_without_the_compared_claim_two_step_in(engine, now, monkeypatch):
    """Everybody looks before anybody writes, as a program without the lock and the compared update would let them."""
    room, found = searching(engine, now)
    monkeypatch.setattr(lessons.cover, "claim", lambda session, request, ask: True)
    monkeypatch.setattr(lessons.cover, "set_helpers", lambda *_: None)
    for ask in found[:2]:
        with Session(engine) as session, session.begin():
            monkeypatch.setattr(lessons.cover, "_close_asks", lambda *_: None)
            team.accept_cover(session, ask, now)
    assert len(standing(engine, room)) == 2
