"""Booking a class over HTTP at 50 clients, ours beside the two usual mechanisms: SELECT … FOR UPDATE, and check then insert."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles

from sqlalchemy import text
from sqlmodel import Session, select

from lessons import Contact, Venue, Wish, apply, cancel, upcoming
from lessons.lottery import finished
from lessons.timetable import calendar_feed
from tests.benchmarks.load import Outcome, fire, request_bytes
from tests.databases import fresh_postgres, private_postgres
from tests.lessons.programme import open_engine, plan_class, seated
from tests.lessons.rush import all_at_once
from tests.servers import free_port, python, running

CLIENTS = 50
REQUESTS = 1500
SEATS = 20
PRESSES = 400
CROWD = 300
PEERS = ("for_update", "check_then_insert")


def measure() -> Mapping[str, object]:
    """HTTP figures, the three mechanisms in one run, the draw, the feed, and cancel to offer; `BOOKING_PARTS=draw_100000,feed_500` some."""
    now = datetime.now(UTC)
    parts: Mapping[str, Callable[[], object]] = {
        "http": lambda: _http(""),
        "http_peers": _http_peers,
        "mechanisms": lambda: _mechanisms(now),
        "cancel_to_offer_ms": lambda: _cancel_to_offer(now),
        "draw_100000": _draw,
        "feed_500": lambda: _feed(now),
    }
    wanted = os.environ.get("BOOKING_PARTS", "").split(",")
    return {name: part() for name, part in parts.items() if wanted == [""] or name in wanted}


def _http(url: str, peer: str = "") -> Mapping[str, object]:
    """How fast bookings are confirmed where there is room, then a crowd before one class of twenty seats. An empty `url` is SQLite."""
    port = free_port()
    serve = python("-m", "tests.benchmarks.booking_peers", peer) if peer else python("-m", "inclusion", "serve")
    with tempfile.TemporaryDirectory() as var:
        settings = {"INCLUSION_VAR": var, "DATABASE_URL": url, "LOG_LEVEL": "WARNING", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        with running([*serve, "--port", str(port)], port, "/healthz", settings) as server:
            rooms = _roomy_classes(url or f"sqlite:///{var}/inclusion.sqlite3", port)
            before = server.cpu_seconds()
            outcome = asyncio.run(fire("127.0.0.1", port, [_application(rooms[:-1], n) for n in range(REQUESTS)], CLIENTS))
            told = _told(outcome, server.cpu_seconds() - before)
            asyncio.run(fire("127.0.0.1", port, [_application(rooms[-1:], REQUESTS + n) for n in range(CROWD)], CLIENTS))
            told |= {"seats_given_of_20": _given(url or f"sqlite:///{var}/inclusion.sqlite3", rooms[-1])}
            print(url.partition(":")[0], peer or "ours", json.dumps(told), file=sys.stderr, flush=True)
            return told


def _http_peers() -> Mapping[str, object]:
    """The same platform with the mechanism exchanged, and ours beside it on PostgreSQL."""
    found: dict[str, object] = {f"sqlite {peer}": _http("", peer) for peer in PEERS}
    with private_postgres() as server:
        for peer in ("", *PEERS) if server else ():
            with fresh_postgres(str(server)) as url:
                found[f"postgres {peer or 'ours'}"] = _http(url, peer)
    return found


def _given(url: str, room: str) -> int:
    engine = open_engine(url, make=False)
    with Session(engine) as session:
        given = seated(session, room)
    engine.dispose()
    return given


def _roomy_classes(url: str, port: int) -> list[str]:
    """The sample classes, with room for everybody; the last one has twenty seats and nobody in it."""
    for _ in range(50):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/lessons/sessions", timeout=10) as listed:
            open_to_all = [one for one in json.load(listed)["sessions"] if not one["conditions"]]
            found = [one["id"] for one in open_to_all if one["allocation"] == "first_come"]
        if found:
            break
        time.sleep(0.2)
    engine = open_engine(url, make=False)
    with engine.begin() as connection:
        connection.execute(text("UPDATE lesson_session SET maximum_attendee_capacity = 5000, room_capacity = 5000, helper_ratio = 0"))
    with Session(engine) as session, session.begin():
        hall = session.exec(select(Venue.id)).first()
        lone = plan_class(session, datetime.now(UTC), venue_id=hall, room_capacity=SEATS, devices=SEATS)
    engine.dispose()
    return [*found, lone]


def _application(rooms: list[str], number: int) -> bytes:
    body = json.dumps({"name": f"人{number}", "phone": f"03{number:08d}", "consent": True}).encode()
    path = f"/api/v1/lessons/sessions/{rooms[number % len(rooms)]}/applications"
    return request_bytes(path, body, {"Idempotency-Key": f"bench-{number}"})


def _told(outcome: Outcome, cpu_s: float) -> dict[str, object]:
    confirmed = outcome.statuses.get(201, 0)
    return {
        "confirmed_a_minute": round(confirmed / outcome.seconds * 60),
        "p95_ms": round(outcome.p95_ms),
        "p50_ms": round(outcome.p50_ms),
        "p99_ms": round(outcome.p99_ms),
        "worst_ms": round(outcome.worst_ms),
        "cpu_s_per_1000": round(cpu_s / REQUESTS * 1000, 2),
        "statuses": outcome.statuses,
    }


Deed = Callable[[Session, str, int, datetime], bool]


def _ours(session: Session, room: str, number: int, now: datetime) -> bool:
    return apply(session, Wish(room, Contact(f"人{number}", f"03{number:08d}", True)), now).state == "confirmed"


def _for_update(session: Session, room: str, number: int, now: datetime) -> bool:
    """SELECT … FOR UPDATE on the class (SQLite, which has none, locks the whole file by BEGIN IMMEDIATE): lock, count, insert."""
    if not _is_sqlite(session):
        session.connection().execute(text("SELECT id FROM lesson_session WHERE id = :room FOR UPDATE"), {"room": room})
    taken = session.connection().execute(text("SELECT count(*) FROM naive WHERE room = :room"), {"room": room}).scalar_one()
    return taken < SEATS and _inserted(session, room, number)


def _checked_then_inserted(session: Session, room: str, number: int, now: datetime) -> bool:
    """Looks in one transaction and inserts in the next: what a careless program does."""
    taken = session.connection().execute(text("SELECT count(*) FROM naive WHERE room = :room"), {"room": room}).scalar_one()
    session.connection().exec_driver_sql("COMMIT")
    session.connection().exec_driver_sql("BEGIN IMMEDIATE" if _is_sqlite(session) else "BEGIN")
    return taken < SEATS and _inserted(session, room, number)


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def _inserted(session: Session, room: str, number: int) -> bool:
    session.connection().execute(text("INSERT INTO naive (room, person) VALUES (:room, :person)"), {"room": room, "person": number})
    return True


MECHANISMS: Mapping[str, Deed] = {"ours": _ours, "for_update": _for_update, "check_then_insert": _checked_then_inserted}


def _mechanisms(now: datetime) -> Mapping[str, object]:
    """Each mechanism on both databases, in one run."""
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        found["sqlite"] = {name: _mechanism(deed, f"sqlite:///{folder}/{name}.db", now) for name, deed in MECHANISMS.items()}
    with private_postgres() as server:
        for name, deed in MECHANISMS.items() if server else ():
            with fresh_postgres(str(server)) as url:
                found[f"postgres {name}"] = _mechanism(deed, url, now)
    return found


def _mechanism(deed: Deed, url: str, now: datetime) -> Mapping[str, object]:
    """Twenty threads want one class of twenty seats, four hundred times; `oversold` counts the seats beyond."""
    engine = open_engine(url)
    with Session(engine) as session, session.begin():
        session.connection().execute(text("CREATE TABLE naive (room TEXT, person INTEGER)"))
        room = plan_class(session, now, room_capacity=SEATS, devices=SEATS)
    won: list[bool] = []

    def press(thread: int) -> None:
        for number in range(PRESSES // 20):
            with Session(engine) as session, session.begin():
                won.append(deed(session, room, thread * 1000 + number, now))

    start = time.perf_counter()
    raised = all_at_once(20, press)
    seconds = time.perf_counter() - start
    engine.dispose()
    return {"a_second": round(len(won) / seconds), "oversold": max(0, sum(won) - SEATS), "errors": len(raised)}


def _cancel_to_offer(now: datetime) -> Mapping[str, float]:
    """From the press on "cancel" until the next person's offer is committed."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/bench.db")
        with Session(engine) as session, session.begin():
            room = plan_class(session, now, room_capacity=100, devices=100)
            wishes = [Wish(room, Contact(f"人{n}", f"03{n:08d}", True)) for n in range(200)]
            seats = [apply(session, wish, now).application_id for wish in wishes][:100]
        times = []
        for one in seats:
            start = time.perf_counter()
            with Session(engine) as session, session.begin():
                cancel(session, one, now)
            times.append((time.perf_counter() - start) * 1000)
        engine.dispose()
    return {"p50": round(median(times), 1), "p95": round(quantiles(times, n=20)[-1], 1)}


def _draw() -> Mapping[str, float]:
    entries = [{"receipt": f"R{n:06}", "weight": 1 + n % 4, "tier": ""} for n in range(100_000)]
    sealed = {"draw": "d", "entries": entries, "seats": 20, "first_timer_seats": 0}
    wall, cpu = time.perf_counter(), time.process_time()
    finished(sealed, "ab" * 32, "7")
    return {"wall_s": round(time.perf_counter() - wall, 2), "cpu_s": round(time.process_time() - cpu, 2)}


def _feed(now: datetime) -> Mapping[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/bench.db")
        with Session(engine, expire_on_commit=False) as session, session.begin():
            for n in range(500):
                plan_class(session, now, start_date=now + timedelta(days=2, hours=n), end_date=now + timedelta(days=2, hours=n + 1))
            shown = upcoming(session, now, 500)
        wall, cpu = time.perf_counter(), time.process_time()
        calendar_feed(shown, "教室")
        return {"wall_ms": round((time.perf_counter() - wall) * 1000), "cpu_ms": round((time.process_time() - cpu) * 1000)}
