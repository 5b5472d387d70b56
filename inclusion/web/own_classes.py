"""Which class applications belong to whoever sits at this browser; without it "my record" would hide them and erasing would leave them.

A browser holds the addresses of the applications made from it; a chat opens its own record with a key it was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from inclusion.conversations import Conversation
from inclusion.database import Database
from inclusion.own_keys import erase_person, person_of
from lessons import (
    Application,
    Outcome,
    ScheduledSession,
    forget_applications,
    forget_learner,
    learners_of,
    new_feed,
    outcome_of,
    record_of,
)

from .chat_page import TALK_COOKIE

CLASSES_COOKIE: Final = "classes"
KEY_COOKIE: Final = "me"
A_YEAR_S: Final = 365 * 24 * 3600
MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks: the applications this browser made, the person of the page's talk, the person of a chat's key."""

    applications: tuple[str, ...] = ()
    talk: str = ""
    key: str = ""

    @classmethod
    def of(cls, request: Request) -> Holder:
        made = tuple(one for one in request.cookies.get(CLASSES_COOKIE, "").split(".") if one)[:MOST]
        return cls(made, request.cookies.get(TALK_COOKIE, ""), request.cookies.get(KEY_COOKIE, ""))


@dataclass(frozen=True, slots=True)
class OwnClass:
    """One application as the page shows it."""

    name: str
    start: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class OwnClasses:
    """`shown` are the classes for the page, `whole` is everything in every table, for the download."""

    shown: Sequence[OwnClass] = ()
    whole: Sequence[Mapping[str, Any]] = ()
    from_chat: bool = False


NOTHING: Final = OwnClasses()


class ClassRecord(Protocol):
    def find(self, holder: Holder, now: datetime) -> OwnClasses: ...

    def erase(self, holder: Holder, now: datetime) -> None: ...


class NoClasses:
    """Where no classes are kept."""

    def find(self, holder: Holder, now: datetime) -> OwnClasses:
        return NOTHING

    def erase(self, holder: Holder, now: datetime) -> None:
        return None


@dataclass(frozen=True, slots=True)
class StoredClasses:
    """The applications in the database."""

    database: Database

    def find(self, holder: Holder, now: datetime) -> OwnClasses:
        with self.database.reading() as session:
            learners = [one for person in _persons(session, holder, now) for one in learners_of(session, person)]
            whole = record_of(session, holder.applications, learners)
            ids = [one["application"]["id"] for one in whole if "application" in one]
            shown = [_shown(session, one) for one in ids]
            return OwnClasses(shown, whole, person_of(session, holder.key, now) is not None)

    def new_calendar(self, holder: Holder, now: datetime) -> str:
        """The secret of a calendar: of the chat's person, else of what this browser applied for ("" for nobody).

        A browser gets its own applications only: whoever types another's name must not see that person's classes.
        """
        with self.database.writing() as session:
            learners = [one for person in _persons(session, holder, now) for one in learners_of(session, person)]
            if learners:
                return new_feed(session, "learner", learners[0], now)
            known = [one for one in holder.applications if session.get(Application, one) is not None]
            return new_feed(session, "applications", ".".join(known), now) if known else ""

    def erase(self, holder: Holder, now: datetime) -> None:
        """Seats are given back and offered on in the same transaction. A chat's own key erases the chat's person too."""
        with self.database.writing() as session:
            for person in _persons(session, holder, now):
                for learner in learners_of(session, person):
                    forget_learner(session, learner, now)
            forget_applications(session, holder.applications, now)
            of_chat = person_of(session, holder.key, now)
            if of_chat is not None:
                erase_person(session, of_chat)


def remember_application(request: Request, response: Response, application_id: str, secure: bool) -> None:
    """This browser may see and erase the application that it made."""
    made = [application_id, *(one for one in Holder.of(request).applications if one != application_id)]
    response.set_cookie(CLASSES_COOKIE, ".".join(made[:MOST]), max_age=A_YEAR_S, httponly=True, samesite="lax", secure=secure)


def _persons(session: Session, holder: Holder, now: datetime) -> Sequence[str]:
    found = []
    talk = session.get(Conversation, holder.talk) if holder.talk else None
    if talk is not None and talk.account_id is None and talk.expires_at > now and talk.person_id is not None:
        found.append(talk.person_id)
    of_chat = person_of(session, holder.key, now)
    return [*found, of_chat] if of_chat is not None and of_chat not in found else found


def _shown(session: Session, application_id: str) -> OwnClass:
    application = session.get_one(Application, application_id)
    place = session.get_one(ScheduledSession, application.session_id)
    return OwnClass(place.name, place.start_date, outcome_of(session, application))
