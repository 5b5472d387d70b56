"""Nobody is promised a chair twice, however many press at the same moment; and without the guard the same rush does promise it twice."""

import os
import random
import threading

import pytest
from sqlmodel import Session, select

import lessons.booking
from lessons import Application, ScheduledSession, Wish, accept_offer, apply, cancel

from .programme import books, faults, plan_class, seated
from .rush import all_at_once, contact, one_deed
from .soaking import plan_rooms, soak

PEOPLE = 16
SEATS = 3


@pytest.fixture
def room(engine, now):
    with Session(engine) as session, session.begin():
        return plan_class(session, now, room_capacity=SEATS)


def rush(engine, room, now):
    def press(number):
        with Session(engine) as session, session.begin():
            apply(session, Wish(room, contact(number)), now)

    return all_at_once(PEOPLE, press)


def test_sixteen_people_at_once_get_three_seats(engine, room, now):
    assert rush(engine, room, now) == []
    with Session(engine) as session:
        assert seated(session, room) == SEATS
        assert faults(session, room) == []


def test_control_without_the_guard_the_same_rush_oversells(engine, room, now, monkeypatch):
    """Everybody looks before anybody counts, as a program without the lock and the compared count would let them."""
    seen = {}

    def press(number):
        with Session(engine) as looking:
            seen[threading.get_ident()] = books(looking, room).seats_taken
        everybody_has_looked.wait()
        with Session(engine) as session, session.begin():
            apply(session, Wish(room, contact(number)), now)

    everybody_has_looked = threading.Barrier(PEOPLE)
    monkeypatch.setattr(lessons.booking, "lock_session", lambda session, session_id: books(session, session_id))
    monkeypatch.setattr(lessons.booking, "take_seat", lambda *_: seen[threading.get_ident()] < SEATS)
    all_at_once(PEOPLE, press)
    with Session(engine) as session:
        assert seated(session, room) > SEATS


def test_one_seat_given_up_by_one_and_wanted_by_many_is_offered_once(engine, now):
    with Session(engine) as session, session.begin():
        room = plan_class(session, now, room_capacity=1)
        first = apply(session, Wish(room, contact(0)), now)
        apply(session, Wish(room, contact(1)), now)

    def press(number):
        with Session(engine) as session, session.begin():
            if number == 0:
                cancel(session, first.application_id, now)
            else:
                apply(session, Wish(room, contact(number + 1)), now)

    assert all_at_once(8, press) == []
    with Session(engine) as session:
        assert faults(session, room) == []


def test_an_offer_pressed_by_many_hands_is_one_seat(engine, now):
    with Session(engine) as session, session.begin():
        room = plan_class(session, now, room_capacity=1)
        first, second = (apply(session, Wish(room, contact(n)), now) for n in range(2))
        cancel(session, first.application_id, now)

    def press(_number):
        with Session(engine) as session, session.begin():
            accept_offer(session, second.application_id, now)

    assert all_at_once(6, press) == []
    with Session(engine) as session:
        assert seated(session, room) == 1


def test_the_same_key_from_many_hands_is_one_application(engine, room, now):
    def press(_number):
        with Session(engine) as session, session.begin():
            apply(session, Wish(room, contact(7), idempotency_key="the one form"), now)

    assert all_at_once(8, press) == []
    with Session(engine) as session:
        assert len(session.exec(select(Application)).all()) == 1


def test_three_hundred_mixed_deeds_leave_everything_in_order(engine, now):
    raised, disorder, taken = mixed(engine, now, threads=4, deeds=75)
    assert (raised, disorder) == ([], []) and taken > 0


@pytest.mark.soak
def test_a_million_mixed_deeds_with_workers_killed_leave_everything_in_order(engine, capsys):
    """Real processes killed at random until the million is done. LESSON_DEEDS and LESSON_SECONDS set other limits."""
    wanted, seconds = int(os.environ.get("LESSON_DEEDS", "1000000")), float(os.environ.get("LESSON_SECONDS", "inf"))
    proof = soak(engine.url.render_as_string(hide_password=False), wanted, seconds)
    with capsys.disabled():
        print(f"\n{engine.dialect.name}: {proof}")
    assert proof.faults == [] and proof.operations > 0


def test_killed_workers_leave_no_seat_behind(engine):
    proof = soak(engine.url.render_as_string(hide_password=False), 400, 60.0, workers=2)
    assert proof.faults == [] and proof.operations >= 400 and proof.kills >= 2


def test_control_the_same_proof_without_the_guard_finds_seats_promised_twice(tmp_path):
    """As soon as it is found: at the latest after as many deeds as once were always done."""
    tries = (soak(f"sqlite:///{tmp_path / f'{n}.db'}", 500, 60.0, workers=3, unguarded=True, seed=7 + n) for n in range(6))
    assert any("seats" in fault and "are promised" in fault for proof in tries for fault in proof.faults)


def mixed(engine, now, threads, deeds):
    rooms = plan_rooms(engine)[:4]
    raised = all_at_once(threads, lambda number: [one_deed(engine, random.Random(number * 1000 + n), rooms, now) for n in range(deeds)])
    with Session(engine) as session:
        disorder = [fault for room in rooms for fault in faults(session, room)]
        return raised, disorder, sum(session.get_one(ScheduledSession, room).seats_taken for room in rooms)
