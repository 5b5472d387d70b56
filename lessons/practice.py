"""Practising in the chat itself: one action a message, and success seen from what the person really sends; without it people only read.

Three tries, then another way is shown; nobody is told that they were wrong. A scam drill needs consent and ends with its explanation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlmodel import Session, col, select

from .errors import IllegalMove, NoConsent
from .learning_tables import DrillConsent, PracticeRun
from .states import move

Did = Literal["photo", "voice", "place", "sticker", "words", "done", "unsure"]
Went = Literal["next", "again", "other_way", "finished"]
TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Scenario:
    """`steps` is how many screens lead to it; `proof` is what the person sends when they can do it."""

    name: str
    steps: int
    proof: Did


SCENARIOS: Final = {
    one.name: one for one in (
        Scenario("photo", 3, "photo"), Scenario("voice", 2, "voice"), Scenario("place", 3, "place"), Scenario("sticker", 2, "sticker"),
        Scenario("words", 2, "words"),
    )
}  # fmt: skip
DRILLS: Final = ("parcel", "refund", "popup")
SAFE: Final = ("ask", "leave")


def start(session: Session, person_id: str, name: str, now: datetime) -> PracticeRun:
    """Begin; whatever was practised before is put aside."""
    stop(session, person_id, now)
    return _begun(session, person_id, name, "practice", now)


def attempt(session: Session, run: PracticeRun, did: Did, now: datetime) -> Went:
    """What the person did. Sending the right thing is success at once, at whichever screen they were.

    Raises IllegalMove once it is over.
    """
    if run.state != "running":
        raise IllegalMove("practice", run.state, "running")
    scenario = SCENARIOS[run.scenario]
    run.changed_at = now
    session.add(run)
    if did == scenario.proof:
        move("practice", run, "done")
        run.outcome = "alone" if run.tries < TRIES else "helped"
        return "finished"
    if did == "done" and run.step < scenario.steps - 1:
        run.step, run.tries = run.step + 1, 0
        return "next"
    run.tries += 1
    return "other_way" if run.tries >= TRIES else "again"


def stop(session: Session, person_id: str, now: datetime) -> bool:
    run = running(session, person_id)
    if run is not None:
        move("practice", run, "stopped")
        run.changed_at = now
        session.add(run)
        session.flush()
    return run is not None


def running(session: Session, person_id: str) -> PracticeRun | None:
    open_ones = select(PracticeRun).where(PracticeRun.person_id == person_id, PracticeRun.state == "running")
    return session.exec(open_ones.order_by(col(PracticeRun.started_at).desc())).first()


def agree_to_drills(session: Session, person_id: str, now: datetime) -> None:
    found = session.get(DrillConsent, person_id) or DrillConsent(person_id=person_id, consented_at=now)
    found.consented_at, found.withdrawn_at = now, None
    session.add(found)
    session.flush()


def withdraw_from_drills(session: Session, person_id: str, now: datetime) -> None:
    """No more drills, and one that is going on ends without being judged."""
    run = running(session, person_id)
    if run is not None and run.kind == "drill":
        stop(session, person_id, now)
    found = session.get(DrillConsent, person_id)
    if found is not None:
        found.withdrawn_at = now
        session.add(found)


def start_drill(session: Session, person_id: str, now: datetime) -> PracticeRun:
    """The drill they have not had for longest. Raises NoConsent: nobody is tested who did not agree."""
    consent = session.get(DrillConsent, person_id)
    if consent is None or consent.withdrawn_at is not None:
        raise NoConsent
    stop(session, person_id, now)
    had = select(PracticeRun.scenario).where(PracticeRun.person_id == person_id, PracticeRun.kind == "drill")
    before = list(session.exec(had.order_by(col(PracticeRun.started_at))).all())
    name = min(DRILLS, key=lambda drill: (before[::-1].index(drill) if drill in before else len(before) + 1) * -1)
    return _begun(session, person_id, name, "drill", now)


def answer_drill(session: Session, run: PracticeRun, choice: str, now: datetime) -> bool:
    """Whether it was the safe choice; either way the drill is over and is explained at once."""
    move("practice", run, "done")
    run.outcome, run.changed_at = choice, now
    session.add(run)
    return choice in SAFE


def _begun(session: Session, person_id: str, name: str, kind: str, now: datetime) -> PracticeRun:
    run = PracticeRun(person_id=person_id, scenario=name, kind=kind, started_at=now, changed_at=now)
    session.add(run)
    session.flush()
    return run
