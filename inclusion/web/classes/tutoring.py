"""The queue for help by one person behind the staff door: who helps, who is next, who is helped; without it the loudest would be first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bots.accounts import Account
from inclusion.classes.notices import account_for, person_of_learner
from inclusion.live.pairs import PairRooms, close_left_rooms
from inclusion.skills import class_day
from inclusion.staff.accounts import Staff
from inclusion.staff.audit import record
from inclusion.telling import Telling
from inclusion.web.errors import NotFound
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.staff.session import StaffDoor, StaffServices
from inclusion.web.typed_text import cleaned
from lessons import LessonError
from lessons.learning_tables import Tutor, TutoringTicket
from lessons.tables import Learner
from lessons.tutoring import (
    Need,
    abandon,
    ask_for_help,
    begin,
    close_for_today,
    end_duty,
    ended_by_themselves,
    helped_now,
    match,
    on_duty,
    resolve,
    start_duty,
    waiting_tickets,
)
from lessons.tutoring_words import is_talk, lines_of, talks_now, write

from .team import SYSTEM_NAMES
from .words import LessonWords

Typed = Annotated[str, Form(max_length=60)]
Key = Annotated[str, Form(max_length=200)]
Words = Annotated[str, Form(max_length=2_000)]
Ticked = Annotated[list[str], Form()]
LANGUAGES: Final = ("ja", "en", "zh-Hans", "ko")
SYSTEMS: Final = ("iphone", "android")
FORGOTTEN_SHOWN: Final = timedelta(days=1)
JAPANESE: Final = ["ja"]
NOTHING: Final[list[str]] = []
Deed = Callable[[Session, datetime], object]


@dataclass(frozen=True, slots=True)
class TutoringRooms:
    """How two people come to see each other. `pairs` opens live rooms (None: there are none here).

    The learner is written to by `telling`, in the transaction in which help begins; `notify` wakes the courier, `follow` tells the live
    part that a room was opened or closed.
    """

    telling: Telling
    notify: Callable[[], None] = lambda: None
    pairs: PairRooms | None = None
    follow: Callable[[], None] = lambda: None

    def begin(self, session: Session, ticket_id: str, now: datetime) -> None:
        pairs = self.pairs
        ticket = begin(session, ticket_id, now, (lambda _ticket: pairs.open(session, now)) if pairs else None)
        account = self._account(session, ticket.learner_id)
        if account is None:
            return
        if is_talk(ticket):
            begins = partial(class_day.chat_begins, ticket.number)
            self.telling.notice(session, account, begins, f"tutoring/{ticket.id}/chat/{ticket.carried}", now)
            return
        address, number = self.learners_link(session, ticket), ticket.number
        occasion = f"tutoring/{ticket.id}/{ticket.room}" if address else f"tutoring/{ticket.id}/begins/{ticket.carried}"
        skill = partial(class_day.room_open, address) if address else partial(class_day.help_begins, number)
        self.telling.notice(session, account, skill, occasion, now)

    def write(self, session: Session, ticket_id: str, text: str, now: datetime) -> None:
        """The helper's words, to the learner's chat; where we cannot write they wait on our page. Raises TicketUnknown, NothingToSay."""
        line = write(session, ticket_id, "tutor", text, now)
        account = self._account(session, line.learner_id)
        if account is not None and self.telling.staff_words(session, account, line.text, "", now):
            line.told_at = now
            session.add(line)

    def tell_ends(self, session: Session, talks: Sequence[TutoringTicket], now: datetime) -> None:
        """Whose talk in the chat has ended or was carried over hears of it: `talks` went on a moment ago."""
        session.flush()
        skills = {"resolved": class_day.chat_over, "carried_over": class_day.chat_carried}
        for ticket in talks:
            account = self._account(session, ticket.learner_id) if ticket.state in skills else None
            if account is not None:
                self.telling.notice(session, account, skills[ticket.state], f"tutoring/{ticket.id}/{ticket.state}/{ticket.carried}", now)

    def tell_left(self, session: Session, ticket: TutoringTicket, now: datetime) -> None:
        """Taken out of the queue by the helpers: whoever still waits in a chat hears of it and can ask again."""
        account = self._account(session, ticket.learner_id)
        if account is not None:
            self.telling.notice(session, account, class_day.taken_out, f"tutoring/{ticket.id}/left", now)

    def _account(self, session: Session, learner_id: str) -> Account | None:
        person = person_of_learner(session, learner_id)
        return account_for(session, person, "") if person else None

    def helpers_link(self, session: Session, ticket: TutoringTicket) -> str:
        return self.pairs.helpers_link(session, ticket.room) if self.pairs and ticket.room else ""

    def learners_link(self, session: Session, ticket: TutoringTicket) -> str:
        return self.pairs.learners_link(session, ticket.room) if self.pairs and ticket.room else ""


def tutoring_router(services: StaffServices, pages: Pages, rooms: TutoringRooms) -> APIRouter:
    """/staff/tutoring and what is pressed there."""
    door = StaffDoor.of(services)
    desk = _Queue(services, pages, door, rooms)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]

    @router.get("/staff/tutoring")
    def page(request: Request, staff: signed_in) -> Response:
        return desk.page(request, staff)

    @router.post("/staff/tutoring/duty", dependencies=desk.own_forms)
    def duty(
        request: Request,
        staff: signed_in,
        name: Typed,
        languages: Ticked = JAPANESE,
        systems: Ticked = NOTHING,
        key: Key = "",
    ) -> Response:
        known = [one for one in languages if one in LANGUAGES], [one for one in systems if one in SYSTEMS]
        return desk.do(request, staff, key, "duty", lambda session, now: start_duty(session, cleaned(name), *known, now))

    @router.post("/staff/tutoring/walk-in", dependencies=desk.own_forms)
    def walk_in(request: Request, staff: signed_in, language: Typed = "ja", system: Typed = "", key: Key = "") -> Response:
        return desk.do(request, staff, key, "walk_in", lambda session, now: _walk_in(session, language, system, now))

    _add_talk(router, desk, door)
    _add_steps(router, desk, door)
    return router


def _add_talk(router: APIRouter, desk: "_Queue", door: StaffDoor) -> None:
    """Help in a chat: the learner's words, and a line to answer them."""
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]

    @router.get("/staff/tutoring/talk/{ticket_id}")
    def talk(request: Request, staff: signed_in, ticket_id: str) -> Response:
        return desk.talk_page(request, staff, ticket_id)

    @router.post("/staff/tutoring/talk/{ticket_id}", dependencies=desk.own_forms)
    def say(request: Request, staff: signed_in, ticket_id: str, text: Words = "", key: Key = "") -> Response:
        words = cleaned(text)
        done = desk.do(request, staff, key, "talk", lambda session, now: desk.rooms.write(session, ticket_id, words, now))
        return RedirectResponse(f"/staff/tutoring/talk/{ticket_id}", status_code=303) if done.status_code == 303 else done


def _add_steps(router: APIRouter, desk: "_Queue", door: StaffDoor) -> None:
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]

    @router.post("/staff/tutoring/{step}/{row_id}", dependencies=desk.own_forms)
    def step(request: Request, staff: signed_in, step: str, row_id: str, key: Key = "") -> Response:
        steps: dict[str, Deed] = {
            "begin": lambda session, now: desk.rooms.begin(session, row_id, now),
            "resolve": lambda session, now: resolve(session, row_id, now),
            "left": lambda session, now: desk.rooms.tell_left(session, abandon(session, row_id, now), now),
            "home": lambda session, now: end_duty(session, row_id, now),
            "close": lambda session, now: close_for_today(session, now),
        }
        if step not in steps:
            raise NotFound
        return desk.do(request, staff, key, step, steps[step])


class _Queue:
    def __init__(self, services: StaffServices, pages: Pages, door: StaffDoor, rooms: TutoringRooms) -> None:
        self._services, self._pages, self._door, self.rooms = services, pages, door, rooms
        self.own_forms = [Depends(OwnFormsOnly(services.public_url))]

    def do(self, request: Request, staff: Staff, key: str, action: str, deed: Deed) -> Response:
        """One step; whoever became free gets the next person at once."""
        self._door.check_form(request, key)
        now = self._services.clock()
        try:
            with self._services.database.writing() as session:
                talks = talks_now(session)
                deed(session, now)
                self.rooms.tell_ends(session, talks, now)
                if action != "close":
                    match(session, now)
                close_left_rooms(session)
                record(session, at=now, staff_id=staff.id, action=f"tutoring.{action}", subject_kind="tutoring", subject_id="")
        except LessonError as refused:
            return self.page(request, staff, LessonWords(self._pages, Reader.of(request)).refusal(refused))
        self.rooms.notify()
        self.rooms.follow()
        return RedirectResponse("/staff/tutoring", status_code=303)

    def talk_page(self, request: Request, staff: Staff, ticket_id: str) -> Response:
        """The number is all that tells who it is. Help that is over has no page any more."""
        reader = Reader.of(request)
        with self._services.database.reading() as session:
            ticket = session.get(TutoringTicket, ticket_id)
            if ticket is None or not is_talk(ticket):
                return RedirectResponse("/staff/tutoring", status_code=303)
            lines = [
                (one.who, one.text, self._pages.moment(reader, one.said_at), one.told_at is None) for one in lines_of(session, ticket_id)
            ]
        shown = self._door.shown(request, staff)
        return self._pages.render("lessons/staff_talk.html", reader, ticket=ticket, lines=lines, **shown)

    def page(self, request: Request, staff: Staff, error: str = "") -> Response:
        reader, now = Reader.of(request), self._services.clock()
        with self._services.database.reading() as session:
            tutors = on_duty(session, now)
            shown: dict[str, Any] = {
                "tutors": tutors,
                "waiting": self._lines(session, waiting_tickets(session), tutors, now),
                "helped": self._lines(session, helped_now(session), tutors, now),
                "forgotten": [(one, session.get(Tutor, one.tutor_id or "")) for one in ended_by_themselves(session, now - FORGOTTEN_SHOWN)],
            }
        shown |= self._door.shown(request, staff, error)
        return self._pages.render(
            "lessons/staff_tutoring.html",
            reader,
            422 if error else 200,
            languages=LANGUAGES,
            systems=SYSTEMS,
            system_names=SYSTEM_NAMES,
            **shown,
        )

    def _lines(self, session: Session, tickets: Sequence[TutoringTicket], tutors: Sequence[Tutor], now: datetime) -> list[dict[str, Any]]:
        names = {one.id: one.name for one in tutors}
        return [
            {
                "ticket": one,
                "who": session.get_one(Learner, one.learner_id).name,
                "tutor": names.get(one.tutor_id or "", ""),
                "minutes": max(0, round((now - one.queued_at).total_seconds() / 60)),
                "room": self.rooms.helpers_link(session, one),
                "learners_room": self.rooms.learners_link(session, one),
            }
            for one in tickets
        ]


def _walk_in(session: Session, language: str, system: str, now: datetime) -> None:
    """Somebody stands at the desk: a number is enough, no name is asked for."""
    learner = Learner(name="", name_key=f"walk-in {now.timestamp()}", phone="", consented_at=now)
    session.add(learner)
    session.flush()
    known = system if system in SYSTEMS else ""
    ask_for_help(session, Need(learner.id, in_language=language if language in LANGUAGES else "ja", device_os=known), now)
