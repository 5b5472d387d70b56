"""Classes for other programs: list them, apply, wait, take a seat, give up; without it a ward's own app could not book our seats.

The id of an application is its key: it is returned once, to whoever applied.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from accessibility import Messages
from inclusion.classes.refusals import sentence
from inclusion.classes.standings import needs_of
from inclusion.web.api import json_only
from lessons import (
    Application,
    ClassOnOffer,
    Contact,
    LessonError,
    Outcome,
    Wish,
    accept_offer,
    alternatives,
    apply,
    can_apply,
    cancel,
    outcome_of,
    upcoming,
    wanted_of,
)
from lessons.errors import ApplicationUnknown, ContactIncomplete, SessionUnknown

from .pages import LessonServices

STATUS: Final = {SessionUnknown: 404, ApplicationUnknown: 404, ContactIncomplete: 422}


class PlaceOut(BaseModel):
    name: str
    address: str
    floor: str
    room: str
    is_accessible: list[str] = Field(description="step_free, toilet, hearing_loop, lift, parking, wifi")


class SessionOut(BaseModel):
    """One class, in the words of schema.org and OpenActive."""

    id: str
    name: str
    course: str
    startDate: datetime
    endDate: datetime
    location: PlaceOut
    eventStatus: Literal["EventScheduled", "EventCancelled"]
    allocation: str = Field(description="first_come, lottery or staff_invite")
    maximumAttendeeCapacity: int
    remainingAttendeeCapacity: int
    registrationCloses: datetime
    applicationsTaken: bool
    conditions: dict[str, Any] = Field(description="age_from, age_to, residency, prerequisites (skills); {} for everybody.")
    sample: bool = Field(description="True (見本): a class for trying out, nobody teaches it.")

    @classmethod
    def of(cls, one: ClassOnOffer, now: datetime) -> SessionOut:
        place, venue = one.session, one.venue
        where = PlaceOut(name=venue.name, address=venue.address, floor=venue.floor, room=place.room, is_accessible=venue.is_accessible)
        return cls(
            id=place.id,
            name=place.name,
            course=one.course.code,
            startDate=place.start_date,
            endDate=place.end_date,
            location=where,
            eventStatus="EventCancelled" if place.state == "cancelled" else "EventScheduled",
            allocation=place.allocation,
            maximumAttendeeCapacity=place.seats_offered,
            remainingAttendeeCapacity=place.seats_free,
            registrationCloses=place.registration_closes,
            applicationsTaken=can_apply(place, now),
            conditions=dict(wanted_of(place, one.course)),
            sample=place.sample,
        )


class SessionsOut(BaseModel):
    sessions: list[SessionOut]


class ApplicationIn(BaseModel):
    name: str = Field(max_length=200)
    phone: str = Field(max_length=40, description="A number at which this person can be called.")
    consent: bool = Field(description="The person agrees that name and number are kept for this class.")
    birthYear: int | None = Field(None, description="Needed where the class has an age condition.")
    residency: Literal["", "lives", "works", "studies", "elsewhere"] = Field("", description="Needed where the class asks for it.")
    meetsConditions: bool = Field(False, description="The person says that they are among those the class is meant for.")


class ApplicationOut(BaseModel):
    id: str = Field(description="Keep it: whoever has it can give the application up.")
    receiptNumber: str
    state: str = Field(description="confirmed, waitlisted, offered, in_draw, won, reserve, withdrawn or lost")
    position: int | None = Field(description="The place in the queue.")
    holdUntil: datetime | None = Field(description="Until when an offered seat is held.")
    alternatives: list[SessionOut] = Field(description="While it waits: the three best other classes that still have room.")

    @classmethod
    def of(cls, outcome: Outcome, others: list[SessionOut]) -> ApplicationOut:
        return cls(
            alternatives=others,
            id=outcome.application_id,
            receiptNumber=outcome.receipt_number,
            state=outcome.state,
            position=outcome.position,
            holdUntil=outcome.until,
        )


def lesson_api(services: LessonServices, messages: Messages) -> APIRouter:
    router = APIRouter(prefix="/api/v1/lessons", tags=["lessons"])
    database, clock = services.database, services.clock

    @router.get("/sessions", summary="Classes to come", operation_id="lessons")
    def sessions() -> SessionsOut:
        now = clock()
        with database.reading() as session:
            return SessionsOut(sessions=[SessionOut.of(one, now) for one in upcoming(session, now)])

    limited = [Depends(services.limit)]

    @router.post(
        "/sessions/{session_id}/applications",
        status_code=201,
        operation_id="applyForLesson",
        dependencies=[*limited, Depends(json_only)],
        response_model=ApplicationOut,
    )
    async def apply_for(
        session_id: str, wanted: ApplicationIn, idempotency_key: Annotated[str | None, Header(max_length=200)] = None
    ) -> ApplicationOut | Response:
        return await _applied(services, messages, session_id, wanted, idempotency_key)

    _add_standing(router, services, messages)
    return router


def _add_standing(router: APIRouter, services: LessonServices, messages: Messages) -> None:
    """What becomes of an application: looking, taking the held seat, giving up."""
    limited = [Depends(services.limit)]

    @router.get("/applications/{application_id}", operation_id="lessonApplication", dependencies=limited, response_model=ApplicationOut)
    def application(application_id: str) -> ApplicationOut | Response:
        return _standing(services, messages, application_id)

    @router.post(
        "/applications/{application_id}/acceptance", operation_id="takeOfferedSeat", dependencies=limited, response_model=ApplicationOut
    )
    async def accept(application_id: str) -> ApplicationOut | Response:
        return await _accepted(services, messages, application_id)

    @router.delete("/applications/{application_id}", status_code=204, operation_id="giveUpLesson", dependencies=limited)
    async def give_up(application_id: str) -> Response:
        return await _given_up(services, messages, application_id)


async def _applied(
    services: LessonServices, messages: Messages, session_id: str, wanted: ApplicationIn, idempotency_key: str | None
) -> ApplicationOut | Response:
    key = f"api/{idempotency_key}" if idempotency_key else None
    contact = Contact(wanted.name, wanted.phone, wanted.consent, birth_year=wanted.birthYear, residency=wanted.residency)
    wish = Wish(session_id, contact, "api", idempotency_key=key, declared=wanted.meetsConditions)
    try:
        return await services.write(lambda session, now: _told(session, apply(session, wish, now), now))
    except LessonError as refused:
        return refusal(refused, messages)


def _standing(services: LessonServices, messages: Messages, application_id: str) -> ApplicationOut | Response:
    try:
        with services.database.reading() as session:
            return _told(session, outcome_of(session, _known(session, application_id)), services.clock())
    except LessonError as refused:
        return refusal(refused, messages)


async def _accepted(services: LessonServices, messages: Messages, application_id: str) -> ApplicationOut | Response:
    """Take the seat that is held."""

    def taken(session: Session, now: datetime) -> ApplicationOut:
        accept_offer(session, application_id, now)
        session.flush()
        return _told(session, outcome_of(session, _known(session, application_id)), now)

    try:
        return await services.write(taken)
    except LessonError as refused:
        return refusal(refused, messages)


def _known(session: Session, application_id: str) -> Application:
    """Raises ApplicationUnknown."""
    found = session.get(Application, application_id) if "\0" not in application_id else None
    if found is None:
        raise ApplicationUnknown
    return found


def _told(session: Session, outcome: Outcome, now: datetime) -> ApplicationOut:
    """The outcome; whoever waits hears of the best other classes in the same reply."""
    if outcome.state not in ("waitlisted", "reserve"):
        return ApplicationOut.of(outcome, [])
    application = session.get_one(Application, outcome.application_id)
    needs = needs_of(session, application.learner_id)
    others = alternatives(session, application.session_id, now, needs=needs)
    return ApplicationOut.of(outcome, [SessionOut.of(one.one, now) for one in others])


async def _given_up(services: LessonServices, messages: Messages, application_id: str) -> Response:
    try:
        await services.write(lambda session, now: cancel(session, application_id, now))
    except LessonError as refused:
        return refusal(refused, messages)
    return Response(status_code=204)


def _say(messages: Messages, language: str, message_id: str, **fills: object) -> str:
    return messages.say(message_id, language, easy=False, **fills)


def refusal(error: LessonError, messages: Messages) -> JSONResponse:
    """A refusal in the one form of every error under /api."""
    code = error.message_id.removeprefix("lesson.error.")
    tongues = [partial(_say, messages, language) for language in ("ja", "en")]
    said = " / ".join(sentence(error, say, datetime.isoformat) for say in tongues)
    following = " / ".join(say("lesson.error.next") for say in tongues)
    return JSONResponse({"error": {"code": code, "message": said, "next_step": following}}, STATUS.get(type(error), 409))
