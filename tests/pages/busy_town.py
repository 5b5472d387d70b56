"""A town in the middle of a busy day, served by the real platform: every page has something to show, in every state we know of."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlmodel import Session, col, update

from accessibility.hearing import Heard, ScriptedEars
from accessibility.speaking import SpeechShelf, Tone
from bots.accounts import open_account
from inclusion.handover import Said, open_ticket
from inclusion.learning.teaching import Teaching, addition
from inclusion.learning.unanswered import Missed, note
from inclusion.live.events import EventPlan, cancel_event, plan_event
from inclusion.live.tables import LiveFilm
from inclusion.live.tickets import make_tickets
from inclusion.settings import Settings
from inclusion.staff.accounts import create_staff
from inclusion.staff.passwords import Passwords
from inclusion.understanding import Understanding
from inclusion.voices import Voices
from inclusion.web.platform import Platform, clock
from inclusion.web.wiring import build_app, run_time_secret
from lessons import Contact, ScheduledSession, Wish, apply, cancel, team, upcoming
from lessons.arriving import arrive, board_code
from lessons.lottery import announce, draw_lots, seal
from lessons.progress import note_evidence
from lessons.tables import Application
from streaming import Gate
from tests.platforms import demo_platform

from .busy_desk import drafts, tutoring, was_there

LOGIN, PASSWORD = "hanako", "correct horse battery"
TALK = (("resident", "せんぷうきはいくらですか"), ("bot", "扇風機の手数料は300円です。"), ("resident", "係の人と話したいです"))
MISSED = (
    ("ポポリンを捨てたい", "ほほりんおすてたい"),
    ("ポポリンはどこに出すの", "ほほりんわとこにたすの"),
    ("孫に送る写真", "まこにおくるしやしん"),
)


@dataclass(frozen=True)
class BusyTown:
    """`address` ends without a slash; `paths` are the addresses that depend on what was made ("class", "draw", "volunteer" …)."""

    address: str
    paths: dict[str, str]
    routes: tuple[str, ...]
    gate: Gate

    def host_ticket(self, room: str) -> str:
        return self.gate.issue(room, "host", clock(), timedelta(hours=1))


class Silence:
    """A talk in which nobody says anything."""

    def push(self, piece: object) -> tuple[()]:
        return ()

    def expect(self, hints: tuple[str, ...]) -> None: ...

    def interrupt(self) -> None: ...


class QuietRoomEars(ScriptedEars):
    def stream(self, language: str = "ja", hints: tuple[str, ...] = ()) -> Silence:
        return Silence()


@contextmanager
def busy_town(var: Path) -> Iterator[BusyTown]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    settings = Settings(inclusion_var=var, database_url="", public_url=address, engines_at_start=False, _env_file=None)
    platform = demo_platform(settings, deliver=False)
    _speak_and_hear(platform, address)
    gate = Gate(run_time_secret(var))
    paths = fill(platform) | {"host": f"/live/sample/host?ticket={gate.issue('sample', 'host', clock(), timedelta(hours=12))}"}
    app = build_app(platform)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield BusyTown(address, paths, _pages_of(app), gate)
    finally:
        app.state.say_goodbye()
        server.should_exit = True
        thread.join()


def _speak_and_hear(platform: Platform, address: str) -> None:
    """A voice that hums and ears that hear one question: every page shows what it shows where both are on, and waits for no engine."""
    platform.voices = Voices(SpeechShelf(platform.settings.inclusion_var / "hum", Tone(), "only for tests"), address)
    platform.ears = QuietRoomEars(Heard.of("扇風機はいくら", 0.9))


def _pages_of(app: FastAPI) -> tuple[str, ...]:
    """Every address that can be opened (GET)."""
    return tuple(
        sorted({one.path or "" for one in iter_route_contexts(app.routes) if "GET" in (getattr(one.route, "methods", None) or ())})
    )


def fill(platform: Platform) -> dict[str, str]:
    """Everything that happens on a busy day; returns where it can be seen."""
    platform.lesson_keeping().open_timetable()
    now = clock()
    create_staff(platform.database, LOGIN, "山田 花子", PASSWORD, ("admin",), now, passwords=_quick())
    create_staff(platform.database, "jiro", "佐藤 次郎", PASSWORD, ("clerk",), now, passwords=_quick())
    paths: dict[str, str] = {}
    with platform.database.writing() as session:
        rooms = [one.session for one in upcoming(session, now) if one.session.allocation == "first_come" and one.session.seats_free > 3]
        paths |= _classes(session, rooms, now) | _todays_class(session, rooms[3], now) | _draw(session, now)
        paths |= _helpers(session, rooms, now) | _people_to_help(session, now)
        paths |= tutoring(session, now) | drafts(session, platform.town.timezone, now)
        paths |= _events(session, now)
    paths |= _questions(platform, now) | _roster(platform, now)
    return paths


def _quick() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def _person(number: int) -> Contact:
    return Contact(f"鈴木 花子{number}", f"031234{number:04d}", consent=True)


def _classes(session: Session, rooms: list[ScheduledSession], now: datetime) -> dict[str, str]:
    """One class with seats, one that is full with somebody waiting, and a freed seat held for who waited."""
    free, full, freed = rooms[:3]
    for one in (full, freed):
        one.room_capacity = one.maximum_attendee_capacity = one.seats_taken + 1
        session.add(one)
    session.flush()
    seat = apply(session, Wish(free.id, _person(1)), now)
    apply(session, Wish(full.id, _person(2)), now)
    waiting = apply(session, Wish(full.id, _person(3)), now)
    gone = apply(session, Wish(freed.id, _person(4)), now)
    offered = apply(session, Wish(freed.id, _person(5)), now)
    cancel(session, gone.application_id, now)
    applications = {"seat": seat, "waiting": waiting, "cancelled": gone, "offered": offered}
    paths = {name: f"/lessons/applications/{one.application_id}" for name, one in applications.items()}
    return paths | {"class": f"/lessons/{free.id}", "full": f"/lessons/{full.id}", "staff_class": f"/staff/lessons/{full.id}"}


def _todays_class(session: Session, room: ScheduledSession, now: datetime) -> dict[str, str]:
    """It begins in ten minutes; one person has come and shown a skill, another is still on the way."""
    came, coming = (apply(session, Wish(room.id, _person(number)), now) for number in (11, 12))
    start = now + timedelta(minutes=10)
    moved = update(ScheduledSession).where(col(ScheduledSession.id) == room.id)
    session.exec(moved.values(start_date=start, end_date=start + timedelta(hours=1)))
    session.flush()
    session.expire_all()
    arrive(session, came.application_id, "list", now)
    learner = session.get_one(Application, came.application_id).learner_id
    course = next(one.course for one in upcoming(session, now) if one.session.id == room.id)
    note_evidence(session, learner, course.skills_taught[0], "teach_back", "alone", "staff 1", now)
    here = f"/lessons/here/{room.id}/{board_code(session, room.id)}"
    day, sheet = f"/staff/lessons/{room.id}/day", f"/lessons/applications/{came.application_id}/certificate"
    return was_there(session, room.id, now) | {
        "here": here,
        "day": day,
        "certificate": sheet,
        "coming": f"/lessons/applications/{coming.application_id}",
    }


def _draw(session: Session, now: datetime) -> dict[str, str]:
    """A class given by lot: everything published, one person without luck; and one whose draw somebody at the desk forgot."""
    room, undrawn = [one.session for one in upcoming(session, now) if one.session.allocation == "lottery"][:2]
    room.room_capacity = room.maximum_attendee_capacity = 2
    room.confirmed_helpers = max(room.confirmed_helpers, 1)
    session.add(room)
    session.flush()
    entered = [apply(session, Wish(room.id, _person(number)), now) for number in (21, 22, 23, 24)]
    room.registration_closes = now - timedelta(minutes=1)
    session.add(room)
    draw = announce(session, room.id, "第1500回 ナンバーズ4", now)
    seal(session, draw.id, now)
    draw_lots(session, draw.id, "1234", now)
    apply(session, Wish(undrawn.id, _person(25)), now)
    undrawn.registration_closes = now - timedelta(minutes=1)
    session.add(undrawn)
    states = {one.application_id: session.get_one(Application, one.application_id).state for one in entered}
    lost = f"/lessons/applications/{next(name for name, state in states.items() if state == 'reserve')}"
    return {
        "draw": f"/lessons/draws/{draw.id}",
        "drawn": lost,
        "staff_drawn": f"/staff/lessons/{room.id}",
        "drawn_class": f"/lessons/{room.id}",
    }


def _helpers(session: Session, rooms: list[ScheduledSession], now: datetime) -> dict[str, str]:
    """A helper asked for one class, away when she promised another, and begged to step in for somebody ill; one who waits for approval."""
    skills = tuple({one.course_code for one in rooms})
    profile = team.Profile("高橋 一郎", "0312345678", skills, ("ja", "en"))
    helper, key = team.register(session, profile, now)
    ill, _ = team.register(session, team.Profile("田中 みどり", "", skills), now)
    new, _ = team.register(session, team.Profile("伊藤 新", "", ()), now)
    for one in (helper, ill):
        team.change_state(session, one.id, "approved")
    team.set_week(session, helper.id, {("MO", "09:00", "12:00"): "available", ("TU", "12:00", "20:00"): "preferred"}, now.date())
    asked, promised, cover = rooms[4:7]
    team.ask(session, team.assign(session, asked.id, helper.id, now), now)
    kept = team.assign(session, promised.id, helper.id, now)
    team.ask(session, kept, now)
    team.accept(session, kept.id, now)
    day = promised.start_date.date()
    team.block_days(session, helper.id, day, day + timedelta(days=2))
    missing = team.assign(session, cover.id, ill.id, now)
    team.ask(session, missing, now)
    team.accept(session, missing.id, now)
    team.want_cover(session, missing.id, now)
    home, people = f"/volunteers/{key}", "/staff/volunteers"
    pages = {"volunteer": home, "volunteer_week": f"{home}/week", "volunteer_plan": f"{home}/plan", "volunteer_profile": f"{home}/profile"}
    return {
        **pages,
        "staff_volunteer": f"{people}/{helper.id}",
        "staff_new_volunteer": f"{people}/{new.id}",
        "team": f"/staff/teams/{cover.id}",
    }


def _people_to_help(session: Session, now: datetime) -> dict[str, str]:
    account = open_account(session, "line", "U" + "1" * 32, now)
    ticket = open_ticket(session, "line", account.id, [Said(who, text, now) for who, text in TALK], now)
    spare = [open_account(session, "line", f"U{number}" + "1" * 31, now) for number in (2, 3)]
    others = [open_ticket(session, "line", one.id, [Said(who, text, now) for who, text in TALK], now) for one in spare]
    for_tasks = {f"call_back_{number}": f"/call-back/{one.token}" for number, one in enumerate(others)}
    return for_tasks | {"call_back": f"/call-back/{ticket.token}", "ticket": f"/staff/help/{ticket.number}"}


def _events(session: Session, now: datetime) -> dict[str, str]:
    """A festival anybody may watch, a class by ticket, one that was called off."""
    times = {"start_at": now + timedelta(days=2), "end_at": now + timedelta(days=2, hours=2)}
    names = {"ja": "神田明神の祭り", "en": "Festival at Kanda Myojin"}
    festival = plan_event(session, EventPlan(names, place="神田明神", room="matsuri", **times), now)
    lesson = plan_event(
        session, EventPlan({"ja": "家で受ける教室"}, mode="class", by_ticket=True, capacity=5, room="kyositsu", **times), now
    )
    gone = plan_event(session, EventPlan({"ja": "雨で中止の盆踊り"}, room="odori", **times), now)
    make_tickets(session, lesson.number or 0, 2, now)
    cancel_event(session, gone.number or 0)
    chapters = [{"start": 0.0, "end": 9.0, "text": "0"}, {"start": 9.0, "end": 20.0, "text": "1"}]
    spoken = [{"start": 1.0, "end": 3.0, "text": "お祭りを見たいです。"}]
    told = {"agreed_at": now, "began_at": now, "ended_at": now, "delete_at": now + timedelta(days=30)}
    film = LiveFilm(room="matsuri", names=names, file="matsuri.mp4", chapters=chapters, captions=spoken, **told)
    session.add(film)
    session.flush()
    staff = {
        "film": f"/films/{film.number}",
        "staff_event": f"/staff/live/events/{lesson.number}",
        "staff_festival": f"/staff/live/events/{festival.number}",
    }
    return {**staff, "event": f"/live/{festival.room}", "event_by_ticket": f"/live/{lesson.room}", "event_gone": f"/live/{gone.room}"}


def _questions(platform: Platform, now: datetime) -> dict[str, str]:
    """Questions nobody could answer, a word learnt, an answer being written."""
    understanding: Understanding = platform.growing.renew()
    teaching = Teaching(platform.database, platform.growing, platform.answering.telling, clock)
    teaching.teach(addition("alias", "くるくる扇", "S00246", understanding, 1, now), ())
    draft = teaching.teach(addition("draft", "お祭りの屋台", "", understanding, 1, now), ())
    with platform.database.writing() as session:
        for text, sound in MISSED:
            note(session, Missed(text, sound, "unanswered"), "", "", now)
    return {"question_draft": f"/staff/questions/drafts/{draft.number}"}


def _roster(platform: Platform, now: datetime) -> dict[str, str]:
    zone = platform.town.timezone
    first = now.astimezone(zone).date()
    last = first + timedelta(days=14)
    with platform.database.writing() as session:
        problem = team.read_problem(session, first, last, str(zone), now)
        team.keep_draft(session, problem, team.solve(problem, 1.0), first, last, now)
    return {}
