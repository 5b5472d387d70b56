"""The pages where a resident finds a class, applies, waits and gives up, without an account and without a script.

A name and a number are asked for here and nowhere else. The address of one's application is its key: nobody can guess it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from threading import Lock
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from inclusion.classes.after import after_class
from inclusion.classes.standings import needs_of
from inclusion.database import Database
from inclusion.group_commit import GroupCommit
from inclusion.web.errors import NotFound
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.typed_text import cleaned
from lessons import (
    RESIDENCIES,
    Application,
    ClassOnOffer,
    Contact,
    Draw,
    LessonError,
    Wish,
    accept_offer,
    alternatives,
    apply,
    calendar_feed,
    cancel,
    decline_offer,
    draw_of,
    etag_of,
    join_from_home,
    one_class,
    outcome_of,
    public_json,
    shown_in_feed,
    upcoming,
    wanted_of,
    wrong_fields,
)
from lessons.errors import ApplicationUnknown, DrawUnknown, SessionUnknown
from lessons.states import UNSEEN

from .own_classes import remember_application
from .words import ClassCard, LessonWords

Typed = Annotated[str, Form(max_length=200)]
Line = Annotated[str, Form(max_length=4_000)]  # what people type: too much of it is told at its field, with all the rest kept
Step = Literal["cancel", "accept", "decline", "join"]
Taken = Callable[[Session, str, datetime], object]
NEEDS: Final = ("step_free", "lift", "hearing_loop")
STEPS: Final[Mapping[Step, Taken]] = {"cancel": cancel, "accept": accept_offer, "decline": decline_offer, "join": join_from_home}


Kept = TypeVar("Kept")
Command = Callable[[Session, datetime], Kept]


@dataclass(frozen=True, slots=True)
class LessonServices:
    """What the class pages need. `limit` guards the forms against a machine that fills in thousands.

    `told` puts what follows for others (a freed seat's offer) into the outbox, in the same transaction.
    """

    database: Database
    commits: GroupCommit
    clock: Callable[[], datetime]
    public_url: str
    limit: Callable[..., Any] = field(default=lambda: None)
    told: Callable[[Session, datetime], object] = field(default=lambda _session, _now: None)
    turns: Lock = field(default_factory=Lock)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction. SQLite has one writer and no queue for it: waiting here in turn, nobody waits in vain until the time is up."""
        with self.turns if self.database.engine.dialect.name == "sqlite" else nullcontext(), self.database.writing() as session:
            yield session
            self.told(session, self.clock())

    async def write(self, command: Command[Kept]) -> Kept:
        """The same, in one commit with whoever else comes at this moment: on a busy morning a disk sync serves fifty people.

        Raises what the command refuses with; nothing of it is kept then, and the others of the commit do not notice.
        """
        made = await self.commits.write(lambda session: self._made(session, command))
        if isinstance(made, LessonError):
            raise made
        return made

    def _made(self, session: Session, command: Command[Kept]) -> Kept | LessonError:
        now = self.clock()
        try:
            with session.begin_nested():
                made = command(session, now)
                self.told(session, now)
                return made
        except LessonError as refused:
            return refused


@dataclass(frozen=True, slots=True)
class Typing:
    """What stands in the form, so that nothing must be typed twice."""

    name: str = ""
    phone: str = ""
    consent: str = ""
    birth_year: str = ""
    residency: str = ""
    needs: tuple[str, ...] = ()
    declared: str = ""
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def contact(self) -> Contact:
        """A year of birth that is no number becomes one that nobody has, so that the form says so."""
        year = unicodedata.normalize("NFKC", self.birth_year).strip()
        born = None if not year else int(year) if year.isdecimal() and len(year) == 4 else 0
        home = self.residency if self.residency in RESIDENCIES else ""
        needs = " ".join(one for one in NEEDS if one in self.needs)
        return Contact(cleaned(self.name), cleaned(self.phone), self.consent == "yes", access_needs=needs, birth_year=born, residency=home)


def typed_application(
    name: Line = "",
    phone: Line = "",
    consent: Typed = "",
    birth_year: Line = "",
    residency: Typed = "",
    needs: Annotated[list[str] | None, Form()] = None,
    declared: Typed = "",
    key: Typed = "",
) -> Typing:
    """The form as a dependency."""
    return Typing(name, phone, consent, birth_year, residency, tuple(needs or ()), declared, key or uuid4().hex)


def lesson_router(services: LessonServices, pages: Pages) -> APIRouter:
    """Everything under /lessons."""
    desk = LessonDesk(services, pages)
    router = APIRouter(include_in_schema=False)
    own_forms = [Depends(OwnFormsOnly(services.public_url)), Depends(services.limit)]
    router.add_api_route("/lessons", desk.all_classes, methods=["GET"])
    router.add_api_route("/lessons/calendar.ics", desk.calendar, methods=["GET"])
    router.add_api_route("/lessons/verify_draw.py", desk.checker, methods=["GET"])
    router.add_api_route("/lessons/draws/{draw_id}", desk.draw, methods=["GET"])
    router.add_api_route("/lessons/applications/{application_id}", desk.application, methods=["GET"])
    router.add_api_route("/lessons/applications/{application_id}", desk.step, methods=["POST"], dependencies=own_forms)
    router.add_api_route("/lessons/{session_id}", desk.one, methods=["GET"])
    router.add_api_route("/lessons/{session_id}", desk.apply, methods=["POST"], dependencies=own_forms)
    return router


class LessonDesk:
    """Plain functions, each one transaction."""

    def __init__(self, services: LessonServices, pages: Pages) -> None:
        self._services, self._pages = services, pages

    def all_classes(self, request: Request) -> Response:
        words, now = self._words(request), self._services.clock()
        with self._services.database.reading() as session:
            cards = [words.card(one, now) for one in upcoming(session, now)]
        return self._render(words, "list", cards=cards)

    def one(self, request: Request, session_id: str) -> Response:
        return self._class_page(self._words(request), session_id, Typing())

    async def apply(self, request: Request, session_id: str, typing: Annotated[Typing, Depends(typed_application)]) -> Response:
        words = self._words(request)
        if wrong := wrong_fields(typing.contact):
            return await run_in_threadpool(self._class_page, words, session_id, typing, wrong=wrong)
        wish = Wish(session_id, typing.contact, idempotency_key=f"web/{typing.key}", declared=typing.declared == "yes")
        try:
            outcome = await self._services.write(lambda session, now: apply(session, wish, now))
        except SessionUnknown:
            raise NotFound from None
        except LessonError as refused:
            return await run_in_threadpool(self._class_page, words, session_id, typing, refused=refused)
        response = _see(f"/lessons/applications/{outcome.application_id}")
        remember_application(request, response, outcome.application_id, self._services.public_url.startswith("https://"))
        return response

    def application(self, request: Request, application_id: str) -> Response:
        return self._application_page(self._words(request), application_id)

    def step(self, request: Request, application_id: str, step: Annotated[Step, Form()]) -> Response:
        """Give up, take the held seat, let it go, or join from home."""
        address: object = None
        try:
            with self._services.writing() as session:
                address = STEPS[step](session, application_id, self._services.clock())
        except (ApplicationUnknown, NoResultFound):
            raise NotFound from None
        except LessonError as refused:
            return self._application_page(self._words(request), application_id, refused)
        return _see(address if isinstance(address, str) else f"/lessons/applications/{application_id}")

    def calendar(self, request: Request, venue: str = "") -> Response:
        """The timetable for calendars, of all venues or of one; unchanged feeds are not sent again."""
        words, now = self._words(request), self._services.clock()
        with self._services.database.reading() as session:
            shown = [one for one in upcoming(session, now, 500) if shown_in_feed(one, now) and venue in ("", one.venue.id)]
        feed = calendar_feed(shown, words.say("lesson.title"), words.say("lesson.sample_mark"))
        headers = {"ETag": etag_of(feed), "Cache-Control": "public, max-age=900"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(feed, media_type="text/calendar; charset=utf-8", headers=headers)

    def draw(self, draw_id: str) -> Response:
        """The public record of a draw, byte for byte as it is hashed."""
        with self._services.database.reading() as session:
            found = session.get(Draw, draw_id)
            if found is None:
                raise NotFound from DrawUnknown()
            text = public_json(found)
        headers = {"Content-Disposition": f'attachment; filename="draw-{draw_id}.json"'}
        return Response(text, media_type="application/json", headers=headers)

    def checker(self) -> Response:
        """The program with which anybody checks a draw."""
        text = (files("lessons") / "verify_draw.py").read_text(encoding="utf-8")
        return Response(text, media_type="text/x-python; charset=utf-8", headers={"Content-Disposition": "attachment"})

    def _class_page(
        self, words: LessonWords, session_id: str, typing: Typing, wrong: Sequence[str] = (), refused: LessonError | None = None
    ) -> Response:
        now = self._services.clock()
        with self._services.database.reading() as session:
            card = words.card(_known(session, session_id), now)
            draw = draw_of(session, session_id)
            others = [words.other(one, now) for one in alternatives(session, session_id, now)] if not _has_place(card) else []
        problems = {name: words.problem(name, typing.name) for name in wrong}
        refusal = words.refusal(refused) if refused else ""
        values = {"card": card, "typing": typing, "problems": problems, "refusal": refusal, "others": others, "draw": draw}
        values |= {"conditions": wanted_of(card.one.session, card.one.course), "residencies": RESIDENCIES, "all_needs": NEEDS}
        return self._render(words, "one", 422 if problems or refused else 200, **values)

    def _application_page(self, words: LessonWords, application_id: str, refused: LessonError | None = None) -> Response:
        now = self._services.clock()
        with self._services.database.reading() as session:
            found = session.get(Application, application_id)
            if found is None:
                raise NotFound
            outcome, one = outcome_of(session, found), one_class(session, found.session_id)
            waits = outcome.state in ("waitlisted", "reserve", "withdrawn", "lost")
            needs = needs_of(session, found.learner_id)
            others = [words.other(other, now) for other in alternatives(session, one.id, now, needs=needs)] if waits else []
            draw = draw_of(session, one.id)
            after = after_class(session, found, now)
            standing = words.ended(found, one) or (words.came() if after else words.standing(outcome))
        refusal = words.refusal(refused) if refused else ""
        values = {"standing": standing, "card": words.card(one, now), "outcome": outcome, "others": others, "draw": draw, "after": after}
        values["until"] = words.give_up_until(one, outcome)
        return self._render(words, "application", 422 if refused else 200, refusal=refusal, **values)

    def _render(self, words: LessonWords, name: str, status: int = 200, **values: Any) -> Response:
        return self._pages.render(f"lessons/{name}.html", words.reader, status, **values)

    def _words(self, request: Request) -> LessonWords:
        return LessonWords(self._pages, Reader.of(request))


def _known(session: Session, session_id: str) -> ClassOnOffer:
    """A draft is nobody's class yet, whoever knows its number."""
    try:
        found = one_class(session, session_id)
    except SessionUnknown:
        raise NotFound from None
    if found.session.state in UNSEEN:
        raise NotFound
    return found


def _has_place(card: ClassCard) -> bool:
    place = card.one.session
    return card.takes and (place.seats_free > 0 or place.allocation == "lottery")


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)
