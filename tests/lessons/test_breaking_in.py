"""What somebody tries who wants a seat twice, too late, in another's name, or in a draw that is already fixed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from lessons import (
    Application,
    Booking,
    Contact,
    LessonError,
    Wish,
    announce,
    apply,
    call_off,
    cancel,
    change_places,
    draw_lots,
    expire_due_offers,
    forget_learner,
    invite,
    put_back_in_queue,
    seal,
    seat_by_staff,
)
from lessons.errors import (
    AlreadyApplied,
    ApplicationUnknown,
    CapacityBelowTaken,
    DrawNotPossible,
    RegistrationClosed,
    SessionCalledOff,
    SessionUnknown,
)

from .programme import books, faults, plan_class

ODD = ["", "\x00", "a" * 10_000, "'; DROP TABLE lesson_session; --", "🙂", "../../etc/passwd"]


@pytest.fixture
def wants():
    def wish(room: str, number: int, **more) -> Wish:
        return Wish(room, Contact(f"人{number}", f"090{number:08d}", True), **more)

    return wish


@pytest.mark.parametrize("odd", ODD)
def test_an_id_that_was_made_up_is_unknown_on_either_database(session: Session, now, wants, odd):
    with pytest.raises(SessionUnknown):
        apply(session, wants(odd, 1), now)
    with pytest.raises(ApplicationUnknown):
        cancel(session, odd, now)


def test_staff_seat_nobody_in_a_class_that_is_called_off_or_over(session: Session, now, wants):
    off, over = plan_class(session, now), plan_class(session, now)
    call_off(session, off, now)
    with pytest.raises(SessionCalledOff):
        seat_by_staff(session, wants(off, 1, submitted_by="staff 1"), "電話", now)
    with pytest.raises(RegistrationClosed):
        seat_by_staff(session, wants(over, 1, submitted_by="staff 1"), "電話", now + timedelta(days=11))
    with pytest.raises(SessionCalledOff):
        invite(session, wants(off, 2, submitted_by="staff 1"), now + timedelta(days=1), now)
    assert session.exec(select(Booking)).all() == []


def test_staff_still_seat_who_stands_at_the_door_while_the_class_runs(session: Session, now, wants):
    room = plan_class(session, now)
    seat_by_staff(session, wants(room, 1, submitted_by="staff 1"), "受付", now + timedelta(days=10, minutes=5))
    assert faults(session, room) == []


def test_between_sealing_and_drawing_nothing_moves_a_seat(session: Session, now, wants):
    """The published list says how many seats are drawn: a seat given past it would make a published winner a reserve."""
    room = plan_class(session, now, allocation="lottery")
    for n in range(3):
        apply(session, wants(room, n), now)
    after = now + timedelta(days=9, seconds=1)
    draw = seal(session, announce(session, room, "公の数", now).id, after)
    for attempt in (
        lambda: seat_by_staff(session, wants(room, 9, submitted_by="staff 1"), "電話", after),
        lambda: invite(session, wants(room, 9, submitted_by="staff 1"), after + timedelta(hours=1), after),
        lambda: change_places(session, room, after, room_capacity=1),
    ):
        with pytest.raises(LessonError):
            attempt()
    record = draw_lots(session, draw.id, "7", after).record
    won = {receipt for _, receipt, outcome, _ in record["results"] if outcome == "won"}
    seated = session.exec(select(Application.receipt_number).where(Application.state == "won")).all()
    assert won == set(seated) and len(won) == 2


def test_a_helper_who_drops_out_after_sealing_takes_no_published_winner_the_seat(session: Session, now, wants):
    room = plan_class(session, now, allocation="lottery", helper_ratio=1, confirmed_helpers=2)
    for n in range(3):
        apply(session, wants(room, n), now)
    after = now + timedelta(days=9, seconds=1)
    draw = seal(session, announce(session, room, "公の数", now).id, after)
    change_places(session, room, after, confirmed_helpers=1)
    record = draw_lots(session, draw.id, "7", after).record
    won = {receipt for _, receipt, outcome, _ in record["results"] if outcome == "won"}
    assert won == set(session.exec(select(Application.receipt_number).where(Application.state == "won")).all()) and len(won) == 2
    assert books(session, room).at_risk  # a helper must be found, nobody loses a seat


def test_who_let_an_offer_pass_and_applied_again_is_not_put_back_a_second_time(session: Session, now, wants):
    room = plan_class(session, now, room_capacity=1)
    first, late = apply(session, wants(room, 1), now), apply(session, wants(room, 2), now)
    cancel(session, first.application_id, now)
    expire_due_offers(session, now + timedelta(days=5))
    again = apply(session, wants(room, 2), now + timedelta(days=5))
    with pytest.raises(AlreadyApplied) as refused:
        put_back_in_queue(session, late.application_id, now + timedelta(days=5))
    assert again.receipt_number in str(refused.value.values()) and faults(session, room) == []


def test_nobody_is_put_back_into_the_queue_of_a_class_that_is_off(session: Session, now, wants):
    room = plan_class(session, now, room_capacity=1)
    first, late = apply(session, wants(room, 1), now), apply(session, wants(room, 2), now)
    cancel(session, first.application_id, now)
    expire_due_offers(session, now + timedelta(days=5))
    call_off(session, room, now + timedelta(days=5))
    with pytest.raises(SessionCalledOff):
        put_back_in_queue(session, late.application_id, now + timedelta(days=5))


def test_somebody_erased_while_waiting_is_not_offered_a_seat(session: Session, now, wants):
    room = plan_class(session, now, room_capacity=1)
    first, gone, next_one = (apply(session, wants(room, n), now) for n in range(3))
    forget_learner(session, session.get_one(Application, gone.application_id).learner_id, now)
    offers = cancel(session, first.application_id, now)
    assert [one.application_id for one in offers] == [next_one.application_id] and faults(session, room) == []


@pytest.mark.parametrize("changed", [{"room_capacity": -1}, {"devices": -1}, {"confirmed_helpers": -1}])
def test_less_than_nothing_is_refused(session: Session, now, changed):
    room = plan_class(session, now)
    with pytest.raises(CapacityBelowTaken):
        change_places(session, room, now, **changed)


def test_a_draw_is_announced_for_no_class_that_is_off(session: Session, now):
    room = plan_class(session, now, allocation="lottery")
    call_off(session, room, now)
    with pytest.raises(DrawNotPossible):
        announce(session, room, "公の数", now)
