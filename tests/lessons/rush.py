"""Many people at once on one database: what the race tests and the long proof share."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Engine, bindparam
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from lessons import (
    Application,
    Contact,
    LessonError,
    Wish,
    accept_offer,
    announce,
    apply,
    cancel,
    change_places,
    decline_offer,
    draw_lots,
    draw_of,
    seal,
    seat_by_staff,
)
from lessons.seats import lock_session
from lessons.waiting_list import expire_offers

Deed = Callable[[Session, random.Random, str, datetime], object]


def contact(number: int) -> Contact:
    return Contact(f"人{number}", f"03{number:08d}", consent=True)


def _apply(session: Session, dice: random.Random, room: str, now: datetime) -> object:
    return apply(session, Wish(room, contact(dice.randrange(400)), idempotency_key=f"k{dice.randrange(10**9)}"), now)


def _seat(session: Session, dice: random.Random, room: str, now: datetime) -> object:
    return seat_by_staff(session, Wish(room, contact(dice.randrange(400)), "phone", "staff 1"), "電話", now)


def _helpers(session: Session, dice: random.Random, room: str, now: datetime) -> object:
    return change_places(session, room, now, confirmed_helpers=dice.randrange(0, 4), room_capacity=dice.randrange(5, 12))


def _sweep(session: Session, dice: random.Random, room: str, now: datetime) -> object:
    place = lock_session(session, room)
    return expire_offers(session, place, now + timedelta(days=dice.randrange(3)))


def _draw(session: Session, dice: random.Random, room: str, now: datetime) -> object:
    """The next step of a draw: announced, sealed after the closing day, drawn."""
    found, late = draw_of(session, room), now + timedelta(days=9, seconds=1)
    if found is None:
        return announce(session, room, "公の数", now)
    return seal(session, found.id, late) if found.state == "announced" else draw_lots(session, found.id, str(dice.random()), late)


def _on_some(command: Callable[[Session, str, datetime], object], *states: str) -> Deed:
    standing = select(Application.id).where(Application.session_id == bindparam("room"), col(Application.state).in_(states)).limit(60)

    def deed(session: Session, dice: random.Random, room: str, now: datetime) -> object:
        session.flush()
        found = session.connection().execute(standing, {"room": room}).scalars().all()
        return command(session, dice.choice(found), now) if found else None

    return deed


DEEDS: Sequence[tuple[int, Deed]] = (
    (50, _apply),
    (22, _on_some(lambda session, one, now: cancel(session, one, now), "confirmed", "waitlisted", "in_draw", "won", "reserve")),
    (10, _on_some(accept_offer, "waitlisted", "reserve")),
    (5, _on_some(decline_offer, "waitlisted", "reserve")),
    (4, _helpers),
    (4, _seat),
    (5, _sweep),
    (1, _draw),
)
WEIGHTS = [weight for weight, _ in DEEDS]


def one_deed(engine: Engine, dice: random.Random, rooms: Sequence[str], now: datetime) -> None:
    """One transaction as a channel would run it. A refusal is an answer, and so is a database that asks to try again."""
    some_deeds(engine, dice, dice.choice(rooms), now, 1)


def some_deeds(engine: Engine, dice: random.Random, room: str, now: datetime, many: int) -> int:
    """Several commands on one class in one transaction, each undone alone when it is refused; returns how many were tried."""
    try:
        with Session(engine) as session, session.begin():
            for deed in dice.choices([deed for _, deed in DEEDS], WEIGHTS, k=many):
                with suppress(LessonError, IntegrityError), session.begin_nested():
                    deed(session, dice, room, now)
    except OperationalError as trouble:
        if "deadlock" not in str(trouble) and "locked" not in str(trouble):
            raise
        return 0
    return many


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
