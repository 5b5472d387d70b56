"""Each command on each state of classes, help by one person, practice, volunteers and a family's consent.

A step that the machine has is taken; any other is refused with a sentence, or passes over a row it does not name, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Final

import pytest
from sqlmodel import Session, select

from lessons import acting_for as family
from lessons import states
from lessons.learning_tables import ProxyGrant
from lessons.tables import Learner

from .programme import open_engine
from .steps import MACHINES, PRACTICE, START, TAKEN_BACK, Machine, of_run, used

STEPS: Final = [(name, before, wanted) for name, one in MACHINES.items() for before in one.moves for wanted in one.commands]


@pytest.fixture(scope="module")
def all_books() -> Iterator[Session]:
    engine = open_engine("sqlite://")
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def session(all_books: Session) -> Iterator[Session]:
    yield all_books
    all_books.rollback()


@pytest.mark.parametrize(("name", "before", "wanted"), STEPS)
def test_a_step_is_taken_or_refused_with_a_sentence(session: Session, name: str, before: str, wanted: str) -> None:
    MACHINES[name].check(session, before, wanted)


@pytest.mark.parametrize("name", MACHINES)
def test_every_step_a_machine_has_is_taken_by_a_command(name: str) -> None:
    machine = MACHINES[name]
    assert {after for moves in machine.moves.values() for after in moves} <= set(machine.commands)


@pytest.mark.parametrize("state", TAKEN_BACK.moves)
def test_a_family_acts_while_consent_stands_and_no_longer(session: Session, state: str) -> None:
    both = TAKEN_BACK.brought_to(session, state)
    asked = replace(
        TAKEN_BACK, commands={"may": lambda session, both: family.check_may(session, both.split()[1], both.split()[0], "book", START)}
    )
    late = replace(TAKEN_BACK, commands={"given": lambda session, both: used(session, both, START + family.CODE_LIVES)})
    assert asked.press(session, both, "may") == (state == "given")
    assert not late.press(session, both, "given")


def noticed(session: Session, machine: Machine) -> list[tuple[str, str]]:
    """The steps at which `check` protests."""
    found = []
    for before, wanted in product(machine.moves, machine.commands):
        session.rollback()
        try:
            machine.check(session, before, wanted)
        except AssertionError:
            found.append((before, wanted))
    return found


@pytest.mark.parametrize("name", ["class", "help", "drill", "volunteer"])
def test_control_without_the_guard_a_step_that_does_not_exist_is_noticed(
    session: Session, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert noticed(session, MACHINES[name]) == []
    monkeypatch.setattr(states, "reached", lambda _kind, _before, wanted: wanted)
    assert noticed(session, MACHINES[name])


def test_control_a_practice_that_goes_on_after_its_end_is_noticed(session: Session) -> None:
    careless = of_run(lambda _session, run: setattr(run, "state", "done"))
    assert noticed(session, replace(PRACTICE, commands={**PRACTICE.commands, "done": careless})) == [("stopped", "done")]


def test_control_consent_without_a_code_is_noticed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(session: Session, _code: str, person_id: str, now: datetime) -> None:
        mother = session.exec(select(Learner.id)).one()
        if session.exec(select(ProxyGrant).where(ProxyGrant.person_id == person_id)).first() is None:
            session.add(ProxyGrant(person_id=person_id, learner_id=mother, role="family", scopes=["book"], consented_at=now))

    monkeypatch.setattr(family, "use_consent_code", careless)
    assert ("none", "given") in noticed(session, TAKEN_BACK)
