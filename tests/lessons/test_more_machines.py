"""Draws, tutoring, practice, rosters, volunteers and the life of a class, pressed in any order.

Whatever is pressed, a row takes only steps its machine has, a refusal is a sentence and changes nothing, and what each part promises holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from accessibility import Person
from lessons import (
    Application,
    Assignment,
    Booking,
    Contact,
    Draw,
    LessonError,
    RosterRun,
    ScheduledSession,
    Volunteer,
    Wish,
    announce,
    apply,
    call_off_by_staff,
    cancel,
    check_in,
    complete,
    draw_lots,
    excuse,
    practice,
    public_json,
    seal,
    team,
    tutoring,
)
from lessons.attendance import close_class
from lessons.learning_tables import PracticeRun, Tutor, TutoringTicket
from lessons.states import MACHINES, UNSEEN
from lessons.tables import Learner
from lessons.verify_draw import NOT_YET, VOID
from lessons.verify_draw import faults as disagreements

from .crew import helper
from .programme import faults, open_engine, plan_class
from .test_helper_machines import START

PEOPLE, ANY = st.integers(0, 5), st.integers(0, 30)
TOKYO = "Asia/Tokyo"
FEW = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


@cache
def books_in_memory() -> Engine:
    """One for all stories; each is rolled back at its end."""
    return open_engine("sqlite://")


@cache
def may_become(kind: str, before: str) -> frozenset[str]:
    """Every state that can be reached: one command may take several steps."""
    found, edge = set[str](), {before}
    while edge:
        edge = {after for one in edge for after in MACHINES[kind][one]} - found
        found |= edge
    return frozenset(found)


class Story(RuleBasedStateMachine):
    """`watched` pairs the name of a machine with its table."""

    watched: ClassVar[Mapping[str, type[SQLModel]]] = {}

    @initialize()
    def open(self) -> None:
        self.session, self.now = Session(books_in_memory()), START
        self.begin()

    def begin(self) -> None: ...

    def press(self, command: Callable[..., object], *arguments: object) -> bool:
        """Whether it was done."""
        before = self.states()
        try:
            with self.session.begin_nested():
                command(self.session, *arguments, self.now)
        except LessonError as refused:
            assert str(refused).endswith(".")
            assert self.states() == before
            return False
        for row, after in self.states().items():
            assert before.get(row, after) == after or after in may_become(row[0], before[row]), (row[0], before[row], after)
        return True

    def states(self) -> dict[tuple[str, str], str]:
        self.session.flush()
        rows = {kind: self.session.connection().execute(select(table.id, table.state)).all() for kind, table in self.watched.items()}
        return {(kind, one): state for kind, found in rows.items() for one, state in found}

    def one_of(self, table: type[SQLModel], which: int) -> SQLModel | None:
        found = sorted(self.session.exec(select(table)).all(), key=lambda row: row.id)
        return found[which % len(found)] if found else None

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.now = min(self.now + timedelta(hours=hours), START + timedelta(days=15))

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()


class Lottery(Story):
    watched: ClassVar = {"draw": Draw, "class": ScheduledSession, "application": Application, "booking": Booking}

    def begin(self) -> None:
        self.room = plan_class(self.session, START, allocation="lottery", first_timer_seats=1)

    @rule(who=PEOPLE)
    def enter(self, who: int) -> None:
        self.press(apply, Wish(self.room, Contact(f"人{who}", f"031234567{who}", True)))

    @rule(which=ANY)
    def give_up(self, which: int) -> None:
        if one := self.one_of(Application, which):
            self.press(cancel, one.id)

    @rule(step=st.sampled_from(("announce", "seal", "draw", "draw nothing", "off")))
    def lead(self, step: str) -> None:
        one = self.one_of(Draw, 0)
        number = one.id if one else "none"
        self.press(
            *{
                "announce": (announce, self.room, "公の数"),
                "seal": (seal, number),
                "draw": (draw_lots, number, "38915.87"),
                "draw nothing": (draw_lots, number, " "),
                "off": (call_off_by_staff, self.room, "weather"),
            }[step]
        )

    @rule()
    def the_closing_day_passes(self) -> None:
        self.now = max(self.now, START + timedelta(days=9, seconds=1))

    @invariant()
    def the_books_and_the_record_agree(self) -> None:
        if not hasattr(self, "room"):
            return
        assert faults(self.session, self.room) == []
        if one := self.one_of(Draw, 0):
            wanted = {"published": [], "void": [VOID]}.get(one.state, [NOT_YET])
            assert disagreements(public_json(one)) == wanted


class Tutoring(Story):
    watched: ClassVar = {"request for help": TutoringTicket}

    def begin(self) -> None:
        rows = [Learner(name="", name_key=f"人{n}", phone="", consented_at=START) for n in range(6)]
        self.session.add_all(rows)
        self.session.flush()
        self.people, self.queued = [one.id for one in rows], dict[str, object]()

    @rule(who=PEOPLE, mode=st.sampled_from(("desk", "chat", "room")))
    def ask(self, who: int, mode: str) -> None:
        self.press(tutoring.ask_for_help, tutoring.Need(self.people[who], mode=mode))

    @rule(who=PEOPLE, step=st.sampled_from((tutoring.leave_queue, tutoring.want_to_see_each_other)))
    def change_their_mind(self, who: int, step: Callable[..., object]) -> None:
        self.press(step, self.people[who])

    @rule(language=st.sampled_from(("ja", "en")))
    def sit_down(self, language: str) -> None:
        self.press(lambda session, now: tutoring.start_duty(session, "青木", [language], [], now))

    @rule(which=ANY)
    def go_home(self, which: int) -> None:
        if one := self.one_of(Tutor, which):
            self.press(tutoring.end_duty, one.id)

    @rule(which=ANY, step=st.sampled_from((tutoring.begin, tutoring.resolve)))
    def help(self, which: int, step: Callable[..., object]) -> None:
        one = self.one_of(TutoringTicket, which)
        self.press(step, one.id if one else "none")

    @rule(step=st.sampled_from((tutoring.match, tutoring.close_for_today)))
    def lead(self, step: Callable[..., object]) -> None:
        self.press(step)

    @rule()
    def forget_to_end(self) -> None:
        self.press(lambda session, now: tutoring.end_forgotten(session, now, lambda _ticket: True))

    @invariant()
    def one_ticket_each_one_learner_a_helper_and_the_place_is_kept(self) -> None:
        if not hasattr(self, "people"):
            return
        self.session.flush()
        tickets = self.session.exec(select(TutoringTicket)).all()
        standing = [one for one in tickets if one.state not in ("resolved", "abandoned")]
        assert all((one.open_key is not None) == (one in standing) for one in tickets)
        assert len({one.learner_id for one in standing}) == len(standing)
        busy = [one.tutor_id for one in tickets if one.state in tutoring.BUSY]
        assert None not in busy and len(set(busy)) == len(busy)
        assert all(self.queued.setdefault(one.id, one.queued_at) == one.queued_at for one in tickets)


class Practising(Story):
    watched: ClassVar = {"practice": PracticeRun}

    def begin(self) -> None:
        person = Person(created_at=START)
        self.session.add(person)
        self.session.flush()
        self.person, self.agreed = person.id, False

    @rule(name=st.sampled_from(sorted(practice.SCENARIOS)))
    def start(self, name: str) -> None:
        self.press(practice.start, self.person, name)

    @rule(which=ANY, did=st.sampled_from(("photo", "voice", "place", "sticker", "words", "done", "unsure")))
    def do(self, which: int, did: str) -> None:
        run = self.one_of(PracticeRun, which)
        if run is not None and run.kind == "practice":
            running = run.state == "running"
            assert self.press(practice.attempt, run, did) == running

    @rule()
    def stop(self) -> None:
        self.press(practice.stop, self.person)

    @rule(agrees=st.booleans())
    def decide(self, agrees: bool) -> None:
        self.agreed = agrees
        self.press(practice.agree_to_drills if agrees else practice.withdraw_from_drills, self.person)

    @rule()
    def drill(self) -> None:
        assert self.press(practice.start_drill, self.person) == self.agreed

    @rule(which=ANY, choice=st.sampled_from(("ask", "leave", "open", "pay")))
    def answer(self, which: int, choice: str) -> None:
        run = self.one_of(PracticeRun, which)
        if run is not None and run.kind == "drill":
            self.press(practice.answer_drill, run, choice)

    @invariant()
    def one_thing_at_a_time(self) -> None:
        if hasattr(self, "person"):
            assert sum(state == "running" for state in self.states().values()) <= 1


class Roster(Story):
    watched: ClassVar = {"roster": RosterRun, "assignment": Assignment}

    def begin(self) -> None:
        days = (2, 3)
        self.rooms = [
            plan_class(
                self.session,
                START,
                room_capacity=8,
                helper_ratio=4,
                start_date=START + timedelta(days=n),
                end_date=START + timedelta(days=n, hours=1),
            )
            for n in days
        ]
        self.crew = [helper(self.session, START, name).id for name in "あいう"]

    @rule(may_move=st.booleans())
    def draft(self, may_move: bool) -> None:
        first, last = date(2026, 12, 1), date(2026, 12, 10)

        def work_out(session: Session, now: object) -> None:
            problem = team.read_problem(session, first, last, TOKYO, self.now, may_move)
            team.keep_draft(session, problem, team.solve(problem, 5.0), first, last, self.now)

        self.press(work_out)

    @rule(which=ANY, publish=st.booleans())
    def settle(self, which: int, publish: bool) -> None:
        one = self.one_of(RosterRun, which)
        number = one.id if one else "none"
        self.press(*((team.publish, number, TOKYO) if publish else (team.discard, number)))

    @rule(which=ANY, step=st.sampled_from((team.accept, team.decline, team.withdraw, team.want_cover, team.can_come_after_all)))
    def answer(self, which: int, step: Callable[..., object]) -> None:
        if one := self.one_of(Assignment, which):
            self.press(step, one.id)

    @rule(who=st.integers(0, 2), where=st.integers(0, 1))
    def ask_by_hand(self, who: int, where: int) -> None:
        self.press(lambda session, now: team.ask(session, team.assign(session, self.rooms[where], self.crew[who], now), now))

    @invariant()
    def one_draft_and_nobody_twice_in_a_class(self) -> None:
        if hasattr(self, "crew"):
            self.session.flush()
            assert [one.state for one in self.session.exec(select(RosterRun)).all()].count("draft") <= 1
            standing = [one.active_key for one in self.session.exec(select(Assignment)).all() if one.active_key]
            assert len(standing) == len(set(standing))


class Volunteering(Story):
    watched: ClassVar = {"volunteer": Volunteer, "assignment": Assignment}

    def begin(self) -> None:
        self.room = plan_class(self.session, START, room_capacity=8, helper_ratio=4)

    @rule(name=st.sampled_from("あいう"))
    def register(self, name: str) -> None:
        self.press(lambda session, now: team.register(session, team.Profile(name, ""), now))

    @rule(which=ANY, wanted=st.sampled_from(sorted(MACHINES["volunteer"])))
    def change(self, which: int, wanted: str) -> None:
        if one := self.one_of(Volunteer, which):
            before = one.state
            assert self.press(lambda session, now: team.change_state(session, one.id, wanted)) == (wanted in MACHINES["volunteer"][before])

    @rule(which=ANY)
    def ask(self, which: int) -> None:
        if one := self.one_of(Volunteer, which):
            done = self.press(lambda session, now: team.ask(session, team.assign(session, self.room, one.id, now), now))
            assert not done or one.state == "approved"


class ClassLife(Story):
    watched: ClassVar = {"class": ScheduledSession, "application": Application, "booking": Booking}

    def begin(self) -> None:
        self.session.get(ScheduledSession, plan_class(self.session, START, state="discarded"))
        start = (START + timedelta(days=6)).astimezone(ZoneInfo(TOKYO))
        self.plan = team.Proposal("call", "hall", "A", start, seats=2, devices=0, helper_ratio=0)

    @rule(days=st.integers(0, 4), series=st.booleans())
    def draft(self, days: int, series: bool) -> None:
        wanted, rule_ = replace(self.plan, start=self.plan.start + timedelta(days=days)), "FREQ=DAILY;COUNT=2" if series else ""
        self.press(lambda session, now: team.plan_classes(session, wanted, team.Terms(), rule_, lambda _day: False, now))

    @rule(which=ANY, step=st.sampled_from(("publish", "discard", "change", "off", "complete")))
    def lead(self, which: int, step: str) -> None:
        one = self.one_of(ScheduledSession, which)
        moved = replace(self.plan, start=one.start_date.astimezone(ZoneInfo(TOKYO)) + timedelta(minutes=15))
        self.press(
            *{
                "publish": (team.publish_class, one.id),
                "discard": (team.discard_drafts, one.id),
                "change": (lambda session, now: team.change_draft(session, one.id, moved, team.Terms(), lambda _day: False, now),),
                "off": (call_off_by_staff, one.id, "few"),
                "complete": (lambda session, now: complete(session, one.id),),
            }[step]
        )

    @rule(which=ANY, who=PEOPLE)
    def apply(self, which: int, who: int) -> None:
        one = self.one_of(ScheduledSession, which)
        done = self.press(apply, Wish(one.id, Contact(f"人{who}", f"031234567{who}", True)))
        assert not done or one.state not in (*UNSEEN, "cancelled", "completed")

    @rule(which=ANY, step=st.sampled_from(("arrive", "close", "excuse", "cancel")))
    def on_the_day(self, which: int, step: str) -> None:
        if one := self.one_of(Application, which):
            steps = {"arrive": (check_in, one.id), "close": (close_class, [one.id]), "cancel": (cancel, one.id)}
            self.press(*steps.get(step, (excuse, one.id, "かぜ")))

    @invariant()
    def the_books_agree(self) -> None:
        if hasattr(self, "plan"):
            self.session.flush()
            for one in self.session.exec(select(ScheduledSession)).all():
                assert faults(self.session, one.id) == []


def suite(machine: type[Story], examples: int, steps: int) -> type:
    machine.TestCase.settings = settings(max_examples=examples, stateful_step_count=steps, **FEW)
    return machine.TestCase


TestLottery = suite(Lottery, 12, 20)
TestTutoring = suite(Tutoring, 12, 25)
TestPractising = suite(Practising, 12, 20)
TestRoster = suite(Roster, 6, 12)
TestVolunteering = suite(Volunteering, 12, 15)
TestClassLife = suite(ClassLife, 8, 20)


def test_a_step_no_machine_has_would_be_noticed():
    """Control: a careless command that skips the machine."""
    story = Lottery()
    story.open()
    story.enter(1)
    application = story.one_of(Application, 0)

    def careless(session: Session, now: object) -> None:
        application.state = "invited"
        session.add(application)

    with pytest.raises(AssertionError, match="in_draw"):
        story.press(careless)
    story.teardown()
