"""The commands of classes, help by one person, practice, volunteers and a family's consent, by the state each leads to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlmodel import Session, SQLModel, select

from accessibility import Person
from lessons import LessonError, announce, call_off_by_staff, draw_lots, draw_of, practice, seal, states, team, tutoring
from lessons import acting_for as family
from lessons.arriving import end_class
from lessons.learning_tables import PracticeRun, ProxyCode, ProxyGrant, TutoringTicket
from lessons.opening import change_draft, discard_drafts, terms_of
from lessons.scheduling import proposal_of
from lessons.tables import Learner, ScheduledSession
from lessons.volunteer_tables import Volunteer

from .programme import books, plan_class

START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
Moves = Mapping[str, Collection[str]]
Press = Callable[[Session, str], object]


@dataclass(frozen=True)
class Machine:
    """`commands` by the state they lead to; those in `passes_over` name no row, so there is nobody whom they could refuse."""

    moves: Moves
    make: Callable[[Session], str]
    state: Callable[[Session, str], str]
    commands: Mapping[str, Press]
    passes_over: Collection[str] = ()

    def way_to(self, wanted: str) -> tuple[str, ...]:
        """The shortest way from the beginning."""
        ways: list[tuple[str, ...]] = [()]
        for way in ways:
            here = way[-1] if way else next(iter(self.moves))
            if here == wanted:
                return way
            ways += [(*way, after) for after in self.moves[here] if after not in way]
        raise AssertionError(f"nothing leads to {wanted}")

    def brought_to(self, session: Session, wanted: str) -> str:
        row = self.make(session)
        for step in self.way_to(wanted):
            self.commands[step](session, row)
        assert self.state(session, row) == wanted
        return row

    def press(self, session: Session, row: str, wanted: str) -> bool:
        """Whether it was done."""
        try:
            with session.begin_nested():
                self.commands[wanted](session, row)
        except LessonError as refused:
            assert str(refused).endswith(".")
            return False
        return True

    def check(self, session: Session, before: str, wanted: str) -> None:
        row = self.brought_to(session, before)
        done = self.press(session, row, wanted)
        legal = wanted in self.moves[before]
        assert self.state(session, row) == (wanted if legal else before), (before, wanted)
        assert done or not legal, (before, wanted)
        assert legal or before == wanted or wanted in self.passes_over or not done, f"{before} to {wanted} is refused without a word"


def of_table(table: type[SQLModel]) -> Callable[[Session, str], str]:
    def state(session: Session, row: str) -> str:
        session.flush()
        return session.get_one(table, row, populate_existing=True).state

    return state


def sealed(session: Session, room: str) -> None:
    place = books(session, room)
    if draw_of(session, room) is None:
        announce(session, room, "公の数", START)
    seal(session, draw_of(session, room).id, place.registration_closes + timedelta(minutes=1))


def drawn(session: Session, room: str) -> None:
    draw = draw_of(session, room)
    draw_lots(session, draw.id if draw else "none", "12345", books(session, room).registration_closes + timedelta(minutes=2))


def rewritten(session: Session, room: str) -> None:
    place = books(session, room)
    change_draft(session, room, proposal_of(session, place), terms_of(place), lambda _day: False, START)


CLASS: Final = Machine(
    states.SESSION,
    lambda session: plan_class(session, START, state="draft", allocation="lottery"),
    of_table(ScheduledSession),
    {
        "draft": rewritten,
        "published": lambda session, room: team.publish_class(session, room, START),
        "discarded": lambda session, room: discard_drafts(session, room, START),
        "drawing": sealed,
        "awarded": drawn,
        "completed": lambda session, room: end_class(session, room, (), books(session, room).end_date),
        "cancelled": lambda session, room: call_off_by_staff(session, room, "few", books(session, room).start_date),
    },
)


def learner(session: Session) -> str:
    one = Learner(name="", name_key="人", phone="", consented_at=START)
    session.add(one)
    session.flush()
    return one.id


def claimed(session: Session, ticket: str) -> None:
    tutor = tutoring.start_duty(session, "青木", ["ja"], [], START)
    tutoring.claim(session, session.get_one(TutoringTicket, ticket), tutor, START)


HELP: Final = Machine(
    states.HELP,
    lambda session: tutoring.ask_for_help(session, tutoring.Need(learner(session)), START).id,
    of_table(TutoringTicket),
    {
        "open": lambda session, ticket: tutoring.ask_for_help(
            session, tutoring.Need(session.get_one(TutoringTicket, ticket).learner_id), START
        ),
        "claimed": claimed,
        "in_help": lambda session, ticket: tutoring.begin(session, ticket, START),
        "resolved": lambda session, ticket: tutoring.resolve(session, ticket, START),
        "abandoned": lambda session, ticket: tutoring.abandon(session, ticket, START),
        "carried_over": lambda session, _ticket: tutoring.close_for_today(session, START),
    },
    passes_over=("carried_over", "open"),
)


def person(session: Session) -> str:
    one = Person(created_at=START)
    session.add(one)
    session.flush()
    return one.id


def of_run(command: Callable[[Session, PracticeRun], object]) -> Press:
    return lambda session, run: command(session, session.get_one(PracticeRun, run))


def drill(session: Session) -> str:
    somebody = person(session)
    practice.agree_to_drills(session, somebody, START)
    return practice.start_drill(session, somebody, START).id


PRACTICE: Final = Machine(
    states.PRACTICE,
    lambda session: practice.start(session, person(session), "photo", START).id,
    of_table(PracticeRun),
    {
        "running": of_run(lambda session, run: practice.attempt(session, run, "unsure", START)),
        "done": of_run(lambda session, run: practice.attempt(session, run, "photo", START)),
        "stopped": of_run(lambda session, run: practice.stop(session, run.person_id, START)),
    },
    passes_over=("stopped",),
)
DRILL: Final = Machine(
    {state: set(after) for state, after in states.PRACTICE.items()},
    drill,
    of_table(PracticeRun),
    {
        "done": of_run(lambda session, run: practice.answer_drill(session, run, "ask", START)),
        "stopped": of_run(lambda session, run: practice.withdraw_from_drills(session, run.person_id, START)),
    },
    passes_over=("stopped",),
)
VOLUNTEER: Final = Machine(
    states.VOLUNTEER,
    lambda session: team.register(session, team.Profile("青木", ""), START)[0].id,
    of_table(Volunteer),
    {wanted: lambda session, one, wanted=wanted: team.change_state(session, one, wanted) for wanted in states.VOLUNTEER},
)


def mother_and_daughter(session: Session) -> str:
    """Joined by a space: the learner and the family member."""
    return f"{family.own_learner(session, person(session), 'ja', START).id} {person(session)}"


def consent(session: Session, both: str) -> str:
    """It has no column of its own: the code and the grant tell it."""
    mother, daughter = both.split()
    if grant := session.exec(select(ProxyGrant).where(ProxyGrant.person_id == daughter)).one_or_none():
        return "given" if grant.revoked_at is None else "none"
    return "asked" if session.exec(select(ProxyCode).where(ProxyCode.learner_id == mother)).first() else "none"


def used(session: Session, both: str, now: datetime = START) -> None:
    code = session.exec(select(ProxyCode.code)).one_or_none()
    family.use_consent_code(session, code or "000000", both.split()[1], now)


def given_back(session: Session, both: str) -> None:
    daughter = both.split()[1]
    grant = session.exec(select(ProxyGrant.id).where(ProxyGrant.person_id == daughter)).one_or_none()
    family.end_grant(session, grant or "none", daughter, START)


AGREEING: Final[Mapping[str, Press]] = {
    "asked": lambda session, both: family.new_consent_code(session, both.split()[0], ("book",), START),
    "given": used,
}
TAKEN_BACK: Final = Machine(
    {"none": ("asked",), "asked": ("given", "none"), "given": ("none",)},
    mother_and_daughter,
    consent,
    {**AGREEING, "none": lambda session, both: family.revoke_all(session, both.split()[0], START)},
    passes_over=("asked",),
)
GIVEN_BACK: Final = Machine(
    {"none": ("asked",), "asked": ("given",), "given": ("none",)},
    mother_and_daughter,
    consent,
    {**AGREEING, "none": given_back},
    passes_over=("asked",),
)
MACHINES: Final = {
    "class": CLASS,
    "help": HELP,
    "practice": PRACTICE,
    "drill": DRILL,
    "volunteer": VOLUNTEER,
    "consent": TAKEN_BACK,
    "consent given back": GIVEN_BACK,
}
