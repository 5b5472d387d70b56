"""The long proof: forked workers book, cancel, draw and offer, and are killed at random; the books are checked again and again.

    python -m tests.lessons.soaking sqlite:////tmp/soak.db --operations 1000000 --seconds 900
    python -m tests.lessons.soaking postgres --operations 1000000      on a server of its own
    python -m tests.lessons.soaking sqlite:////tmp/soak.db --operations 5000 --unguarded     the control: it must oversell

Everything is imported once and workers are forked, so that a killed one is replaced within milliseconds and the time goes into operations.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import signal
import struct
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlmodel import Session

import lessons.booking
import lessons.lottery
import lessons.waiting_list
from lessons import ScheduledSession
from tests.databases import fresh_postgres, private_postgres
from tests.lessons.programme import books, faults, open_engine, plan_class
from tests.lessons.rush import some_deeds

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
ROOMS = 12
SEATS = 8
MOST_AT_ONCE = 40  # commands in one transaction
SLOT = struct.Struct("q")
CHECK_EVERY = 5_000
KILL_EVERY = 1_500
LOOK_S = 0.02


@dataclass(slots=True)
class Proof:
    """What a run did and found. `faults` is empty where nobody was promised a seat twice."""

    operations: int = 0
    kills: int = 0
    checks: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


class Counters:
    """How many operations each worker has committed; kept in memory that outlives a killed worker."""

    def __init__(self, workers: int) -> None:
        self._memory = mmap.mmap(-1, workers * SLOT.size)
        self._workers = workers

    def add(self, worker: int, count: int) -> None:
        (before,) = SLOT.unpack_from(self._memory, worker * SLOT.size)
        SLOT.pack_into(self._memory, worker * SLOT.size, before + count)

    @property
    def total(self) -> int:
        return sum(SLOT.unpack_from(self._memory, n * SLOT.size)[0] for n in range(self._workers))


def soak(url: str, operations: int, seconds: float, workers: int = 3, unguarded: bool = False, seed: int = 7) -> Proof:
    """Until so many operations are done or the time is up. The master has no connection open while it forks."""
    dice, counters, proof, began = random.Random(seed), Counters(workers), Proof(), time.monotonic()
    while counters.total < operations and time.monotonic() - began < seconds and not proof.faults:
        engine = open_engine(url)
        rooms = plan_rooms(engine)
        engine.dispose()
        wanted = min(operations, counters.total + CHECK_EVERY)
        proof.kills += _round(url, rooms, counters, wanted, began + seconds, dice, unguarded)
        proof.faults += _checked(url, rooms)
        proof.checks += 1
        _tell(counters.total, proof, began)
    proof.operations, proof.seconds = counters.total, time.monotonic() - began
    return proof


def plan_rooms(engine: Engine) -> list[str]:
    """Every third class is drawn by lot."""
    with Session(engine) as session, session.begin():
        kinds = [{"allocation": "lottery"} if n % 3 == 2 else {} for n in range(ROOMS)]
        return [plan_class(session, NOW, room_capacity=SEATS, helper_ratio=4, confirmed_helpers=2, **kind) for kind in kinds]


def _round(url: str, rooms: Sequence[str], counters: Counters, wanted: int, until: float, dice: random.Random, unguarded: bool) -> int:
    """Workers until so many operations are done; now and then one is killed and replaced, at the end all. Returns how many were killed."""
    children = {n: _fork(url, rooms, counters, n, dice.randrange(10**9), unguarded) for n in range(counters._workers)}
    kills, next_kill = 0, counters.total + dice.randrange(KILL_EVERY * 2)
    while counters.total < wanted and time.monotonic() < until:
        time.sleep(LOOK_S)
        if counters.total >= next_kill:
            n = dice.randrange(len(children))
            _kill(children[n])
            children[n] = _fork(url, rooms, counters, n, dice.randrange(10**9), unguarded)
            kills, next_kill = kills + 1, counters.total + dice.randrange(KILL_EVERY * 2)
    for child in children.values():
        time.sleep(dice.uniform(0, 0.05))
        _kill(child)
    return kills + len(children)


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        raise RuntimeError("A worker ended by itself; its error stands above.")


def _fork(url: str, rooms: Sequence[str], counters: Counters, worker: int, seed: int, unguarded: bool) -> int:
    child = os.fork()
    if child:
        return child
    try:
        _work(url, rooms, counters, worker, random.Random(seed), unguarded)
    except BaseException as trouble:
        print(f"worker {worker}: {type(trouble).__name__}: {trouble}", file=sys.stderr, flush=True)
    finally:
        os._exit(1)


def _work(url: str, rooms: Sequence[str], counters: Counters, worker: int, dice: random.Random, unguarded: bool) -> None:
    """For ever. What is counted is committed."""
    engine = open_engine(url, make=False)
    seen: dict[str, int] = {}
    if unguarded:
        _take_the_guard_away(seen)
    while True:
        room = dice.choice(rooms)
        if unguarded:
            with Session(engine) as looking:
                seen[room] = books(looking, room).seats_taken
            time.sleep(0.002)
        counters.add(worker, some_deeds(engine, dice, room, NOW, dice.randint(1, 4 if unguarded else MOST_AT_ONCE)))


def _take_the_guard_away(seen: dict[str, int]) -> None:
    """As a careless program would: it looked before its transaction, and believes what it saw."""

    def believe(session: Session, place: ScheduledSession, ceiling: int | None = None) -> bool:
        return seen[place.id] < place.maximum_attendee_capacity

    for module in (lessons.booking, lessons.waiting_list, lessons.lottery):
        module.take_seat = believe  # type: ignore[attr-defined]  # that is the point


def _checked(url: str, rooms: Sequence[str]) -> list[str]:
    engine = open_engine(url, make=False)
    with Session(engine) as session:
        found = [fault for room in rooms for fault in faults(session, room)]
    engine.dispose()
    return found


def _tell(done: int, proof: Proof, began: float) -> None:
    took = time.monotonic() - began
    print(f"{done} operations, {proof.kills} killed, {proof.checks} checks, {took:.0f} s", file=sys.stderr, flush=True)


def _server(opened: ExitStack) -> str:
    server = opened.enter_context(private_postgres())
    if server is None:
        sys.exit("No PostgreSQL server is installed (on Debian: apt-get install postgresql).")
    return server


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("url")
    asked.add_argument("--operations", type=int, default=1_000_000)
    asked.add_argument("--seconds", type=float, default=float("inf"))
    asked.add_argument("--workers", type=int, default=3)
    asked.add_argument("--unguarded", action="store_true")
    given = asked.parse_args()
    with ExitStack() as opened:
        url = given.url if given.url != "postgres" else opened.enter_context(fresh_postgres(_server(opened)))
        proof = soak(url, given.operations, given.seconds, given.workers, given.unguarded)
    told = {"operations": proof.operations, "killed": proof.kills, "checks": proof.checks, "seconds": round(proof.seconds)}
    print(json.dumps({**told, "a_second": round(proof.operations / proof.seconds, 1), "faults": proof.faults[:5]}))
    return 1 if proof.faults else 0


if __name__ == "__main__":
    sys.exit(main())
