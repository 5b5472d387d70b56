"""Many people at once on one database: what the race tests and the long proof share."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from lessons import (
    Application,
    Contact,
    LessonError,
    Wish,
    accept_offer,
    apply,
    cancel,
    change_places,
    decline_offer,
    expire_due_offers,
    seat_by_staff,
)

Deed = Callable[[Session, random.Random, Sequence[str], datetime], object]


def contact(number: int) -> Contact:
    return Contact(f"人{number}", f"03{number:08d}", consent=True)


def _apply(session: Session, dice: random.Random, rooms: Sequence[str], now: datetime) -> object:
    number = dice.randrange(400)
    return apply(session, Wish(dice.choice(rooms), contact(number), idempotency_key=f"k{dice.randrange(10**9)}"), now)


def _seat(session: Session, dice: random.Random, rooms: Sequence[str], now: datetime) -> object:
    return seat_by_staff(session, Wish(dice.choice(rooms), contact(dice.randrange(400)), "phone", "staff 1"), "電話", now)


def _helpers(session: Session, dice: random.Random, rooms: Sequence[str], now: datetime) -> object:
    return change_places(session, dice.choice(rooms), now, confirmed_helpers=dice.randrange(0, 4), room_capacity=dice.randrange(5, 12))


def _sweep(session: Session, dice: random.Random, rooms: Sequence[str], now: datetime) -> object:
    return expire_due_offers(session, now + timedelta(days=dice.randrange(3)))


def _on_some(command: Callable[[Session, str, datetime], object], *states: str) -> Deed:
    def deed(session: Session, dice: random.Random, rooms: Sequence[str], now: datetime) -> object:
        found = session.exec(select(Application.id).where(col(Application.state).in_(states)).limit(60)).all()
        return command(session, dice.choice(found), now) if found else None

    return deed


DEEDS: Sequence[tuple[int, Deed]] = (
    (50, _apply),
    (22, _on_some(lambda session, one, now: cancel(session, one, now), "confirmed", "waitlisted")),
    (10, _on_some(accept_offer, "waitlisted")),
    (5, _on_some(decline_offer, "waitlisted")),
    (4, _helpers),
    (4, _seat),
    (5, _sweep),
)


def one_deed(engine: Engine, dice: random.Random, rooms: Sequence[str], now: datetime) -> None:
    """One transaction as a channel would run it. A refusal is an answer, and so is a database that asks to try again."""
    deed = dice.choices([deed for _, deed in DEEDS], [weight for weight, _ in DEEDS])[0]
    try:
        with Session(engine) as session, session.begin():
            deed(session, dice, rooms, now)
    except (LessonError, IntegrityError):
        return
    except OperationalError as trouble:
        if "deadlock" not in str(trouble) and "locked" not in str(trouble):
            raise


def all_at_once(people: int, deed: Callable[[int], object]) -> list[BaseException]:
    """Run `deed` for every number on a thread of its own, started together; returns what was raised."""
    gate, raised = threading.Barrier(people), list[BaseException]()

    def run(number: int) -> None:
        gate.wait()
        try:
            deed(number)
        except Exception as trouble:
            raised.append(trouble)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
