"""A long walk through the whole programme in which every step of every state machine is really taken, and every refusal is a sentence.

The stateful tests beside it press at random; here buttons are chosen that mostly fit, so that rare steps are reached too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

import lessons.booking
from lessons import (
    Application,
    Booking,
    Contact,
    LessonError,
    Wish,
    accept_offer,
    announce,
    apply,
    call_off,
    cancel,
    change_places,
    check_in,
    decline_offer,
    draw_lots,
    draw_of,
    end_queues,
    excuse,
    expire_due_offers,
    invite,
    put_back_in_queue,
    seal,
    seat_by_staff,
    states,
    team,
)
from lessons.arriving import end_class
from lessons.deadlines import LAST_CALL
from lessons.volunteer_tables import Assignment, CoverAsk, CoverRequest, Volunteer

from .crew import helper
from .programme import books, faults, open_engine, plan_class

START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
ZONE = "Asia/Tokyo"
Step = tuple[str, str, str]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> set[Step]:
    """Every step that was really taken while the test ran."""
    seen, reached = set[Step](), states.reached

    def noted(kind: str, before: str, wanted: str) -> str:
        after = reached(kind, before, wanted)
        seen.add((kind, before, wanted))
        return after

    monkeypatch.setattr(states, "reached", noted)
    monkeypatch.setattr(lessons.booking, "reached", noted)
    return seen


class Walk:
    """One class with its people. `press` carries a command out or is refused with a sentence; nothing is changed then."""

    def __init__(self, session: Session, chance: Random) -> None:
        self.session, self.chance, self.now = session, chance, START

    def press(self, command: Callable[..., object], *arguments: object, **more: object) -> bool:
        try:
            with self.session.begin_nested():
                command(self.session, *arguments, **more)
        except LessonError as refused:
            assert str(refused).endswith(".")
            return False
        return True

    def wait(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    def one_of(self, table: type, *conditions: object) -> str:
        """Mostly a row that fits, sometimes any."""
        all_of_them = select(table.id).order_by(text(f"{table.__tablename__}.rowid"))  # ids are by chance, the walk is not
        fitting = self.session.exec(all_of_them.where(*conditions)).all()
        rows = fitting if fitting and self.chance.random() < 0.8 else self.session.exec(all_of_them).all()
        return self.chance.choice(rows) if rows else "nobody"


class LearnersWalk(Walk):
    def open_class(self) -> None:
        lottery = self.chance.random() < 0.4
        self.now = START
        given = {"room_capacity": self.chance.randint(1, 3), "devices": 4, "allocation": "lottery" if lottery else "first_come"}
        self.room = plan_class(self.session, START, **given)

    def person(self) -> Contact:
        number = self.chance.randrange(8)
        return Contact(f"人{number}", f"03{number:08d}", True)

    def steps(self) -> list[Callable[[], object]]:
        here = Application.session_id == self.room

        def of(*wanted: str) -> str:
            return self.one_of(Application, here, col(Application.state).in_(wanted))

        def seated(*wanted: str) -> str:
            seats = select(Booking.application_id).where(Booking.session_id == self.room, col(Booking.state).in_(wanted))
            return self.one_of(Application, here, col(Application.id).in_(seats))

        by_phone = {"channel": "phone", "submitted_by": "staff 1"}
        return [
            *[lambda: self.press(apply, Wish(self.room, self.person()), self.now)] * 4,
            lambda: self.press(seat_by_staff, Wish(self.room, self.person(), **by_phone), "電話", self.now),
            lambda: self.press(invite, Wish(self.room, self.person(), **by_phone), self.now + timedelta(days=1), self.now),
            lambda: self.press(cancel, of("confirmed", "won", "waitlisted", "reserve", "in_draw", "invited"), self.now),
            lambda: self.press(cancel, of("confirmed", "won"), self.now, by="staff"),
            *[lambda: self.press(accept_offer, seated("held"), self.now)] * 2,
            lambda: self.press(decline_offer, seated("held"), self.now),
            *[lambda: self.press(put_back_in_queue, self.one_of(Application, here, Application.reason == "offer_expired"), self.now)] * 3,
            lambda: self.press(check_in, seated("confirmed"), self.now),
            lambda: self.press(change_places, self.room, self.now, room_capacity=self.chance.randint(1, 4)),
            *[lambda: (self.wait(self.chance.randint(1, 40)), self.press(expire_due_offers, self.now))] * 2,
        ]

    def draw(self) -> None:
        """The lottery's own steps, or calling the class off in the middle of them."""
        self.press(announce, self.room, "公の数", START)
        self.now = books(self.session, self.room).registration_closes + timedelta(minutes=1)
        draw = draw_of(self.session, self.room)
        steps = [lambda: self.press(seal, draw.id, self.now), lambda: self.press(draw_lots, draw.id, "12345", self.now)]
        wanted = self.chance.choice((0, 1, 2, 2, 2))
        for step in steps[:wanted]:
            step()
        if wanted == 1:
            self.press(call_off, self.room, self.now)

    def end(self) -> None:
        place = books(self.session, self.room)
        if self.chance.random() < 0.3:
            self.press(call_off, self.room, self.now)
        self.now = max(self.now, place.start_date - timedelta(minutes=90))
        self.press(end_queues, self.now)
        for _ in range(3):
            self.press(check_in, self.one_of(Application, Application.session_id == self.room), self.now)
        self.press(end_class, self.room, (), place.end_date)
        missed = self.session.exec(select(Booking.application_id).where(Booking.session_id == self.room, Booking.state == "no_show"))
        for application_id in missed.all():
            self.press(excuse, application_id, "体調", place.end_date)

    def sound(self) -> None:
        """Within the last two hours nobody is called to a free seat any more."""
        late = self.now > books(self.session, self.room).start_date - LAST_CALL
        assert [one for one in faults(self.session, self.room) if not (late and one == "a free seat is not offered")] == []


@pytest.fixture
def books_open(tmp_path: Path) -> Iterator[Session]:
    engine = open_engine(f"sqlite:///{tmp_path / 'walk.db'}")
    with Session(engine) as session:
        yield session
    engine.dispose()


def missing(taken: set[Step], *kinds: str) -> set[Step]:
    legal = {(kind, before, after) for kind in kinds for before, wanted in states.MACHINES[kind].items() for after in wanted}
    return legal - taken


def test_learners_take_every_step_of_application_seat_queue_and_draw(books_open: Session, taken: set[Step]) -> None:
    walk = LearnersWalk(books_open, Random(7))
    for _ in range(100):
        if not missing(taken, "application", "booking", "place in the queue", "draw"):
            return
        walk.open_class()
        for _ in range(walk.chance.randint(8, 30)):
            walk.chance.choice(walk.steps())()
            walk.sound()
        if books(walk.session, walk.room).allocation == "lottery":
            walk.draw()
            for _ in range(8):
                walk.chance.choice(walk.steps())()
                walk.sound()
        walk.end()
        walk.sound()
    assert missing(taken, "application", "booking", "place in the queue", "draw") == set()


class HelpersWalk(Walk):
    def open_class(self) -> None:
        self.now = START
        self.room = plan_class(self.session, START, room_capacity=8, helper_ratio=4)

    def steps(self) -> list[Callable[[], object]]:
        here, now = Assignment.session_id == self.room, self.now

        def duty(*wanted: str) -> str:
            return self.one_of(Assignment, here, col(Assignment.state).in_(wanted))

        def question() -> str:
            asked = select(CoverRequest.id).where(CoverRequest.session_id == self.room)
            return self.one_of(CoverAsk, CoverAsk.state == "asked", col(CoverAsk.request_id).in_(asked))

        def somebody() -> str:
            return self.one_of(Volunteer, Volunteer.state == "approved")

        return [
            lambda: self.press(lambda s: team.ask(s, team.assign(s, self.room, somebody(), now), now)),
            lambda: self.press(lambda s: team.accept(s, team.assign(s, self.room, somebody(), now).id, now)),
            *[lambda: self.press(team.accept, duty("published"), now)] * 3,
            lambda: self.press(team.decline, duty("published"), now),
            *[lambda: self.press(team.want_cover, duty("accepted"), now)] * 3,
            lambda: self.press(team.can_come_after_all, duty("cover_wanted"), now),
            lambda: self.step_in(question()),
            *[lambda: self.press(team.decline_cover, question(), now)] * 2,
            lambda: self.press(team.withdraw, duty("published", "accepted", "cover_wanted"), now),
            *[lambda: (self.wait(4), self.press(team.tend_cover, self.now))] * 2,
        ]

    def step_in(self, ask_id: str) -> None:
        """The first answer is settled by the database itself, so it is noted here."""
        ask = self.session.get(CoverAsk, ask_id)
        before = self.session.get_one(CoverRequest, ask.request_id).state if ask else ""
        if self.press(team.accept_cover, ask_id, self.now) and before in ("asking", "escalated"):
            states.reached("cover request", before, "filled")

    def roster(self) -> None:
        """A draft for the class's week, published or thrown away; each in its turn."""
        first, last = START.date(), START.date() + timedelta(days=14)
        problem = team.read_problem(self.session, first, last, ZONE, self.now)
        run = team.keep_draft(self.session, problem, team.solve(problem, 0.5), first, last, self.now)
        if self.chance.random() < 0.5:
            self.press(team.publish, run.id, ZONE, self.now)
        self.press(team.discard, run.id, self.now)

    def end(self) -> None:
        if self.chance.random() < 0.3:
            self.press(call_off, self.room, self.now)
        promised = self.session.exec(select(Assignment.id).where(Assignment.session_id == self.room)).all()
        end = books(self.session, self.room).end_date
        self.press(end_class, self.room, [one for one in promised if self.chance.random() < 0.4], end)

    def sound(self) -> None:
        """As many helpers are counted as have promised, and nobody stands twice."""
        self.session.flush()
        rows = self.session.exec(select(Assignment).where(Assignment.session_id == self.room)).all()
        coming = [one.volunteer_id for one in rows if one.state in states.COMING]
        assert books(self.session, self.room).confirmed_helpers == len(coming) == len(set(coming))


def test_helpers_take_every_step_of_promise_cover_and_roster(books_open: Session, taken: set[Step]) -> None:
    walk = HelpersWalk(books_open, Random(11))
    for number in range(4):
        helper(walk.session, START, f"人{number}")
    for _ in range(100):
        if not missing(taken, "assignment", "cover request", "question", "roster"):
            return
        walk.open_class()
        if walk.chance.random() < 0.2:
            walk.roster()
        for _ in range(25):
            walk.chance.choice(walk.steps())()
            walk.sound()
        walk.end()
    assert missing(taken, "assignment", "cover request", "question", "roster") == set()
