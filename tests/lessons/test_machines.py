"""Whatever order buttons are pressed in, the books agree and nobody overtakes; no state machine takes a step it does not have."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import Session, col, select

from lessons import (
    Application,
    Contact,
    LessonError,
    Wish,
    accept_offer,
    apply,
    call_off,
    cancel,
    change_places,
    check_in,
    decline_offer,
    excuse,
    expire_due_offers,
    put_back_in_queue,
    seat_by_staff,
)
from lessons.errors import IllegalMove
from lessons.states import MACHINES, move
from lessons.tables import WaitlistEntry

from .programme import faults, open_engine, plan_class

PEOPLE = st.integers(0, 6)
START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


class Desk(RuleBasedStateMachine):
    """One class, seven people and time that only goes forward. A refusal must be a sentence of ours, and change nothing."""

    @initialize(seats=st.integers(1, 3))
    def open_class(self, seats: int) -> None:
        self.folder = TemporaryDirectory()
        self.engine = open_engine(f"sqlite:///{Path(self.folder.name) / 'class.db'}")
        self.now = START
        with Session(self.engine) as session, session.begin():
            self.room = plan_class(session, START, room_capacity=seats, devices=4, helper_ratio=2, confirmed_helpers=2)

    def press(self, command, *arguments, **changes) -> None:
        try:
            with Session(self.engine) as session, session.begin():
                command(session, *arguments, **changes)
        except LessonError as refused:
            assert str(refused).endswith(".")

    @rule(who=PEOPLE)
    def apply(self, who: int) -> None:
        self.press(apply, Wish(self.room, Contact(f"人{who}", f"031234567{who}", True)), self.now)

    @rule(who=PEOPLE)
    def seat(self, who: int) -> None:
        self.press(seat_by_staff, Wish(self.room, Contact(f"人{who}", f"031234567{who}", True), "phone", "staff 1"), "電話", self.now)

    @rule(which=st.integers(0, 20), command=st.sampled_from((cancel, accept_offer, decline_offer, put_back_in_queue, check_in)))
    def act(self, which: int, command) -> None:
        with Session(self.engine) as session:
            found = session.exec(select(Application.id).order_by(col(Application.submitted_at), col(Application.id))).all()
        if found:
            self.press(command, found[which % len(found)], self.now)

    @rule(helpers=st.integers(0, 3), room=st.integers(1, 5))
    def change(self, helpers: int, room: int) -> None:
        self.press(change_places, self.room, self.now, confirmed_helpers=helpers, room_capacity=room)

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        self.now = min(self.now + timedelta(hours=hours), START + timedelta(days=7))
        self.press(expire_due_offers, self.now)

    @invariant()
    def the_books_agree(self) -> None:
        if hasattr(self, "engine"):
            with Session(self.engine) as session:
                assert faults(session, self.room) == []

    @invariant()
    def nobody_overtakes(self) -> None:
        """Everybody who waits stands behind those who were offered a seat, unless put back or offered before."""
        if hasattr(self, "engine"):
            with Session(self.engine) as session:
                entries = session.exec(select(WaitlistEntry).order_by(col(WaitlistEntry.position))).all()
            waiting = [one.position for one in entries if one.state == "waiting" and not one.returned]
            held = [one.position for one in entries if one.state == "offered" and not one.returned]
            assert not waiting or not held or max(held) < min(waiting)

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            with Session(self.engine) as session, session.begin():
                call_off(session, self.room, self.now)
                assert faults(session, self.room) == []
            self.engine.dispose()
            self.folder.cleanup()


Desk.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestDesk = Desk.TestCase


class Row:
    def __init__(self, state: str) -> None:
        self.state = state


@pytest.mark.parametrize("kind", MACHINES)
def test_every_step_that_does_not_exist_is_refused_with_a_sentence(kind):
    states = set(MACHINES[kind]) | {after for moves in MACHINES[kind].values() for after in moves}
    for present, wanted in itertools.product(states, repeat=2):
        row = Row(present)
        if wanted in MACHINES[kind].get(present, ()):
            move(kind, row, wanted)
            assert row.state == wanted
        else:
            with pytest.raises(IllegalMove, match=r"Please reload"):
                move(kind, row, wanted)
            assert row.state == present


@pytest.mark.parametrize("kind", MACHINES)
def test_every_state_a_step_leads_to_is_a_state_of_its_machine(kind):
    assert {after for moves in MACHINES[kind].values() for after in moves} <= set(MACHINES[kind])


def test_excusing_needs_a_no_show(plan, join, session, now):
    with pytest.raises(IllegalMove):
        excuse(session, join(plan()).application_id, "かぜ", now)
