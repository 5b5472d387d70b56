"""A volunteer's own page behind a secret address: requests with two large buttons, what is planned, hours and thanks.

Without it helping would need a password, and people who help twice a month forget passwords.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from accessibility import Person
from inclusion import linking
from inclusion.database import Database
from inclusion.helpers.post import post_notices
from inclusion.helpers.talk import standing_of
from inclusion.helpers.words import HelperWords
from inclusion.telling import Telling
from inclusion.web.errors import NotFound
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from lessons import (
    Availability,
    CoverAsk,
    LessonError,
    ScheduledSession,
    Venue,
    Volunteer,
    calendar_feed,
    duties_feed,
    etag_of,
    team,
)
from lessons.team import Duty, VolunteerUnknown

from .words import LessonWords

Typed = Annotated[str, Form(max_length=200)]
Deed = Callable[[Session, Volunteer, datetime], object]
SHOWN: Final = ("accepted", "cover_wanted")


@dataclass(frozen=True, slots=True)
class TeamServices:
    """What the volunteers' pages need. `limit` guards the secret addresses against guessing, `notify` wakes the courier."""

    database: Database
    telling: Telling
    clock: Callable[[], datetime]
    public_url: str
    limit: Callable[..., Any] = field(default=lambda: None)
    notify: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True, slots=True)
class Question:
    """One request waiting for an answer: the id of its deed, how it is asked, why this person."""

    id: str
    kind: str
    duty: ScheduledSession
    facts: Mapping[str, str]
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class DaysOff:
    """One span of days away as pages show it; `promised` are classes in it that still count on the person."""

    id: str
    days: str
    promised: Sequence[str]


@dataclass(frozen=True, slots=True)
class VolunteerDesk:
    """Plain functions, each one transaction."""

    services: TeamServices
    pages: Pages

    def home(self, request: Request, key: str, refused: LessonError | None = None, **more: Any) -> Response:
        now, words = self.services.clock(), self.words(request)
        with self.services.database.reading() as session:
            volunteer = known(session, key)
            questions = _questions(session, volunteer, words, now)
            duties = team.duties_of(session, volunteer.id, now, SHOWN)
            given = team.given_by(session, volunteer.id)
        values = {"questions": questions, "duties": [(one, words.one(one)) for one in duties], "given": given, "code": "", "feed": ""}
        refusal = LessonWords(self.pages, Reader.of(request)).refusal(refused) if refused else ""
        return self.show(request, "home", key, volunteer, status=422 if refused else 200, refusal=refusal, **{**values, **more})

    def answer(self, request: Request, key: str, step: Typed = "", id: Typed = "") -> Response:
        """Yes, no, cover wanted, after all, stepping in, not this time."""
        deeds: dict[str, Callable[[Session, str, datetime], object]] = {
            "yes": team.accept,
            "no": team.decline,
            "cover": team.want_cover,
            "after_all": team.can_come_after_all,
            "step_in": team.accept_cover,
            "not_this_time": team.decline_cover,
        }
        if step not in deeds:
            raise NotFound

        def deed(session: Session, volunteer: Volunteer, now: datetime) -> None:
            _own(session, volunteer, id)
            deeds[step](session, id, now)

        return self.do(request, key, deed)

    def link(self, request: Request, key: str) -> Response:
        """Six digits to say on LINE or Telegram within ten minutes."""
        code, now = linking.new_code(), self.services.clock()
        with self.services.database.writing() as session:
            volunteer = known(session, key)
            if volunteer.person_id is None:
                person = Person(created_at=now)
                session.add(person)
                session.flush()
                volunteer.person_id = person.id
                session.add(volunteer)
            linking.keep_code(session, code, str(volunteer.person_id), now)
        return self.home(request, key, code=f"{code[:3]} {code[3:]}")

    def new_feed(self, request: Request, key: str) -> Response:
        """A new secret address for the calendar; the former one opens nothing any more."""
        with self.services.database.writing() as session:
            secret = team.new_feed_key(session, known(session, key))
        return self.home(request, key, feed=f"{self.services.public_url.rstrip('/')}/volunteers/calendars/{secret}.ics")

    def feed(self, request: Request, secret: str) -> Response:
        """The volunteer's own classes for a calendar, those that are off as cancelled; an unchanged one is not sent again."""
        now, words = self.services.clock(), self.words(request)
        with self.services.database.reading() as session:
            volunteer = _with_feed(session, secret)
            entries = duties_feed(session, volunteer.id, now)
        name = words.say("helper.feed.name", town=self.services.telling.town.name)
        return feed_response(request, calendar_feed(entries, name, words.say("lesson.sample_mark")))

    def do(
        self, request: Request, key: str, deed: Deed, refusal: Callable[[LessonError], Response] | None = None, then: str = ""
    ) -> Response:
        """Carry out a deed of the volunteer's and put its notices on their way; `then` is the page that follows. A refusal is shown on the
        first page (`refusal`: on which else).
        """
        now = self.services.clock()
        try:
            with self.services.database.writing() as session:
                deed(session, known(session, key), now)
                post_notices(session, self.services.telling, now)
        except LessonError as refused:
            return refusal(refused) if refusal else self.home(request, key, refused)
        self.services.notify()
        return RedirectResponse(f"/volunteers/{key}{then}?done=1", status_code=303)

    def show(self, request: Request, name: str, key: str, volunteer: Volunteer, status: int = 200, **values: Any) -> Response:
        shown = {"key": key, "volunteer": volunteer, "words": self.words(request), "done": "done" in request.query_params}
        return self.pages.render(f"volunteers/{name}.html", Reader.of(request), status, **shown, **values)

    def words(self, request: Request) -> HelperWords:
        reader = Reader.of(request)
        say = partial(self.pages.say, reader)
        return HelperWords(say, self.pages.zone, reader.language, partial(self.pages.name_beside_japanese, reader))


def volunteer_router(services: TeamServices, pages: Pages) -> APIRouter:
    """Everything under /volunteers but planning."""
    desk = VolunteerDesk(services, pages)
    limited = Depends(services.limit)
    router = APIRouter(include_in_schema=False, dependencies=[limited])
    own_forms = [Depends(OwnFormsOnly(services.public_url))]
    router.add_api_route("/volunteers/calendars/{secret}.ics", desk.feed, methods=["GET"])
    router.add_api_route("/volunteers/{key}", _home(desk), methods=["GET"])
    router.add_api_route("/volunteers/{key}", desk.answer, methods=["POST"], dependencies=own_forms)
    router.add_api_route("/volunteers/{key}/link", desk.link, methods=["POST"], dependencies=own_forms)
    router.add_api_route("/volunteers/{key}/calendar", desk.new_feed, methods=["POST"], dependencies=own_forms)
    return router


def known(session: Session, key: str) -> Volunteer:
    try:
        return team.volunteer_with_key(session, key)
    except VolunteerUnknown:
        raise NotFound from None


def days_off(session: Session, volunteer: Volunteer, words: HelperWords, today: date, now: datetime) -> Sequence[DaysOff]:
    """The days away to come, with the classes that are promised for them all the same."""

    def one(away: Availability) -> DaysOff:
        last = away.last_day or away.first_day
        promised = team.promised_between(session, volunteer.id, away.first_day, last, words.zone, now)
        return DaysOff(away.id, words.days(away), [words.one(duty) for duty in promised])

    return [one(away) for away in team.days_away(session, volunteer.id, today)]


def feed_response(request: Request, feed: bytes) -> Response:
    headers = {"ETag": etag_of(feed), "Cache-Control": "private, max-age=900"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(feed, media_type="text/calendar; charset=utf-8", headers=headers)


def _home(desk: VolunteerDesk) -> Callable[[Request, str], Response]:
    def home(request: Request, key: str) -> Response:
        return desk.home(request, key)

    return home


def _questions(session: Session, volunteer: Volunteer, words: HelperWords, now: datetime) -> Sequence[Question]:
    """Stepping in first: somebody is missing."""
    standing = standing_of(session, volunteer, now)
    covers = [_question(one, "cover_asked", _reasons(session, one[0]), words) for one in standing.questions]
    asked = [_question(one, "asked", team.one_duty(session, one[0]).assignment.reasons, words) for one in standing.asked]
    return [*covers, *asked]


def _question(row: tuple[str, ScheduledSession, Venue], kind: str, reasons: list[dict[str, Any]], words: HelperWords) -> Question:
    place, venue = row[1], row[2]
    where = " ".join(part for part in (venue.name, venue.floor, place.room) if part)
    day, _, hour = words.moment(place.start_date).partition(" ")
    facts = {"day": day, "hour": hour, "name": words.named(place.name), "place": words.named(where)}
    return Question(row[0], kind, place, facts, words.why(reasons))


def _reasons(session: Session, ask_id: str) -> list[dict[str, Any]]:
    return session.get_one(CoverAsk, ask_id).reasons


def _own(session: Session, volunteer: Volunteer, deed_id: str) -> None:
    """Nobody answers for another. Raises NotFound."""
    ask = session.get(CoverAsk, deed_id)
    owner = ask.volunteer_id if ask is not None else _duty(session, deed_id).assignment.volunteer_id
    if owner != volunteer.id:
        raise NotFound


def _duty(session: Session, assignment_id: str) -> Duty:
    try:
        return team.one_duty(session, assignment_id)
    except LessonError:
        raise NotFound from None


def _with_feed(session: Session, secret: str) -> Volunteer:
    try:
        return team.volunteer_with_feed(session, secret)
    except VolunteerUnknown:
        raise NotFound from None
