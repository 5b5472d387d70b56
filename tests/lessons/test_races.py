"""Nobody is promised a chair twice, however many press at the same moment; and without the guard the same rush does promise it twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

import lessons.booking
from lessons import Application, Wish, accept_offer, apply, cancel

from .programme import books, faults, open_engine, plan_class, seated
from .rush import all_at_once, contact, one_deed

PEOPLE = 16
SEATS = 3
WORKERS = 3


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


def test_a_thousand_mixed_deeds_leave_everything_in_order(engine, now):
    mixed(engine, now, threads=4, deeds=150)


@pytest.mark.soak
def test_many_mixed_deeds_with_workers_killed_leave_everything_in_order(engine, now, capsys):
    """Real processes killed at random, over and over, until the million is done. LESSON_DEEDS and LESSON_SECONDS set other limits."""
    wanted, seconds = int(os.environ.get("LESSON_DEEDS", "1000000")), float(os.environ.get("LESSON_SECONDS", "inf"))
    dice, done, kills, began = random.Random(7), 0, 0, time.monotonic()
    while done < wanted and time.monotonic() - began < seconds:
        rooms = plan_rooms(engine, now, 12)
        done, kills = done + killed_round(engine, rooms, now, dice), kills + WORKERS
        with Session(engine) as session:
            assert [fault for room in rooms for fault in faults(session, room)] == []
    with capsys.disabled():
        print(f"\n{engine.dialect.name}: {done} operations, {kills} workers killed, {time.monotonic() - began:.0f} s, nothing oversold")


def mixed(engine, now, threads, deeds):
    rooms = plan_rooms(engine, now, 4)
    raised = all_at_once(threads, lambda number: [one_deed(engine, random.Random(number * 1000 + n), rooms, now) for n in range(deeds)])
    assert raised == []
    with Session(engine) as session:
        assert [fault for room in rooms for fault in faults(session, room)] == []


def plan_rooms(engine, now, count):
    """Every third class is drawn by lot."""
    with Session(engine) as session, session.begin():
        kinds = [{"allocation": "lottery"} if n % 3 == 2 else {} for n in range(count)]
        return [plan_class(session, now, room_capacity=8, helper_ratio=4, confirmed_helpers=2, **kind) for kind in kinds]


def killed_round(engine, rooms, now, dice):
    """Some workers, each killed in the middle of whatever it does. Returns how many operations they did."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.lessons.worker", url, now.isoformat(), *rooms]
    workers = [subprocess.Popen([*command, str(dice.randrange(10**9))], stdout=subprocess.PIPE) for _ in range(WORKERS)]
    time.sleep(dice.uniform(15, 25))
    for worker in workers:
        time.sleep(dice.uniform(0, 0.5))
        worker.send_signal(signal.SIGKILL)
    return sum(int(line) for worker in workers for line in worker.communicate()[0].splitlines() if line.strip().isdigit())


def test_killed_workers_leave_no_seat_behind(tmp_path, now):
    engine = open_engine(f"sqlite:///{tmp_path / 'killed.db'}")
    rooms = plan_rooms(engine, now, 3)
    url = engine.url.render_as_string()
    command = [sys.executable, "-m", "tests.lessons.worker", url, now.isoformat(), *rooms]
    workers = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE) for n in range(2)]
    for worker in workers:
        worker.stdout.readline()  # it is in the middle of its work
        worker.kill()
        worker.communicate()
    with Session(engine) as session:
        assert session.connection().execute(text("SELECT count(*) FROM lesson_application")).scalar_one() > 0
        assert [fault for room in rooms for fault in faults(session, room)] == []
    engine.dispose()
